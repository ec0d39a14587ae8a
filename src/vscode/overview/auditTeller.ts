import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { Audits } from '../../core/audit/audits.ts';
import { auditMessage } from '../../core/overview/overviewMessages.ts';
import type { Services } from '../services.ts';
import { knownAudit } from './knownConnections.ts';
import type { PageHost } from '../pages/page.ts';

/** How often the counts of an audit are told: they change with each user. */
const tellMs = 1000;
/** How often what a running audit has found is: there may be very many rows. */
const rowsMs = 20_000;

/** Tells an open Overview how the audits come along. */
export class AuditTeller implements Disposable {
  private readonly services: Services;
  private readonly host: PageHost;
  private readonly disposables = new DisposableStore();
  private readonly telling = this.disposables.add(new DisposableStore());
  private isDue = false;

  constructor(services: Services, host: PageHost) {
    this.services = services;
    this.host = host;
  }

  /**
   * @param shown the ids of the connections that the page shows, in its order
   * @param sendRows sends all rows within so many milliseconds
   */
  start(audits: Audits, shown: () => readonly string[], sendRows: (withinMs: number) => void): void {
    this.disposables.add({ dispose: () => audits.release() });
    this.disposables.add(
      audits.onDidChange(() => {
        if (this.isDue) return;
        this.isDue = true;
        this.telling.clear();
        this.telling.add(
          this.services.clock.after(tellMs, () => {
            this.isDue = false;
            const isRunning = this.services.connections.all.some((each) => audits.of(each).state === 'running');
            sendRows(isRunning ? rowsMs : 0);
            this.tell(audits, shown()).catch((error: unknown) =>
              this.services.logger.error(`overview: ${(error as Error).stack ?? 'failed'}`),
            );
          }),
        );
      }),
    );
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async tell(audits: Audits, ids: readonly string[]): Promise<void> {
    const live = ids.map((id) => this.services.connections.find(id)).filter((each) => each !== undefined);
    // The rows come anew when a connection was removed.
    if (live.length < ids.length || !this.host.isVisible) return;
    const known = await Promise.all(live.map((connection) => knownAudit(audits, connection)));
    this.host.post({ type: 'audits', audits: known.map(auditMessage) });
  }
}
