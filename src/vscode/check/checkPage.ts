import * as vscode from 'vscode';
import { DisposableStore } from '../../core/base/disposable.ts';
import type { Secret } from '../../core/base/secret.ts';
import type { SignedRow } from '../../core/browse/rows.ts';
import { type TokenReport, reportOnToken } from '../../core/checking/checkReport.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { describePlace } from '../../core/delivery/place.ts';
import { checkSheet } from '../../core/details/checkSheet.ts';
import type { TokenKnowledge } from '../../core/details/tokenSheet.ts';
import type { LedgerEntry } from '../../core/ledger/ledgerEntry.ts';
import { type BaseUrl, parseBaseUrl } from '../../core/magicbell/baseUrl.ts';
import { parseSheetPageMessage } from '../../core/pages/sheet.ts';
import { runOnToken } from '../details/runOnToken.ts';
import { followChanges } from '../pages/followChanges.ts';
import type { Page, PageHost } from '../pages/page.ts';
import type { Services } from '../services.ts';
import { commandIds } from '../ui/ids.ts';
import { askAlive } from './askAlive.ts';
import { type LoadedRow, comparedConnections } from './knownHere.ts';

interface Found {
  readonly report: TokenReport<LoadedRow>;
  readonly record: LedgerEntry | undefined;
}

/** A page about a pasted token. The token is held in memory while the page is open, and never sent to the webview. */
export class CheckPage implements Page {
  private readonly services: Services;
  private readonly host: PageHost;
  private readonly isWrapped: boolean;
  private readonly disposables = new DisposableStore();
  private token: Secret | undefined;
  private answer: string | undefined;
  /** The addresses on the page's buttons, in the same order. */
  private shownUrls: readonly BaseUrl[] = [];

  constructor(services: Services, host: PageHost, token: Secret, isWrapped: boolean) {
    this.services = services;
    this.host = host;
    this.token = token;
    this.isWrapped = isWrapped;
    this.disposables.add(followChanges(services, () => this.send()));
  }

  async receive(data: unknown): Promise<boolean> {
    const message = parseSheetPageMessage(data);
    const { token, services } = this;
    if (message === undefined || token === undefined) return message !== undefined;
    if (message.type === 'ready') {
      await this.send();
      return true;
    }
    // Use the address that was shown on the button, even if the connections have changed since.
    const baseUrl = this.shownUrls[message.place];
    const { report, record } = await this.find(token);
    const { row } = report;
    if (message.action === 'ask' && baseUrl !== undefined) {
      this.answer = await askAlive(services, report.identity, token, baseUrl);
      await this.send();
    } else if (message.action === 'signAgain') {
      await this.signAgain(record);
    } else if (row !== undefined) {
      await runOnToken(services, message.action, row.connection, row.found);
    }
    return true;
  }

  dispose(): void {
    this.token = undefined;
    this.disposables.dispose();
  }

  private async send(): Promise<void> {
    const { token, services, isWrapped, answer } = this;
    if (token === undefined || !this.host.isVisible) return;
    const { report, record } = await this.find(token);
    const { row } = report;
    const connection = row?.connection ?? services.connections.find(record?.connectionId ?? '');
    this.shownUrls = report.baseUrls;
    this.host.post(
      checkSheet(
        {
          report,
          row: row && (await knowledgeOf(services, row, record)),
          record,
          project: connection && { name: connection.label, isProduction: connection.isProduction },
          isWrapped,
          hosts: report.baseUrls.map((baseUrl) => new URL(baseUrl).host),
          answer,
          canSignAgain: connection !== undefined && record?.isSigned === true,
        },
        { now: connection?.now() ?? services.clock.now(), soonDays: services.settings.soonDays },
      ),
    );
  }

  /** Looks the token up again: rows may have been loaded or revoked since. */
  private async find(token: Secret): Promise<Found> {
    const { services } = this;
    const connections = await comparedConnections(services);
    const base = parseBaseUrl(services.settings.baseUrlText);
    const record = await services.ledger.tryFind(token);
    const report = reportOnToken<LoadedRow>({
      token,
      connections,
      record,
      defaultBaseUrl: base.ok ? base.baseUrl : undefined,
      now: services.clock.now(),
    });
    return { report, record };
  }

  private async signAgain(record: LedgerEntry | undefined): Promise<void> {
    const connection: Connection | undefined = this.services.connections.find(record?.connectionId ?? '');
    if (record === undefined || connection === undefined) return;
    const signed: SignedRow = { type: 'signed', connection, user: undefined, entry: record };
    await vscode.commands.executeCommand(commandIds.signAgain, signed);
  }
}

/** The data about a row that its own page shows. */
async function knowledgeOf(
  { activity, destinations }: Services,
  { connection, found: { token, user } }: LoadedRow,
  record: LedgerEntry | undefined,
): Promise<TokenKnowledge> {
  const activities = await (await activity.log()).read(connection.id);
  const places = token.id === undefined ? [] : await (await destinations()).ofToken(connection.id, token.id);
  return {
    token,
    user,
    activities,
    destinations: places.length > 0 ? places.map((place) => describePlace(place)) : (record?.deliveredTo ?? []),
  };
}
