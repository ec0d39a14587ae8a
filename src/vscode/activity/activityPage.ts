import { type ActivityMessage, parseActivityPageMessage } from '../../core/activity/activityMessage.ts';
import { activityMessage, removedActivity } from '../../core/activity/activityText.ts';
import { type Disposable } from '../../core/base/disposable.ts';
import { followChanges } from '../pages/followChanges.ts';
import type { Page, PageHost } from '../pages/page.ts';
import type { Services } from '../services.ts';
import { clearActivity } from './clearActivity.ts';
import { exportActivity } from './exportActivity.ts';

/** The page of a connection's activity: follows what is done, exports and clears it. */
export class ActivityPage implements Page {
  private readonly services: Services;
  private readonly host: PageHost;
  private readonly connectionId: string;
  private readonly following: Disposable;

  constructor(services: Services, host: PageHost, connectionId: string) {
    this.services = services;
    this.host = host;
    this.connectionId = connectionId;
    this.following = followChanges(services, () => this.send());
  }

  async receive(data: unknown): Promise<boolean> {
    const message = parseActivityPageMessage(data);
    const connection = this.services.connections.find(this.connectionId);
    if (message?.type === 'ready') await this.send();
    else if (connection !== undefined && message?.type === 'export') await exportActivity(this.services, connection);
    else if (connection !== undefined && message?.type === 'clear') await clearActivity(this.services, connection);
    return message !== undefined;
  }

  dispose(): void {
    this.following.dispose();
  }

  private async send(): Promise<void> {
    if (this.host.isVisible) this.host.post(await this.message());
  }

  private async message(): Promise<ActivityMessage> {
    const { connections, activity } = this.services;
    await connections.start();
    const connection = connections.find(this.connectionId);
    if (connection === undefined) return removedActivity(this.connectionId);
    return activityMessage(await (await activity.log()).read(connection.id), connection);
  }
}
