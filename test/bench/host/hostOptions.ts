const name = 'magicbellBench';

/** What the bench wants of the extensions that are activated next in this host. */
export interface HostOptions {
  /** What they connect to; empty: nothing. */
  readonly baseUrl: string;
  /** Whether their timers are noted, which slows the whole host down. */
  readonly watchesTimers: boolean;
}

export function hostOptions(): HostOptions {
  const found = (globalThis as Record<string, unknown>)[name] as HostOptions | undefined;
  return found ?? { baseUrl: '', watchesTimers: false };
}

export function setHostOptions(options: HostOptions): void {
  (globalThis as Record<string, unknown>)[name] = options;
}
