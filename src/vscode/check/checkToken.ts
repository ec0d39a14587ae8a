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
import type { TokenRow } from '../../core/browse/rows.ts';
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
  const found = report<LoadedRow>({
    token,
    connections,
    record: await recordOf(services, token),
    defaultBaseUrl: base.ok ? base.baseUrl : undefined,
    now: serverNow(services.clock.now(), offsetMs),
  });
  let answer: string | undefined;
  for (;;) {
    const items = itemsOf(services, found, answer, async (baseUrl) => {
      answer = await ask(services, found, token, baseUrl);
      return true;
    });
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
  services: Services,
  found: TokenReport<LoadedRow>,
  answer: string | undefined,
  askAt: (baseUrl: BaseUrl) => Promise<boolean>,
): ReportItem[] {
  const says = (label: string): ReportItem => ({ label });
  return [
    ...(answer === undefined ? [] : [says(answer)]),
    says(found.summary),
    ...found.lines.map(says),
    ...actionsFor(services, found, askAt),
    ...(found.claims.length === 0 ? [] : [separator('Claims, as they stand in it')]),
    ...found.claims.map(({ name, value }) => ({ label: name, description: value })),
  ];
}

function actionsFor(
  services: Services,
  { row, baseUrls }: TokenReport<LoadedRow>,
  askAt: (baseUrl: BaseUrl) => Promise<boolean>,
): ReportItem[] {
  const asks = baseUrls.map((baseUrl) => ({
    label: `$(pulse) Ask ${new URL(baseUrl).host} Whether It Is Alive`,
    description: 'sends it there, once',
    run: () => askAt(baseUrl),
  }));
  const actions = [...asks, ...(row === undefined ? [] : rowActions(services, row))];
  return actions.length === 0 ? [] : [separator('What can be done'), ...actions];
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
