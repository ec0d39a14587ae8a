import type { Clock } from '../../core/base/clock.ts';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { Journal } from '../../core/issuance/journal.ts';
import type { JournalFiles } from '../../core/base/sharedFolder.ts';
import { RecordFiles } from '../../core/base/records.ts';
import { reviveRotation } from '../../core/reminders/rotation.ts';
import { RotationService } from '../../core/reminders/rotations.ts';
import type { WallClock } from '../../core/base/wallClock.ts';
import { ExpiryWatch, reviveWatchRecord } from '../../core/reminders/expiryWatch.ts';
import type { Services } from '../services.ts';

/** What follows tokens through time: built after the start, since nothing at the start needs it. */
export interface Tracking extends Disposable {
  readonly rotations: RotationService;
  readonly watch: ExpiryWatch;
}

export interface TrackingDependencies extends Pick<Services, 'session' | 'store' | 'settings' | 'logger'> {
  readonly journal: Journal;
  readonly folder: (name: string) => JournalFiles;
  readonly clock: Clock;
  readonly wallClock: WallClock;
}

export function createTracking(deps: TrackingDependencies): Tracking {
  const { session, store, settings, journal, folder, clock, wallClock, logger } = deps;
  const disposables = new DisposableStore();
  const rotations = disposables.add(
    new RotationService(
      new RecordFiles(folder('rotations'), reviveRotation, logger),
      (id) => journal.read(id),
      clock,
      wallClock,
    ),
  );
  const watch = disposables.add(
    new ExpiryWatch({
      records: new RecordFiles(folder('watch'), reviveWatchRecord, logger),
      clock,
      wallClock,
      seen: () =>
        session.state.status === 'signedIn'
          ? { connectionId: session.state.connection.id, tokens: store.seenTokens }
          : undefined,
      thresholds: () => settings.expiryReminderDays,
    }),
  );
  return { rotations, watch, dispose: () => disposables.dispose() };
}
