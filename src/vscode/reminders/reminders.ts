import type { Clock } from '../../core/base/clock.ts';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { Journal } from '../../core/issuance/journal.ts';
import type { SharedFolder } from '../../core/base/sharedFolder.ts';
import { Leases, type Owner, isProcessAlive } from '../../core/base/lease.ts';
import { lockBy } from '../../core/reminders/lock.ts';
import { Records } from '../../core/base/records.ts';
import { reviveRotation } from '../../core/reminders/rotation.ts';
import { Rotations } from '../../core/reminders/rotations.ts';
import type { WallClock } from '../../core/base/wallClock.ts';
import { ExpiryWatch } from '../../core/reminders/expiryWatch.ts';
import { reviveExpiryRecord, reviveWatchRecord } from '../../core/reminders/expiryRecord.ts';
import { seenTokens } from '../../core/reminders/seenTokens.ts';
import { signedExpiries } from '../../core/reminders/signedExpiries.ts';
import type { LedgerAccess } from '../../core/ledger/ledgerAccess.ts';
import { networkInterfaces } from 'node:os';
import { DailyLook, reviveLookRecord } from '../../core/reminders/dailyLook.ts';
import { ReminderTurns, reviveTurnRecord } from '../../core/reminders/reminderTurns.ts';
import type { Connections } from '../../core/connections/connections.ts';
import type { Logger } from '../../core/base/logger.ts';
import type { Settings } from '../ui/settings.ts';

/** Everything that watches tokens over time. Built after the start, which needs none of it. */
export interface Reminders extends Disposable {
  readonly rotations: Rotations;
  readonly watch: ExpiryWatch;
  readonly turns: ReminderTurns;
  readonly dailyLook: DailyLook;
  readonly wallClock: WallClock;
  /** Calls back after this or another window has written the watched files. Best effort. */
  onDidChangeFiles(listener: () => void): Disposable;
}

export interface RemindersDependencies {
  readonly connections: Connections;
  readonly ledger: LedgerAccess;
  readonly settings: Settings;
  readonly logger: Logger;
  readonly journal: Journal;
  readonly folder: (name: string) => SharedFolder;
  readonly owner: Owner;
  readonly startedAt: Date;
  readonly clock: Clock;
  readonly wallClock: WallClock;
}

export function createReminders(deps: RemindersDependencies): Reminders {
  const { connections, ledger, settings, journal, folder, owner, startedAt, clock, wallClock, logger } = deps;
  const disposables = new DisposableStore();
  const rotations = disposables.add(
    new Rotations(new Records(folder('rotations'), reviveRotation, logger), (id) => journal.read(id), clock, wallClock),
  );
  const watchFiles = folder('watch');
  const expiryFiles = folder('expiries');
  const lock = lockBy(new Leases(watchFiles, owner, clock, isProcessAlive));
  const watch = disposables.add(
    new ExpiryWatch({
      records: new Records(watchFiles, reviveWatchRecord, logger),
      expiries: new Records(expiryFiles, reviveExpiryRecord, logger),
      lock,
      clock,
      wallClock,
      seen: () => connections.all.map(seenTokens),
      signed: async (connectionId) => {
        await ledger.tryStart();
        return signedExpiries(
          ledger.signedOf(connectionId),
          settings.expiryReminderDays,
          connections.nowOf(connectionId),
        );
      },
      nowOf: (id) => connections.nowOf(id),
      thresholds: () => settings.expiryReminderDays,
    }),
  );
  const turns = new ReminderTurns({
    records: new Records(watchFiles, reviveTurnRecord, logger),
    lock,
    owner,
    clock,
    isProcessAlive,
  });
  const dailyLook = disposables.add(
    new DailyLook({
      records: new Records(watchFiles, reviveLookRecord, logger),
      lock,
      clock,
      wallClock,
      logger,
      startedAt,
      isOn: () => settings.dailyCheck,
      connections: () => connections.all,
      isOnline: (host) => isLocal(host) || hasNetwork(),
      random: Math.random,
      note: (seen) => watch.note(seen),
    }),
  );
  return {
    rotations,
    watch,
    turns,
    dailyLook,
    wallClock,
    onDidChangeFiles: (listener) => expiryFiles.watch(listener),
    dispose: () => disposables.dispose(),
  };
}

const isLocal = (host: string): boolean => /^(localhost|127\.|\[::1\])/.test(host);

const hasNetwork = (): boolean =>
  Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal) === true);
