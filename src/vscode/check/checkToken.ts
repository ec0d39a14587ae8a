import * as vscode from 'vscode';
import { aliveVerdict } from '../../core/checking/aliveVerdict.ts';
import { type TokenReport, checkToken as report } from '../../core/checking/checkReport.ts';
import { serverNow } from '../../core/base/serverClock.ts';
import { unwrapSecret } from '../../core/checking/pastedSecret.ts';
import { Secret } from '../../core/base/secret.ts';
import { describeError } from '../../core/describeError.ts';
import { type BaseUrl, parseBaseUrl } from '../../core/magicbell/baseUrl.ts';
import { asMagicBellError } from '../../core/magicbell/errors.ts';
import { isRevocable } from '../../core/model/token.ts';
import type { SignedRow, TokenRow } from '../../core/browse/rows.ts';
import type { LedgerEntry } from '../../core/ledger/ledgerEntry.ts';
import { revealToken } from '../browse/findToken.ts';
import { type StepResult, showPickStep } from '../ui/quickInput.ts';
import { commandIds } from '../ui/ids.ts';
import { withLongProgress } from '../ui/progress.ts';
import type { Services } from '../services.ts';
import { type LoadedRow, knownConnections, recordOf } from './knownHere.ts';
import { askForToken, title } from './tokenSource.ts';

/**
 * "Check Token…": which token this is, whether it is ours, and until when it lives. Asks nobody by itself.
 *
 * @param argument a secret that was pasted where something else was asked for
 */
export async function checkToken(services: Services, argument: unknown): Promise<void> {
  const token = argument instanceof Secret ? argument : await askForToken(services);
  if (token !== undefined) await checkSecret(services, token);
}

interface ReportItem extends vscode.QuickPickItem {
  /** What the row does; without it, it only says something. True: the report is shown again. */
  readonly run?: () => Promise<boolean>;
}

/** Shows what is known of a pasted text, and what can be done about it. */
async function checkSecret(services: Services, pasted: Secret): Promise<void> {
  const token = new Secret(unwrapSecret(pasted.reveal(), 'token'));
  const connections = await knownConnections(services);
  // All of them are asked at MagicBell's own address, as a rule.
  const offsetMs = (await services.connections.all[0]?.api().catch(() => undefined))?.clockOffsetMs;
  const base = parseBaseUrl(services.settings.baseUrlText);
  const record = await recordOf(services, token);
  const found = report<LoadedRow>({
    token,
    connections,
    record,
    defaultBaseUrl: base.ok ? base.baseUrl : undefined,
    now: serverNow(services.clock.now(), offsetMs),
  });
  let answer: string | undefined;
  for (;;) {
    const asks = found.baseUrls.map((baseUrl) =>
      askItem(baseUrl, async () => {
        answer = await ask(services, found, token, baseUrl);
      }),
    );
    const items = itemsOf(found, answer, [...asks, ...actionsFor(services, found.row, record)]);
    const picked: StepResult<ReportItem> = await showPickStep<ReportItem>({
      title,
      items,
      placeholder: answer ?? found.summary,
    });
    if (picked.type !== 'done') return;
    if (picked.value.run !== undefined && !(await picked.value.run())) return;
  }
}

function itemsOf(
  found: TokenReport<LoadedRow>,
  answer: string | undefined,
  actions: readonly ReportItem[],
): ReportItem[] {
  const says = (label: string): ReportItem => ({ label });
  return [
    ...(answer === undefined ? [] : [says(answer)]),
    says(found.summary),
    ...found.lines.map(says),
    ...(actions.length === 0 ? [] : [separator('What can be done'), ...actions]),
    ...(found.claims.length === 0 ? [] : [separator('Claims, as they stand in it')]),
    ...found.claims.map(({ name, value }) => ({ label: name, description: value })),
  ];
}

const askItem = (baseUrl: BaseUrl, run: () => Promise<void>): ReportItem => ({
  label: `$(pulse) Ask ${new URL(baseUrl).host} Whether It Is Alive`,
  description: 'sends it there, once',
  run: async () => {
    await run();
    return true;
  },
});

/** A token of a list is shown, rotated and revoked there; one that was signed here is signed again. */
function actionsFor(services: Services, row: LoadedRow | undefined, record: LedgerEntry | undefined): ReportItem[] {
  if (row !== undefined) return rowActions(services, row);
  const connection = record?.isSigned === true ? services.connections.find(record.connectionId) : undefined;
  if (connection === undefined || record === undefined) return [];
  return [
    {
      label: '$(sync) Sign Again…',
      run: async () => {
        const signed: SignedRow = { type: 'signed', connection, user: undefined, entry: record };
        await vscode.commands.executeCommand(commandIds.signAgain, signed);
        return false;
      },
    },
  ];
}

function rowActions(services: Services, { connection, found }: LoadedRow): ReportItem[] {
  const { token, user } = found;
  const show: ReportItem = {
    label: '$(list-tree) Show in List',
    run: async () => {
      await revealToken(services, connection, found);
      return false;
    },
  };
  if (!isRevocable(token, services.clock.now())) return [show];
  const withRow = (command: string) => async () => {
    const row: TokenRow = { type: 'token', connection, token, user: user?.id };
    await vscode.commands.executeCommand(command, row);
    return false;
  };
  return [
    show,
    { label: '$(sync) Rotate…', run: withRow(commandIds.rotateToken) },
    { label: '$(trash) Revoke…', run: withRow(commandIds.revokeToken) },
  ];
}

const separator = (label: string): ReportItem => ({ label, kind: vscode.QuickPickItemKind.Separator });

/** One call as that token, to the address that the row named. */
async function ask(
  services: Services,
  { identity }: TokenReport<LoadedRow>,
  token: Secret,
  baseUrl: BaseUrl,
): Promise<string> {
  const { clock, connections, logger } = services;
  const { host } = new URL(baseUrl);
  try {
    const work = { title: `Asking ${host}`, cancellable: true };
    await withLongProgress(services, work, (signal) =>
      connections.tryKey({ baseUrl, key: token }, (api) => api.users.listUsers(undefined, { limit: 1 }, { signal })),
    );
    return aliveVerdict(undefined, identity, clock.now()) ?? '';
  } catch (error) {
    const known = asMagicBellError(error);
    if (known === undefined) throw error;
    logger.info(`check token: ${known.reason}`);
    const verdict = aliveVerdict(known, identity, clock.now());
    return verdict ?? `Not known: ${describeError(error, { operation: 'listUsers', host }).message}`;
  }
}
