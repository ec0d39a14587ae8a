import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { Services } from '../services.ts';

/** Changes within this time of each other cause one update. */
const delayMs = 200;

/** Calls back after a change of anything that a page may show, debounced. */
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
