/** What the client needs from a fetch. It handles redirects itself, so that the key follows none blindly. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly redirect: 'manual';
  /** False: the body comes as it was sent. */
  readonly compress: boolean;
  readonly signal: AbortSignal;
}

/** What the client reads of an answer: node-fetch's and the global fetch's Response both fit. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array | string> | null;
}

/** A fetch whose body can be read in pieces and aborted by the signal. */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchResponse>;
