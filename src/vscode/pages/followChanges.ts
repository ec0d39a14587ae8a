import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { Services } from '../services.ts';

/** Several changes in a row are one for whoever looks. */
const delayMs = 200;

/** Calls back after anything has changed that a page may show; what comes in a row is one change. */
export function followChanges(services: Services, onChange: () => Promise<void>): Disposable {
  const { connections, activity, timePassed, clock, logger } = services;
  const disposables = new DisposableStore();
  const waiting = disposables.add(new DisposableStore());
  const later = (): void => {
    waiting.clear();
    waiting.add(
      clock.after(delayMs, () => {
        onChange().catch((error: unknown) => logger.error(`page: ${(error as Error).stack ?? 'failed'}`));
      }),
    );
  };
  for (const event of [connections.onDidChange, connections.onDidChangeStore, activity.onDidChange, timePassed.event])
    disposables.add((event as (listener: () => void) => Disposable)(later));
  return disposables;
}
