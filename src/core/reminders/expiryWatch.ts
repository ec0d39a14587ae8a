import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import { onOurClock } from '../base/serverClock.ts';
import { type Announcement, type Watched, isSettled, mayAnnounceAt, withPastTimes } from './announcing.ts';
import type { Lock } from './lock.ts';
import type { Records } from '../base/records.ts';
import type { WallClock } from '../base/wallClock.ts';
import type { RevocableToken, TokenId } from '../model/token.ts';
import type { User } from '../model/user.ts';
import type { ExpiryRecord, WatchRecord } from './expiryRecord.ts';
import { type KnownExpiry, type SeenTokens, mergeExpiries, tokenOfExpiry } from './knownExpiries.ts';
import { compareTimeLeft, crossedThreshold, newThreshold, nextCrossing } from './expiryThresholds.ts';

/** Delay while another window is announcing, in case it does not. */
const retryMs = 60_000;

/** A token that expires soon or has expired, with its connection. */
export interface ExpiryWarning {
  readonly connectionId: string;
  readonly token: RevocableToken;
  /** The user of a user token. */
  readonly owner: User | undefined;
  /** It was signed here: its id is that of the ledger's entry, and no request can revoke it. */
  readonly isSigned?: true | undefined;
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
  /** The time of a connection, by the clock of its server. Turns and quiet times go by `clock`. */
  readonly nowOf: (connectionId: string) => Date;
  /** In days. */
  readonly thresholds: () => readonly number[];
}

/**
 * Watches the expiry of all tokens ever seen, which are kept on disk. Sends no requests. Announces at most once a day,
 * across all windows and connections.
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

  /** The warnings may have changed. */
  readonly onDidChange = this.changeEmitter.event;
  /** There are new warnings. Carries all of them, as they are counted. */
  readonly onDidNotice = this.noticeEmitter.event;

  constructor(deps: WatchDependencies) {
    this.deps = deps;
    this.current = { warnings: [], muted: [] };
  }

  /** Tokens within the largest threshold of their expiry, the soonest first; then expired ones. Without muted ones. */
  get warnings(): readonly ExpiryWarning[] {
    return this.current.warnings;
  }

  /** The muted warnings. */
  get muted(): readonly ExpiryWarning[] {
    return this.current.muted;
  }

  /** Evaluates what is known now. Call it when lists, files or settings change; calls in between are merged. */
  check(): Promise<void> {
    this.queued ??= this.inTurn(() => {
      this.queued = undefined;
      return this.lookOnce();
    });
    return this.queued;
  }

  /** Evaluates again if another window has written something. Call it when any window has changed a file. */
  async followFiles(): Promise<void> {
    for (const { connectionId } of this.deps.seen()) {
      const kept = JSON.stringify(await this.expiriesOf(connectionId));
      if (kept !== (this.lastKept.get(connectionId) ?? '[]')) {
        await this.check();
        return;
      }
    }
  }

  /** Adds tokens that were seen outside the loaded lists. */
  async note(seen: SeenTokens): Promise<void> {
    await this.inTurn(() => this.keep(seen));
    await this.check();
  }

  /** All kept expiries of a connection, revoked tokens included. */
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

  /** Runs work in turn, so that nothing is written between a read and its write. A failure does not stop the next. */
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
    await this.check();
  }

  private async record(id: string): Promise<WatchRecord> {
    const found = await this.deps.records.read(id);
    const since = this.deps.clock.now();
    if (found !== undefined) return withPastTimes(found, since);
    return { id, since, noticedAt: undefined, announced: {}, muted: [] };
  }

  private async keep(seen: SeenTokens): Promise<readonly KnownExpiry[]> {
    const { expiries, nowOf } = this.deps;
    const id = seen.connectionId;
    const kept = (await expiries.read(id))?.expiries ?? [];
    const known = mergeExpiries(kept, seen, nowOf(id));
    const text = JSON.stringify(known);
    if (JSON.stringify(kept) !== text) await expiries.write({ id, expiries: known });
    this.lastKept.set(id, text);
    return known;
  }

  private async lookOnce(): Promise<void> {
    const { clock, wallClock, seen, signed, nowOf, thresholds } = this.deps;
    this.next.clear();
    const watched: Watched[] = [];
    for (const tokens of seen()) {
      const listed = (await this.keep(tokens)).filter(({ isRevoked }) => isRevoked !== true);
      const { connectionId } = tokens;
      const known = [...listed, ...(await signed(connectionId))];
      if (known.length > 0) watched.push({ record: await this.begun(connectionId), known, now: nowOf(connectionId) });
    }
    const { warnings, muted, toAnnounce } = sorted(watched, thresholds());
    this.current = { warnings, muted };
    this.changeEmitter.fire();
    const lookAt = (at: Date): void =>
      void this.next.add(wallClock.at(at, () => void this.check().catch(() => undefined)));
    const ours = clock.now();
    for (const { known, now } of watched) {
      const crossing = nextCrossing(known, thresholds(), now);
      if (crossing !== undefined) lookAt(onOurClock(crossing, now, ours));
    }
    const again = await this.announce(toAnnounce, watched);
    if (again !== undefined) lookAt(again);
  }

  /** The record of a connection; written when it is new. */
  private async begun(id: string): Promise<WatchRecord> {
    const { records, clock } = this.deps;
    const found = await records.read(id);
    if (found !== undefined) return withPastTimes(found, clock.now());
    const record = await this.record(id);
    await records.write(record);
    return record;
  }

  /** Announces what is new. Returns when to look again if that has to wait. */
  private async announce(toAnnounce: readonly Announcement[], watched: readonly Watched[]): Promise<Date | undefined> {
    const { clock, lock } = this.deps;
    const waitsUntil = mayAnnounceAt(toAnnounce, watched);
    if (waitsUntil === undefined) return undefined;
    if (waitsUntil > clock.now()) return waitsUntil;
    const isDone = await lock.run('notice', () => this.announceAlone(toAnnounce, watched));
    const now = clock.now();
    if (isDone !== true) return new Date(now.getTime() + retryMs);
    // Connections that were added today still wait with theirs.
    return mayAnnounceAt(
      toAnnounce,
      watched.filter(({ record }) => !isSettled(record, now)),
    );
  }

  /** Runs while no other window announces. False when one has announced since the records were read. */
  private async announceAlone(toAnnounce: readonly Announcement[], watched: readonly Watched[]): Promise<boolean> {
    const { clock, records } = this.deps;
    const now = clock.now();
    const fresh: Watched[] = [];
    for (const each of watched) fresh.push({ ...each, record: await this.record(each.record.id) });
    const waitsUntil = mayAnnounceAt(toAnnounce, fresh);
    if (waitsUntil === undefined || waitsUntil > now) return false;
    for (const { record, known } of fresh) {
      const ids = new Set<string>(known.map(({ id }) => id));
      const before = Object.entries(record.announced).filter(([id]) => ids.has(id));
      const own = isSettled(record, now) ? toAnnounce.filter(({ connectionId }) => connectionId === record.id) : [];
      const announced = Object.fromEntries([...before, ...own.map(({ id, threshold }) => [id, threshold] as const)]);
      // Written first: an announcement must not be repeated.
      await records.write({ ...record, noticedAt: now, announced });
    }
    this.noticeEmitter.fire(this.warnings);
    return true;
  }
}

/** Sorts what is known into counted warnings, muted ones, and what to announce. */
function sorted(
  watched: readonly Watched[],
  thresholds: readonly number[],
): {
  readonly warnings: readonly ExpiryWarning[];
  readonly muted: readonly ExpiryWarning[];
  readonly toAnnounce: Announcement[];
} {
  const warnings: Timed[] = [];
  const muted: Timed[] = [];
  const toAnnounce: Announcement[] = [];
  for (const { record, known, now } of watched) {
    const connectionId = record.id;
    const isMuted = new Set(record.muted);
    for (const expiry of known) {
      if (crossedThreshold(expiry, thresholds, now) === undefined) continue;
      const { owner, isSigned } = expiry;
      const warning = { connectionId, token: tokenOfExpiry(expiry), owner, isSigned };
      (isMuted.has(expiry.id) ? muted : warnings).push({ warning, leftMs: expiry.expiresAt.getTime() - now.getTime() });
      if (isMuted.has(expiry.id)) continue;
      const threshold = newThreshold(expiry, thresholds, record.announced[expiry.id], now);
      if (threshold !== undefined) toAnnounce.push({ connectionId, id: expiry.id, threshold });
    }
  }
  return { warnings: byTimeLeft(warnings), muted: byTimeLeft(muted), toAnnounce };
}

/** A warning with the time until the expiry; below zero once the token has expired. */
interface Timed {
  readonly warning: ExpiryWarning;
  readonly leftMs: number;
}

const byTimeLeft = (timed: Timed[]): readonly ExpiryWarning[] =>
  timed.sort((a, b) => compareTimeLeft(a.leftMs, b.leftMs)).map(({ warning }) => warning);
