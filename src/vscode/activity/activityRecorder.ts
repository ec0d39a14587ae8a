import * as vscode from 'vscode';
import type { Clock } from '../../core/base/clock.ts';
import type { Connections } from '../../core/connections/connections.ts';
import type { Disposable } from '../../core/base/disposable.ts';
import type { Issuance } from '../../core/issuance/issuance.ts';
import type { Logger } from '../../core/base/logger.ts';
import type { Activity } from '../../core/activity/activity.ts';
import type { ActivityLog } from '../../core/activity/activityLog.ts';

/** Records actions by connection, for "Show Activity". Nothing waits for it or fails because of it. */
export class ActivityRecorder implements Disposable {
  private readonly connections: Pick<Connections, 'hasForgotten'>;
  private readonly folder: vscode.Uri;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly changeEmitter = new vscode.EventEmitter<void>();
  private loading: Promise<ActivityLog> | undefined;

  /** Something was recorded or cleared, in this window. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(connections: Pick<Connections, 'hasForgotten'>, folder: vscode.Uri, clock: Clock, logger: Logger) {
    this.connections = connections;
    this.folder = folder;
    this.clock = clock;
    this.logger = logger;
  }

  /** The log itself, loaded when it is first needed. */
  log(): Promise<ActivityLog> {
    this.loading ??= import('../../core/activity/activityLog.ts').then(
      ({ ActivityLog }) => new ActivityLog(this.folder.fsPath, this.logger),
    );
    return this.loading;
  }

  /** Records an action with a connection. */
  note(connectionId: string, activity: Omit<Activity, 'at'>): void {
    void this.add(connectionId, { at: this.clock.now(), ...activity });
  }

  /** Records a new phase of an issuance. */
  async noteIssuance(issuance: Issuance): Promise<void> {
    const at = this.clock.now();
    const { activityOf } = await import('../../core/activity/activity.ts');
    const activity = activityOf(issuance, at);
    if (activity !== undefined) await this.add(issuance.connectionId, activity);
  }

  /** @throws when the files cannot be removed */
  async clear(connectionId: string): Promise<void> {
    await (await this.log()).clear(connectionId);
    this.changeEmitter.fire();
  }

  dispose(): void {
    this.changeEmitter.dispose();
  }

  private async add(connectionId: string, activity: Activity): Promise<void> {
    if (this.connections.hasForgotten(connectionId)) return;
    await (await this.log()).add(connectionId, activity);
    this.changeEmitter.fire();
  }
}
