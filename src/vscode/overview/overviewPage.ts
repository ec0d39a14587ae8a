import { setImmediate as otherWork } from 'node:timers/promises';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import { overviewMessage, RowKeys, rowMessages } from '../../core/overview/overviewMessages.ts';
import type { Row } from '../../core/browse/rows.ts';
import { type Overview, overviewOf } from '../../core/overview/overviewOf.ts';
import { parsePageMessage } from '../../core/overview/parseMessage.ts';
import type { PageMessage, TokenAction } from '../../core/overview/protocol.ts';
import type { AuditAction } from '../audit/auditUserTokens.ts';
import type { Services } from '../services.ts';
import { commandIds } from '../ui/ids.ts';
import { AuditProgressSender } from './auditProgressSender.ts';
import { exportRows } from './exportTokens.ts';
import { knownConnections } from './knownConnections.ts';
import type { LastLooks } from './lastLooks.ts';
import type { Page, PageHost } from '../pages/page.ts';

/** Changes within this time of each other cause one update. */
const refreshDelayMs = 200;
/** Longer waits are split: timers do not advance while the computer sleeps. */
const longestWaitMs = 60 * 60_000;

const commands: Record<TokenAction, string> = {
  details: commandIds.showTokenDetails,
  rotate: commandIds.rotateToken,
  revoke: commandIds.revokeToken,
  copyId: commandIds.copyTokenId,
};

/** The Overview's content: sends the rows, follows changes, and runs commands on rows. */
export class OverviewPage implements Page {
  private readonly services: Services;
  private readonly host: PageHost;
  private readonly looks: LastLooks;
  private readonly disposables = new DisposableStore();
  private readonly waiting = this.disposables.add(new DisposableStore());
  private readonly keys = new RowKeys();
  private generation = 0;
  private dueAt = Infinity;
  private sending: Promise<void> | undefined;
  private isSendDue = false;
  private progressSender: AuditProgressSender | undefined;
  private sent: { readonly overview: Overview; readonly at: Date } | undefined;

  constructor(services: Services, host: PageHost, looks: LastLooks) {
    this.services = services;
    this.host = host;
    this.looks = looks;
    const { connections, activity, timePassed } = services;
    for (const event of [connections.onDidChange, connections.onDidChangeStore, activity.onDidChange, timePassed.event])
      this.disposables.add((event as (listener: () => void) => Disposable)(() => this.sendLater(refreshDelayMs)));
  }

  async receive(data: unknown): Promise<boolean> {
    const message = parsePageMessage(data);
    if (message !== undefined) await this.answer(message);
    return message !== undefined;
  }

  private async answer(message: PageMessage): Promise<void> {
    switch (message.type) {
      case 'ready':
        await this.start();
        return;
      case 'act':
        await this.act(message.action, message.keys);
        return;
      case 'export':
        await exportRows(this.services, this.keys.rowsOf(message.keys));
        return;
      case 'exportExpiries':
        await vscode.commands.executeCommand(commandIds.exportExpiries);
        return;
      case 'connect':
        await vscode.commands.executeCommand(commandIds.setApiKey);
        return;
      case 'audit':
        await this.audit(message.action, message.connection);
        return;
      case 'loadAll':
        await vscode.commands.executeCommand(commandIds.loadAll);
        return;
      case 'markSeen':
        await this.noteLook();
        await this.send();
    }
  }

  dispose(): void {
    void this.noteLook();
    this.generation += 1;
    this.disposables.dispose();
  }

  /** Handles `ready`: the page was opened, or is visible again. */
  private async start(): Promise<void> {
    const connections = await this.services.connections.start();
    const audits = await this.services.audits();
    if (this.progressSender === undefined) {
      this.progressSender = this.disposables.add(new AuditProgressSender(this.services, this.host));
      const shown = (): readonly string[] => this.sent?.overview.connections.map(({ id }) => id) ?? [];
      this.progressSender.start(audits, shown, (withinMs) => this.sendLater(withinMs, true));
    }
    const loading = Promise.all(connections.map(({ store }) => store.projectTokens.load()));
    if (connections.some(({ store }) => store.projectTokens.isLoaded)) await this.send();
    await loading;
    await this.send();
  }

  private async audit(action: AuditAction, place: number): Promise<void> {
    const { connections } = this.services;
    const connection = connections.find(this.sent?.overview.connections[place]?.id ?? '');
    if (connection === undefined) return;
    const { controlAudit } = await import('../audit/auditUserTokens.ts');
    await controlAudit(this.services, connection, action);
  }

  /** @param keepsEarlier keeps an update that is scheduled earlier, instead of postponing it */
  private sendLater(delayMs: number, keepsEarlier = false): void {
    const at = this.services.clock.now().getTime() + delayMs;
    if (keepsEarlier && this.dueAt <= at) return;
    this.dueAt = at;
    this.waiting.clear();
    this.waiting.add(
      this.services.clock.after(delayMs, () => {
        this.dueAt = Infinity;
        this.send().catch((error: unknown) =>
          this.services.logger.error(`overview: ${(error as Error).stack ?? 'failed'}`),
        );
      }),
    );
  }

  /** Sends the current state. A call during a running update causes another one after it. */
  private async send(): Promise<void> {
    this.isSendDue = true;
    this.sending ??= this.sendWhileDue().finally(() => {
      this.sending = undefined;
      // A call came between the end of the loop and this callback.
      return this.isSendDue ? this.send() : undefined;
    });
    await this.sending;
  }

  private async sendWhileDue(): Promise<void> {
    while (this.isSendDue) {
      this.isSendDue = false;
      await this.sendOnce();
    }
  }

  /** Sends the summary, then the rows in parts, yielding to other work in between. */
  private async sendOnce(): Promise<void> {
    if (!this.host.isVisible) return;
    this.generation += 1;
    const { generation } = this;
    const known = await knownConnections(this.services, (id) => this.looks.get(id));
    if (generation !== this.generation) return;
    const at = this.services.clock.now();
    const { soonDays } = this.services.settings;
    const overview = overviewOf(known, at, { soonDays });
    this.sent = { overview, at };
    this.host.post(overviewMessage(overview, generation, soonDays));
    for (const part of rowMessages(overview, generation, this.keys)) {
      this.host.post(part);
      await otherWork();
      if (generation !== this.generation) return;
    }
    if (overview.nextChangeAt !== undefined)
      this.sendLater(Math.min(overview.nextChangeAt.getTime() - at.getTime() + 1, longestWaitMs), true);
  }

  /** Runs the same command as the rows of the views. */
  private async act(action: TokenAction, keys: readonly number[]): Promise<void> {
    const rows = this.keys.rowsOf(keys).flatMap(({ connection: { id }, token, owner }): Row[] => {
      const connection = this.services.connections.find(id);
      if (token.id !== undefined) connection?.store.noteListed({ id: token.id });
      return connection === undefined ? [] : [{ type: 'token', connection, token, user: owner?.id }];
    });
    if (rows.length > 0) await vscode.commands.executeCommand(commands[action], rows[0], rows);
  }

  /** Records that the shown tokens were seen: they no longer count as made elsewhere since the last look. */
  private async noteLook(): Promise<void> {
    if (this.sent === undefined) return;
    await this.looks.set(
      this.sent.overview.connections.map(({ id }) => id),
      this.sent.at,
    );
  }
}
