import type { HostOptions } from './host/hostOptions.ts';

/** What starting an extension cost its host. */
interface ActivationCost {
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** When something was begun and over, in milliseconds of the machine's clock: the page and the host agree on it. */
export interface Span {
  readonly startedAt: number;
  readonly endedAt: number;
}

/** A timer that the extension waited for when it was looked at. */
export interface PendingTimer {
  readonly delayMs: number;
  readonly repeats: boolean;
}

/** What the probe does inside the extension host. Arguments and results travel as JSON. */
export interface HostSteps {
  /** Loads and activates an extension that was staged for this. */
  readonly activate: (id: string, options: HostOptions) => Promise<ActivationCost>;
  readonly command: (id: string) => Promise<Span>;
  /** From now on the longest time is noted for which the host did nothing else. */
  readonly watchBlocking: () => void;
  /** That time, in milliseconds; ends the watch. */
  readonly longestBlock: () => number;
  /** heapUsed + external after two forced collections, in bytes. */
  readonly heap: () => Promise<number>;
  /** Fetches a list's pages from the second one on with nothing but node-fetch. Resolves to the rows that came. */
  readonly loop: (baseUrl: string) => Promise<Span & { readonly rows: number }>;
  /** How often an extension had its tree drawn anew. */
  readonly refreshes: (id: string) => number;
  /** The timers that an extension waits for. */
  readonly timers: (id: string) => readonly PendingTimer[];
  /** Calls those back at once, as if their time had come. */
  readonly fireTimers: (id: string) => void;
}

export interface StepRequest {
  readonly step: keyof HostSteps;
  readonly args: readonly unknown[];
}

export type StepAnswer = { readonly result: unknown } | { readonly error: string };

/** The variable that tells the probe the port to report to. */
export const portVariable = 'MAGICBELL_BENCH_PORT';

/** What a staged extension finds in its `bench.json`. */
export interface StagedExtension {
  /** Its own entry, from its folder. */
  readonly main: string;
  readonly isModule: boolean;
}

/** What the wrapper of a staged extension offers to the probe in the same host. */
export interface Measured {
  readonly cost: ActivationCost;
  refreshes(): number;
  timers(): readonly PendingTimer[];
  fireTimers(): void;
}
