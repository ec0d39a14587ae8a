import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import type { Lock } from './lock.ts';
import type { Records } from '../base/records.ts';
import type { WallClock } from '../base/wallClock.ts';
import type { RevocableToken, TokenId } from '../model/token.ts';
import type { User } from '../model/user.ts';
import type { ExpiryRecord, WatchRecord } from './expiryRecord.ts';
import { type KnownExpiry, type SeenTokens, mergeExpiries, tokenOf } from './knownExpiries.ts';
import { crossedThreshold, expiringOrder, newThreshold, nextCrossing } from './news.ts';

/** At most one announcement in this time, and none this soon after a connection was added. */
const quietMs = 24 * 60 * 60_000;
/** Another window is announcing: it is looked again after this, should it not have come to that. */
const retryMs = 60_000;

/** A token that is warned about, with its connection. */
export interface ExpiryWarning {
  readonly connectionId: string;
  readonly token: RevocableToken;
  /** Whose a user token is. */
  readonly owner: User | undefined;
  /** It was signed here: its id is that of the ledger's entry, and no request can revoke it. */
  readonly isSigned?: true | undefined;
}

/** A token that has crossed a threshold which was not announced yet. */
interface News {
  readonly connectionId: string;
  readonly id: TokenId;
  readonly threshold: number;
}

export interface WatchDependencies {
  readonly records: Records<WatchRecord>;
  readonly expiries: Records<ExpiryRecord>;
  readonly lock: Lock;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  /** Each connection with the tokens that this window has loaded. */
  readonly seen: () => readonly SeenTokens[];
  /** What was signed here with a connection. */
  readonly signed: (connectionId: string) => Promise<readonly KnownExpiry[]>;
  /** In days. */
  readonly thresholds: () => readonly number[];
}

/**
 * Watches the expiry of all tokens that were ever seen: they are kept on disk. Asks no network. Announces at most once a
 * day, over all windows and connections.
 */
export class ExpiryWatch implements Disposable {
  private readonly deps: WatchDependencies;
  private readonly disposables = new DisposableStore();
  private readonly next = this.disposables.add(new DisposableStore());
  private readonly changeEmitter = this.disposables.add(new Emitter<void>());
  private readonly noticeEmitter = this.disposables.add(new Emitter<readonly ExpiryWarning[]>());
  private current: { readonly warnings: readonly ExpiryWarning[]; readonly muted: readonly ExpiryWarning[] };
  private working: Promise<unknown> = Promise.resolve();
  private queued: Promise<void> | undefined;
  /** What each connection's file held when it was last read or written here. */
  private readonly lastKept = new Map<string, string>();

  /** Which tokens are warned about may have changed. */
  readonly onDidChange = this.changeEmitter.event;
  /** There is something new among the warnings; they are passed all, as they are counted. */
  readonly onDidNotice = this.noticeEmitter.event;

  constructor(deps: WatchDependencies) {
    this.deps = deps;
    this.current = { warnings: [], muted: [] };
  }

  /** What expires within the largest threshold or has expired, the soonest first, the dead last; without the muted. */
  get warnings(): readonly ExpiryWarning[] {
    return this.current.warnings;
  }

  /** The warnings that nobody wants to see. */
  get muted(): readonly ExpiryWarning[] {
    return this.current.muted;
  }

  /** Looks at what is known now. Called when lists, files or settings change; calls that come meanwhile are one. */
  look(): Promise<void> {
    this.queued ??= this.inTurn(() => {
      this.queued = undefined;
      return this.lookOnce();
    });
    return this.queued;
  }

  /** Looks when another window has written something. Called when a file has changed, by this window as well. */
  async followFiles(): Promise<void> {
    for (const { connectionId } of this.deps.seen()) {
      const kept = JSON.stringify(await this.expiriesOf(connectionId));
      if (kept !== (this.lastKept.get(connectionId) ?? '[]')) {
        await this.look();
        return;
      }
    }
  }

  /** Takes in what was seen beside the loaded lists. */
  async note(seen: SeenTokens): Promise<void> {
    await this.inTurn(() => this.keep(seen));
    await this.look();
  }

  /** All that is kept of a connection, those included that were revoked. */
  async expiriesOf(connectionId: string): Promise<readonly KnownExpiry[]> {
    return (await this.deps.expiries.read(connectionId))?.expiries ?? [];
  }

  /** All that is known of a connection's expiries: what is kept, and what was signed here. */
  async allOf(connectionId: string): Promise<readonly KnownExpiry[]> {
    return [...(await this.expiriesOf(connectionId)), ...(await this.deps.signed(connectionId))];
  }

  async mute(tokens: readonly ExpiryWarning[]): Promise<void> {
    await this.changeMuted(tokens, (muted, ids) => [...new Set([...muted, ...ids])]);
  }

  async unmute(tokens: readonly ExpiryWarning[]): Promise<void> {
    await this.changeMuted(tokens, (muted, ids) => muted.filter((id) => !ids.some((each) => each === id)));
  }

  /** Forgets everything of a connection whose key is forgotten. */
  async forget(connectionId: string): Promise<void> {
    await this.inTurn(async () => {
      await this.deps.records.remove(connectionId);
      await this.deps.expiries.remove(connectionId);
    });
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** One after the other: what is read is not written by somebody else in between. One that fails stops none. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.working.then(work, work);
    this.working = done.catch(() => undefined);
    return done;
  }

  private async changeMuted(
    tokens: readonly ExpiryWarning[],
    change: (muted: readonly string[], ids: readonly TokenId[]) => readonly string[],
  ): Promise<void> {
    const connectionIds = new Set(tokens.map(({ connectionId }) => connectionId));
    await this.inTurn(async () => {
      for (const connectionId of connectionIds) {
        const ids = tokens.filter((each) => each.connectionId === connectionId).map(({ token }) => token.id);
        const record = await this.record(connectionId);
        await this.deps.records.write({ ...record, muted: change(record.muted, ids) });
      }
    });
    await this.look();
  }

  private async record(id: string): Promise<WatchRecord> {
    const found = await this.deps.records.read(id);
    if (found !== undefined) return found;
    const since = this.deps.clock.now();
    return { id, since, noticedAt: undefined, announced: {}, muted: [] };
  }

  private async keep(seen: SeenTokens): Promise<readonly KnownExpiry[]> {
    const { expiries, clock } = this.deps;
    const id = seen.connectionId;
    const kept = (await expiries.read(id))?.expiries ?? [];
    const known = mergeExpiries(kept, seen, clock.now());
    const text = JSON.stringify(known);
    if (JSON.stringify(kept) !== text) await expiries.write({ id, expiries: known });
    this.lastKept.set(id, text);
    return known;
  }

  private async lookOnce(): Promise<void> {
    const { clock, wallClock, seen, signed, thresholds } = this.deps;
    this.next.clear();
    const watched: Watched[] = [];
    for (const tokens of seen()) {
      const listed = (await this.keep(tokens)).filter(({ isRevoked }) => isRevoked !== true);
      const known = [...listed, ...(await signed(tokens.connectionId))];
      if (known.length > 0) watched.push({ record: await this.begun(tokens.connectionId), known });
    }
    const now = clock.now();
    const { warnings, muted, news } = sorted(watched, thresholds(), now);
    this.current = { warnings, muted };
    this.changeEmitter.fire();
    const lookAt = (at: Date): void =>
      void this.next.add(wallClock.at(at, () => void this.look().catch(() => undefined)));
    const crossing = nextCrossing(
      watched.flatMap(({ known }) => known),
      thresholds(),
      now,
    );
    if (crossing !== undefined) lookAt(crossing);
    const again = await this.announce(news, watched);
    if (again !== undefined) lookAt(again);
  }

  /** The record of a connection, written when it is the first. */
  private async begun(id: string): Promise<WatchRecord> {
    const { records } = this.deps;
    const found = await records.read(id);
    if (found !== undefined) return found;
    const record = await this.record(id);
    await records.write(record);
    return record;
  }

  /** Announces what is new. When that has to wait: when it is to be looked at again. */
  private async announce(news: readonly News[], watched: readonly Watched[]): Promise<Date | undefined> {
    const { clock, lock } = this.deps;
    const waitsUntil = mayAnnounceAt(news, watched);
    if (waitsUntil === undefined) return undefined;
    if (waitsUntil > clock.now()) return waitsUntil;
    const isDone = await lock.run('notice', () => this.announceAlone(news, watched));
    return isDone === true ? undefined : new Date(clock.now().getTime() + retryMs);
  }

  /** No other window is announcing; one may have announced since the records were read: false. */
  private async announceAlone(news: readonly News[], watched: readonly Watched[]): Promise<boolean> {
    const { clock, records } = this.deps;
    const now = clock.now();
    const fresh: Watched[] = [];
    for (const { record, known } of watched) fresh.push({ record: await this.record(record.id), known });
    const waitsUntil = mayAnnounceAt(news, fresh);
    if (waitsUntil === undefined || waitsUntil > now) return false;
    for (const { record, known } of fresh) {
      const ids = new Set<string>(known.map(({ id }) => id));
      const before = Object.entries(record.announced).filter(([id]) => ids.has(id));
      const own = isSettled(record, now) ? news.filter(({ connectionId }) => connectionId === record.id) : [];
      const announced = Object.fromEntries([...before, ...own.map(({ id, threshold }) => [id, threshold] as const)]);
      // Written first: what is told must not be told again.
      await records.write({ ...record, noticedAt: now, announced });
    }
    this.noticeEmitter.fire(this.warnings);
    return true;
  }
}

/** What is known of a connection. */
interface Watched {
  readonly record: WatchRecord;
  /** Without what was revoked. */
  readonly known: readonly KnownExpiry[];
}

/** What is counted, what is not since it is muted, and what of it is new. */
function sorted(
  watched: readonly Watched[],
  thresholds: readonly number[],
  now: Date,
): { readonly warnings: readonly ExpiryWarning[]; readonly muted: readonly ExpiryWarning[]; readonly news: News[] } {
  const warnings: ExpiryWarning[] = [];
  const muted: ExpiryWarning[] = [];
  const news: News[] = [];
  for (const { record, known } of watched) {
    const connectionId = record.id;
    const isMuted = new Set(record.muted);
    for (const expiry of known) {
      if (crossedThreshold(expiry, thresholds, now) === undefined) continue;
      const { owner, isSigned } = expiry;
      (isMuted.has(expiry.id) ? muted : warnings).push({ connectionId, token: tokenOf(expiry), owner, isSigned });
      if (isMuted.has(expiry.id)) continue;
      const threshold = newThreshold(expiry, thresholds, record.announced[expiry.id], now);
      if (threshold !== undefined) news.push({ connectionId, id: expiry.id, threshold });
    }
  }
  const order = expiringOrder(now);
  const byTime = (a: ExpiryWarning, b: ExpiryWarning): number => order(a.token, b.token);
  return { warnings: warnings.sort(byTime), muted: muted.sort(byTime), news };
}

/** Whether a connection has been there for a day: what it brings at first is told by its rows. */
const isSettled = ({ since }: WatchRecord, now: Date): boolean => since.getTime() + quietMs <= now.getTime();

/** When some of the news may be announced: a day after their connection was added, and after the last announcement. */
function mayAnnounceAt(news: readonly News[], watched: readonly Watched[]): Date | undefined {
  const withNews = new Set(news.map(({ connectionId }) => connectionId));
  const settledAt = watched
    .filter(({ record }) => withNews.has(record.id))
    .map(({ record }) => record.since.getTime() + quietMs);
  if (settledAt.length === 0) return undefined;
  const noticed = watched.flatMap(({ record: { noticedAt } }) =>
    noticedAt === undefined ? [] : [noticedAt.getTime()],
  );
  return new Date(Math.max(Math.min(...settledAt), ...noticed.map((at) => at + quietMs)));
}
