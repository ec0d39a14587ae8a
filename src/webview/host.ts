interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension host, as a page sees it. */
export interface Host<In, Out> {
  send(message: Out): void;
  onMessage(listener: (message: In) => void): void;
  /** The state that the page last stored. It survives hiding and a reload. */
  readonly kept: Readonly<Record<string, unknown>>;
  keep(state: object): void;
}

/**
 * Connects to VS Code. Can be called once per page.
 * @param parse reads a message from the host. Undefined if it is not a message of this page
 */
export function connectToHost<In, Out>(parse: (data: unknown) => In | undefined): Host<In, Out> {
  const api = acquireVsCodeApi();
  const state = api.getState();
  return {
    send: (message) => api.postMessage(message),
    onMessage: (listener) => {
      window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        const message = parse(data);
        if (message !== undefined) listener(message);
      });
    },
    kept: typeof state === 'object' && state !== null ? (state as Record<string, unknown>) : {},
    keep: (kept) => api.setState(kept),
  };
}
