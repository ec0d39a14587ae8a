import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import type { ExpiryWarning } from '../../core/reminders/expiryWatch.ts';
import { isExpired, warningDetails, warningSubject } from '../../core/reminders/expiryWords.ts';
import { expiryText, tokenName } from '../../core/tokens/tokenPresentation.ts';
import { projectName, titleIn } from '../../core/connections/projectName.ts';
import { showInList } from '../details/showInList.ts';
import { exportExpiries } from '../overview/exportExpiries.ts';
import { confirmAndRevoke } from '../revoke/revokeTokens.ts';
import type { Services } from '../services.ts';
import { showPickStep } from '../ui/quickInput.ts';
import { mute, unmute } from './muting.ts';
import { rotate } from './rotateToken.ts';
import { signWatchedAgain } from './signAgain.ts';

interface Item extends vscode.QuickPickItem {
  /** True: the list is shown again. */
  readonly run?: () => Promise<boolean>;
}

/** "Show Expiring Tokens…": the warnings of all projects, each with its actions. */
export async function showExpiring(services: Services): Promise<void> {
  const { watch } = await services.reminders();
  await services.connections.start();
  await watch.check();
  for (;;) {
    if (watch.warnings.length === 0 && watch.muted.length === 0) {
      void vscode.window.showInformationMessage('No token that was seen here has expired or expires soon.');
      return;
    }
    const picked = await showPickStep<Item>({
      title: 'Expiring Tokens',
      placeholder: summary(watch.warnings.length, watch.muted.length),
      items: listItems(services, watch.warnings, watch.muted),
    });
    if (picked.type !== 'done' || (await picked.value.run?.()) !== true) return;
  }
}

const summary = (count: number, muted: number): string =>
  [count === 1 ? '1 token' : `${count} tokens`, ...(muted === 0 ? [] : [`${muted} muted`])].join(', ');

function listItems(
  services: Services,
  warnings: readonly ExpiryWarning[],
  muted: readonly ExpiryWarning[],
): readonly Item[] {
  const nowOf = (id: string): Date => services.connections.nowOf(id);
  const soon = warnings.filter((warning) => !isExpired(warning, nowOf));
  const expired = warnings.filter((warning) => isExpired(warning, nowOf));
  const group = (label: string, items: readonly Item[]): readonly Item[] =>
    items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
  const all: Item = {
    label: warnings.length === 1 ? '$(bell-slash) Mute It' : `$(bell-slash) Mute All ${warnings.length}`,
    description: 'no longer counted or announced',
    run: async () => {
      await mute(services, warnings);
      return false;
    },
  };
  const calendar: Item = {
    label: '$(calendar) Export Expiries as Calendar…',
    description: 'all that were seen here',
    run: async () => {
      await exportExpiries(services);
      return false;
    },
  };
  return [
    ...soon.flatMap((warning) => tokenItem(services, warning, false)),
    ...group(
      'Expired',
      expired.flatMap((warning) => tokenItem(services, warning, false)),
    ),
    ...group('All of them', [...(warnings.length === 0 ? [] : [all]), calendar]),
    ...group(
      'Muted',
      muted.flatMap((warning) => tokenItem(services, warning, true)),
    ),
  ];
}

function tokenItem(services: Services, warning: ExpiryWarning, isMuted: boolean): readonly Item[] {
  const { connections } = services;
  const connection = connections.find(warning.connectionId);
  if (connection === undefined) return [];
  const project = connections.all.length > 1 || connection.isProduction ? projectName(connection) : undefined;
  return [
    {
      label: tokenName(warning.token),
      description: warningDetails(warning, project, connection.now()),
      run: () => offer(services, connection, warning, isMuted),
    },
  ];
}

/** Offers the actions for a warning. True: back to the list. */
async function offer(
  services: Services,
  connection: Connection,
  warning: ExpiryWarning,
  isMuted: boolean,
): Promise<boolean> {
  const { token } = warning;
  const ending = (work: () => Promise<unknown>) => async () => {
    await work();
    return false;
  };
  const actions: readonly Item[] =
    warning.isSigned === true
      ? [
          {
            label: '$(sync) Sign Again…',
            description: 'for the same user and lifetime',
            run: ending(() => signWatchedAgain(services, connection, warning)),
          },
        ]
      : [
          {
            label: '$(sync) Rotate…',
            description: 'a new one of the same name',
            run: ending(() => rotate(services, connection, token)),
          },
          {
            label: '$(list-tree) Show in List',
            run: ending(() => showInList(services, connection, { token, user: warning.owner })),
          },
          {
            label: '$(trash) Revoke…',
            description: 'it stops working at once',
            run: ending(() => revoke(services, connection, warning)),
          },
        ];
  const items: readonly Item[] = [
    ...actions,
    isMuted
      ? {
          label: '$(bell) Remind Me Again',
          run: async () => {
            await unmute(services, [warning]);
            return true;
          },
        }
      : {
          label: '$(bell-slash) Don’t Remind Me of This Token',
          run: async () => {
            await mute(services, [warning]);
            return true;
          },
        },
  ];
  const picked = await showPickStep<Item>({
    title: titleIn(services, connection, tokenName(token)),
    placeholder:
      warning.isSigned === true
        ? `${warningSubject(warning)} ${expiryText(token, connection.now())}.`
        : expiryText(token, connection.now()),
    items,
    canGoBack: true,
  });
  if (picked.type === 'back') return true;
  return picked.type === 'done' && (await picked.value.run?.()) === true;
}

async function revoke(services: Services, connection: Connection, { token }: ExpiryWarning): Promise<void> {
  // It is known because this connection has listed it, in this window or before.
  connection.store.noteListed(token);
  await confirmAndRevoke(services, connection, [token]);
}
