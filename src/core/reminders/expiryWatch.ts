import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import type { Records } from '../base/records.ts';
import { type RevocableToken, type Token, isRevocable } from '../model/token.ts';
import type { WallClock } from '../base/wallClock.ts';

const dayMs = 24 * 60 * 60_000;

/** What a connection's user was told already. Written to disk: token ids and days only. */
export interface WatchRecord {
  /** The connection's id. */
  readonly id: string;
  /** The smallest threshold that was told of, in days, by token id; 0: that it has expired. */
  readonly told: Readonly<Record<string, number>>;
  /** Tokens that nobody wants to be reminded of. */
  readonly muted: readonly string[];
}

/** A token that is warned about, with its connection. */
export interface ExpiryWarning {
  readonly connectionId: string;
  readonly token: RevocableToken;
}

/** A token that has crossed a threshold which was not told of yet. */
export interface ExpiryNotice extends ExpiryWarning {
  readonly token: RevocableToken;
  /** Days before the expiry; 0: it has expired. */
  readonly threshold: number;
}

/** Reads a record's file. Undefined when it is not one. */
export function reviveWatchRecord(json: unknown): WatchRecord | undefined {
  const { id, told, muted } = (json ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || typeof told !== 'object' || told === null || !Array.isArray(muted)) return undefined;
  return { id, told: told as Record<string, number>, muted: muted.filter((entry) => typeof entry === 'string') };
}

/** The smallest threshold that a token has crossed, in days; 0 when it has expired; undefined when none. */
export function crossedThreshold(
  token: Pick<Token, 'expiresAt'>,
  thresholds: readonly number[],
  now: Date,
): number | undefined {
  if (token.expiresAt === undefined) return undefined;
  const leftMs = token.expiresAt.getTime() - now.getTime();
  if (leftMs <= 0) return 0;
  let smallest: number | undefined;
  for (const days of thresholds)
    if (leftMs <= days * dayMs && (smallest === undefined || days < smallest)) smallest = days;
  return smallest;
}

/** When the next threshold of one of some tokens is crossed. Undefined: never. */
export function nextCrossing(
  tokens: readonly Pick<Token, 'expiresAt'>[],
  thresholds: readonly number[],
  now: Date,
): Date | undefined {
  const afterMs = now.getTime();
  const beforesMs = [...thresholds, 0].map((days) => days * dayMs);
  let next = Infinity;
  for (const { expiresAt } of tokens) {
    if (expiresAt === undefined) continue;
    const expiresMs = expiresAt.getTime();
    for (const beforeMs of beforesMs) {
      const at = expiresMs - beforeMs;
      if (at > afterMs && at < next) next = at;
    }
  }
  return next === Infinity ? undefined : new Date(next);
}

export interface WatchDependencies {
  readonly records: Records<WatchRecord>;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  /** Each connection with the tokens that were seen of it. */
  readonly seen: () => readonly { readonly connectionId: string; readonly tokens: readonly Token[] }[];
  /** In days. */
  readonly thresholds: () => readonly number[];
}

/** Watches the expiry of the tokens that were seen. Asks no network: what was not loaded is not watched. */
export class ExpiryWatch implements Disposable {
  private readonly deps: WatchDependencies;
  private readonly disposables = new DisposableStore();
  private readonly next = this.disposables.add(new DisposableStore());
  private readonly changeEmitter = this.disposables.add(new Emitter<void>());
  private readonly noticeEmitter = this.disposables.add(new Emitter<readonly ExpiryNotice[]>());
  private warned: readonly ExpiryWarning[] = [];
  private looking: Promise<void> = Promise.resolve();

  /** Which tokens are warned about has changed. */
  readonly onDidChange = this.changeEmitter.event;
  /** Something new to tell: once per token and threshold, over all windows and restarts. */
  readonly onDidNotice = this.noticeEmitter.event;

  constructor(deps: WatchDependencies) {
    this.deps = deps;
  }

  /** The seen tokens that expire within the largest threshold or have expired, without the muted ones. */
  get warnings(): readonly ExpiryWarning[] {
    return this.warned;
  }

  /** Looks at what is seen now. Called when lists or settings change. */
  look(): Promise<void> {
    // One that failed must not keep the next from looking.
    this.looking = this.looking.catch(() => undefined).then(() => this.lookOnce());
    return this.looking;
  }

  async mute(connectionId: string, token: RevocableToken): Promise<void> {
    const record = await this.read(connectionId);
    await this.deps.records.write({ ...record, muted: [...new Set([...record.muted, token.id])] });
    await this.look();
  }

  /** Forgets what was told of a connection whose key is forgotten. */
  async forget(connectionId: string): Promise<void> {
    await this.deps.records.remove(connectionId);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async read(id: string): Promise<WatchRecord> {
    return (await this.deps.records.read(id)) ?? { id, told: {}, muted: [] };
  }

  private async lookOnce(): Promise<void> {
    const { clock, wallClock, seen, thresholds } = this.deps;
    this.next.clear();
    const now = clock.now();
    const days = thresholds();
    const warned: ExpiryWarning[] = [];
    const live: RevocableToken[] = [];
    const toAnnounce: { readonly record: WatchRecord; readonly notices: readonly ExpiryNotice[] }[] = [];
    for (const { connectionId, tokens } of seen()) {
      const ofConnection = tokens.filter((token): token is RevocableToken => isRevocable(token, now));
      live.push(...ofConnection);
      const crossed: ExpiryNotice[] = [];
      // A loop, since there may be very many.
      for (const token of ofConnection) {
        const threshold = crossedThreshold(token, days, now);
        if (threshold !== undefined) crossed.push({ connectionId, token, threshold });
      }
      if (crossed.length === 0) continue;
      const record = await this.read(connectionId);
      const unmuted = crossed.filter(({ token }) => !record.muted.includes(token.id));
      warned.push(...unmuted);
      const notices = unmuted.filter(({ token, threshold }) => threshold < (record.told[token.id] ?? Infinity));
      if (notices.length > 0) toAnnounce.push({ record, notices });
    }
    this.warned = warned;
    this.changeEmitter.fire();
    await this.announce(toAnnounce);
    const next = nextCrossing(live, days, now);
    if (next !== undefined) this.next.add(wallClock.at(next, () => void this.look()));
  }

  private async announce(
    news: readonly { readonly record: WatchRecord; readonly notices: readonly ExpiryNotice[] }[],
  ): Promise<void> {
    for (const { record, notices } of news) {
      const told = Object.fromEntries(notices.map(({ token, threshold }) => [token.id, threshold]));
      // Written first: another window that looks in this moment does not say it too.
      await this.deps.records.write({ ...record, told: { ...record.told, ...told } });
    }
    const all = news.flatMap(({ notices }) => notices);
    if (all.length > 0) this.noticeEmitter.fire(all);
  }
}
