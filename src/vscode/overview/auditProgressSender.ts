import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { Audits } from '../../core/audit/audits.ts';
import { auditMessage } from '../../core/overview/overviewMessages.ts';
import type { Services } from '../services.ts';
import { knownAudit } from './knownConnections.ts';
import type { PageHost } from '../pages/page.ts';

/** The interval for the counts of a running audit, which change with each user. */
const countsMs = 1000;
/** The interval for the rows found by a running audit: there may be very many. */
const rowsMs = 20_000;

/** Sends the progress of the audits to an open Overview. */
export class AuditProgressSender implements Disposable {
  private readonly services: Services;
  private readonly host: PageHost;
  private readonly disposables = new DisposableStore();
  private readonly scheduled = this.disposables.add(new DisposableStore());
  private isDue = false;

  constructor(services: Services, host: PageHost) {
    this.services = services;
    this.host = host;
  }

  /**
   * @param shown the ids of the connections on the page, in its order
   * @param sendRows sends all rows within the given time
   */
  start(audits: Audits, shown: () => readonly string[], sendRows: (withinMs: number) => void): void {
    this.disposables.add({ dispose: () => audits.release() });
    this.disposables.add(
      audits.onDidChange(() => {
        if (this.isDue) return;
        this.isDue = true;
        this.scheduled.clear();
        this.scheduled.add(
          this.services.clock.after(countsMs, () => {
            this.isDue = false;
            const isRunning = this.services.connections.all.some((each) => audits.of(each).state === 'running');
            sendRows(isRunning ? rowsMs : 0);
            this.sendAudits(audits, shown()).catch((error: unknown) =>
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

  private async sendAudits(audits: Audits, ids: readonly string[]): Promise<void> {
    const live = ids.map((id) => this.services.connections.find(id)).filter((each) => each !== undefined);
    // A removed connection makes the page send everything again.
    if (live.length < ids.length || !this.host.isVisible) return;
    const known = await Promise.all(live.map((connection) => knownAudit(audits, connection)));
    this.host.post({ type: 'audits', audits: known.map(auditMessage) });
  }
}
