import { parseHostMessage } from '../core/overview/parseMessage.ts';
import type { HostMessage, PageMessage } from '../core/overview/protocol.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension host, as a page sees it. */
export interface Host {
  send(message: PageMessage): void;
  onMessage(listener: (message: HostMessage) => void): void;
  /** What the page has kept, over hiding and reload. */
  readonly kept: Readonly<Record<string, unknown>>;
  keep(state: object): void;
}

/** Connects to VS Code; can be done once. */
export function connectToHost(): Host {
  const api = acquireVsCodeApi();
  const state = api.getState();
  return {
    send: (message) => api.postMessage(message),
    onMessage: (listener) => {
      window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        const message = parseHostMessage(data);
        if (message !== undefined) listener(message);
      });
    },
    kept: typeof state === 'object' && state !== null ? (state as Record<string, unknown>) : {},
    keep: (kept) => api.setState(kept),
  };
}
