import * as vscode from 'vscode';
import type { Row } from '../core/browse/rows.ts';
import type { Connection } from '../core/connections/connection.ts';
import type { ErrorContext } from '../core/describeError.ts';
import { clearActivity } from './activity/clearActivity.ts';
import { exportActivity } from './activity/exportActivity.ts';
import { filterTokens, sortTokens } from './browse/arrangeTokens.ts';
import { copyPickedTokenId, copyPickedUserId, copyTokenIds, copyUserIds } from './browse/copyIds.ts';
import { findToken } from './browse/findToken.ts';
import { openUserById, searchUsers } from './browse/findUsers.ts';
import { loadAll, loadMore, refresh } from './browse/loadTokens.ts';
import { pinPicked, pinRows, unpinPicked, unpinRows } from './browse/pinUsers.ts';
import { addConnection, editConnection } from './connect/connections.ts';
import { forgetApiKey } from './connect/forgetApiKey.ts';
import { setApiKey, setFirstApiKey } from './connect/setApiKey.ts';
import { clearClipboard } from './deliver/clearClipboard.ts';
import { createProjectToken, createUserToken } from './issue/createToken.ts';
import { resolveUndelivered } from './pending/resolveUndelivered.ts';
import { settleUndelivered } from './pending/settleUndelivered.ts';
import { finishRotation } from './reminders/finishRotation.ts';
import { rotatePicked, rotateRows } from './reminders/rotateToken.ts';
import { showExpiring } from './reminders/showExpiring.ts';
import { revokePicked, revokeRows } from './revoke/revokeTokens.ts';
import type { Services } from './services.ts';
import { chooseConnection, throwIfRemoved, rowOf, rowsOf, rememberUsed } from './subjects.ts';
import { ContextKey } from './ui/contextKey.ts';
import { type CommandId, commandIds, contextKeys, settingIds } from './ui/ids.ts';
import { openDashboard } from './ui/openDashboard.ts';
import { reportError } from './ui/reportError.ts';

type Type<T extends Row['type']> = Extract<Row, { readonly type: T }>;

/** What a command acts on; it is determined before its flow starts. */
type Command =
  /** No project, or all of them. */
  | { readonly needs: 'nothing'; readonly run: (services: Services, args: readonly unknown[]) => Promise<unknown> }
  /** One project: that of a connection's row, or one that the user picks. */
  | {
      readonly needs: 'connection';
      readonly title: string;
      readonly run: (services: Services, connection: Connection) => Promise<unknown>;
    }
  /** Rows of a type: the rows the command was called on, else something picked in a project. */
  | {
      readonly needs: 'rows';
      readonly type: Row['type'];
      readonly title: string;
      readonly run: (services: Services, rows: readonly Row[]) => Promise<unknown>;
      readonly pick: (services: Services, connection: Connection) => Promise<unknown>;
    };

/** One row of a type: of several, the one that was clicked. */
const onRow = <T extends Row['type']>(
  type: T,
  title: string,
  run: (services: Services, row: Type<T>) => Promise<unknown>,
  pick: (services: Services, connection: Connection) => Promise<unknown>,
): Command => ({
  needs: 'rows',
  type,
  title,
  run: (services, [row]) => run(services, row as Type<T>),
  pick,
});

const inProject = (title: string, run: (services: Services, connection: Connection) => Promise<unknown>): Command => ({
  needs: 'connection',
  title,
  run,
});

const plain = (run: (services: Services, args: readonly unknown[]) => Promise<unknown>): Command => ({
  needs: 'nothing',
  run,
});

/** Each command: what it acts on, and its flow. Loaded with the first command. */
export const commands: Record<CommandId, Command> = {
  [commandIds.setApiKey]: plain(async (services, [argument]) => {
    const row = rowOf(argument);
    const isFirst = (await services.connections.start()).length === 0;
    const connection =
      row?.type === 'connection'
        ? throwIfRemoved(row.connection)
        : isFirst
          ? undefined
          : await chooseConnection(services, 'Set API Key');
    if (connection !== undefined) await setApiKey(services, connection);
    else if (isFirst) await setFirstApiKey(services);
  }),
  [commandIds.forgetApiKey]: plain(async (services, [argument]) => {
    const row = rowOf(argument);
    if ((await services.connections.start()).length === 0) {
      void vscode.window.showInformationMessage('There is no API key to forget.');
      return;
    }
    const connection =
      row?.type === 'connection' ? throwIfRemoved(row.connection) : await chooseConnection(services, 'Forget API Key');
    if (connection !== undefined) await forgetApiKey(services, connection, settleUndelivered);
  }),
  [commandIds.useCliLogin]: plain(async (services) => (await import('./connect/cliLogin.ts')).useCliLogin(services)),
  [commandIds.addConnection]: plain(addConnection),
  [commandIds.editConnection]: inProject('Edit Connection', editConnection),
  [commandIds.createProjectToken]: inProject('Create Project Token', createProjectToken),
  [commandIds.createUserToken]: inProject('Create User Token', createUserToken),
  [commandIds.createTokenInProject]: onRow(
    'connection',
    'Create Token in Project',
    (services, { connection, kind }) =>
      kind === 'project' ? createProjectToken(services, connection) : createUserToken(services, connection),
    createProjectToken,
  ),
  [commandIds.createTokenForUser]: onRow(
    'user',
    'Create Token for User',
    (services, row) => createUserToken(services, row.connection, row),
    createUserToken,
  ),
  [commandIds.revokeToken]: plain(async (services, args) => {
    const rows = rowsOf(services, args);
    const isFromPalette = args[0] === undefined || args[0] === null;
    if (!isFromPalette && rows.length > 0) {
      await revokeRows(services, rows);
      return;
    }
    const title = 'Revoke Tokens';
    const connection = connectionOf(rows) ?? (await chooseConnection(services, title));
    if (connection === undefined) return;
    rememberUsed(services, connection);
    await revokePicked(services, connection, rows);
  }),
  [commandIds.rotateToken]: {
    needs: 'rows',
    type: 'token',
    title: 'Rotate Token',
    run: rotateRows,
    pick: rotatePicked,
  },
  [commandIds.finishRotation]: plain((services, [argument]) => finishRotation(services, rowOf(argument))),
  [commandIds.showExpiring]: plain(showExpiring),
  [commandIds.copyTokenId]: {
    needs: 'rows',
    type: 'token',
    title: 'Copy Token ID',
    run: copyTokenIds,
    pick: copyPickedTokenId,
  },
  [commandIds.copyUserId]: {
    needs: 'rows',
    type: 'user',
    title: 'Copy User ID',
    run: copyUserIds,
    pick: copyPickedUserId,
  },
  [commandIds.refresh]: plain(async (services) => {
    if ((await services.connections.start()).length > 0 || services.connections.state === 'storageFailed')
      await refresh(services);
    else await setFirstApiKey(services);
  }),
  [commandIds.loadMore]: plain((services, [argument]) => loadMore(services, rowOf(argument))),
  [commandIds.loadAll]: plain(loadAll),
  [commandIds.searchUsers]: inProject('Search Users', searchUsers),
  [commandIds.openUserById]: inProject('Open User by ID', openUserById),
  [commandIds.resolveUndelivered]: plain((services, [argument, how]) =>
    resolveUndelivered(services, rowOf(argument), how),
  ),
  [commandIds.signUserToken]: plain(async (services, [argument]) => {
    const { signUserToken } = await import('./issue/signUserToken.ts');
    const row = rowOf(argument);
    if (row?.type === 'user') {
      await signUserToken(services, throwIfRemoved(row.connection), row);
      return;
    }
    const connection = await chooseConnection(services, 'Sign for a User');
    if (connection !== undefined) await signUserToken(services, connection);
  }),
  [commandIds.signAgain]: onRow(
    'signed',
    'Sign Again',
    async (services, row) => (await import('./signing/signedTokens.ts')).signAgain(services, row),
    async (services, connection) => (await import('./signing/signedTokens.ts')).showSignedTokens(services, connection),
  ),
  [commandIds.showSignedTokens]: inProject('Signed Tokens', async (services, connection) =>
    (await import('./signing/signedTokens.ts')).showSignedTokens(services, connection),
  ),
  [commandIds.clearClipboard]: plain(clearClipboard),
  [commandIds.openDashboard]: plain(() => openDashboard('home')),
  [commandIds.openProjectAuth]: plain(() => openDashboard('projectAuth')),
  [commandIds.openUserAuth]: plain(() => openDashboard('userAuth')),
  [commandIds.showLog]: plain((services) => {
    services.logger.show();
    return Promise.resolve();
  }),
  [commandIds.checkToken]: plain(async (services, [argument]) =>
    (await import('./check/checkToken.ts')).checkToken(services, argument),
  ),
  [commandIds.findToken]: inProject('Find Token', findToken),
  [commandIds.sortProjectTokens]: plain((services) => sortTokens(services, 'project')),
  [commandIds.sortUserTokens]: plain((services) => sortTokens(services, 'user')),
  [commandIds.filterProjectTokens]: plain((services, [argument]) =>
    filterTokens(services, 'project', rowOf(argument)?.type === 'noMatch'),
  ),
  [commandIds.filterUserTokens]: plain((services, [argument]) =>
    filterTokens(services, 'user', rowOf(argument)?.type === 'noMatch'),
  ),
  [commandIds.pinUser]: { needs: 'rows', type: 'user', title: 'Pin User', run: pinRows, pick: pinPicked },
  [commandIds.unpinUser]: { needs: 'rows', type: 'user', title: 'Unpin User', run: unpinRows, pick: unpinPicked },
  [commandIds.showTokenDetails]: onRow(
    'token',
    'Show Token Details',
    async (services, row) => (await import('./details/showTokenDetails.ts')).showRowDetails(services, row),
    async (services, connection) =>
      (await import('./details/showTokenDetails.ts')).showPickedDetails(services, connection),
  ),
  [commandIds.revokeMatching]: inProject('Revoke Tokens', async (services, connection) =>
    (await import('./revoke/revokeMatching.ts')).revokeMatching(services, connection),
  ),
  [commandIds.showActivity]: inProject('Show Activity', async (services, connection) =>
    (await import('./activity/showActivity.ts')).showActivity(services, connection),
  ),
  [commandIds.exportActivity]: inProject('Export Activity', exportActivity),
  [commandIds.clearActivity]: inProject('Clear Activity', clearActivity),
  [commandIds.showOverview]: plain(async (services) =>
    (await import('./overview/showOverview.ts')).showOverview(services),
  ),
  [commandIds.exportTokens]: plain(async (services) =>
    (await import('./overview/exportTokens.ts')).exportTokens(services),
  ),
  [commandIds.exportExpiries]: plain(async (services) =>
    (await import('./overview/exportExpiries.ts')).exportExpiries(services),
  ),
  [commandIds.auditUserTokens]: inProject('Audit Users’ Tokens', async (services, connection) =>
    (await import('./audit/auditUserTokens.ts')).auditUserTokens(services, connection),
  ),
  [commandIds.reportIssue]: plain(async (services) => (await import('./reportIssue.ts')).reportIssue(services)),
  [commandIds.openSettings]: plain(() =>
    Promise.resolve(vscode.commands.executeCommand('workbench.action.openSettings', settingIds.apiBaseUrl)),
  ),
};

/** The API operation of a command, where its failures are described in special words. */
const operations: Partial<Record<CommandId, ErrorContext['operation']>> = {
  [commandIds.createProjectToken]: 'createProjectJwt',
  [commandIds.createUserToken]: 'createUserJwt',
  [commandIds.createTokenForUser]: 'createUserJwt',
  [commandIds.rotateToken]: 'createProjectJwt',
};

/** Steps of the walkthrough. VS Code only notices commands itself once the walkthrough was opened. */
const steps: Partial<Record<CommandId, ContextKey<boolean>>> = {
  [commandIds.revokeToken]: new ContextKey(contextKeys.askedToRevoke),
  [commandIds.showExpiring]: new ContextKey(contextKeys.lookedAtExpiring),
};

/** Runs a command inside the one error boundary: whatever a flow throws is reported. */
export async function runCommand(services: Services, id: CommandId, args: readonly unknown[]): Promise<void> {
  let connection: Connection | undefined;
  steps[id]?.set(true);
  try {
    const command = commands[id];
    if (command.needs === 'nothing') {
      connection = rowOf(args[0])?.connection;
      await command.run(services, args);
      return;
    }
    await services.connections.start();
    const rows = command.needs === 'rows' ? rowsOf(services, args).filter(({ type }) => type === command.type) : [];
    connection = connectionOf(
      command.needs === 'rows' ? rows : [rowOf(args[0])].filter((row) => row?.type === 'connection'),
    );
    connection ??= await chooseConnection(services, command.title);
    if (connection === undefined) return;
    rememberUsed(services, throwIfRemoved(connection));
    if (command.needs === 'connection') await command.run(services, connection);
    else await (rows.length > 0 ? command.run(services, rows) : command.pick(services, connection));
  } catch (error) {
    await reportError(services, error, {
      operation: operations[id],
      connection,
      retry: () => runCommand(services, id, args),
    });
  }
}

const connectionOf = (rows: readonly (Row | undefined)[]): Connection | undefined =>
  rows.find((row) => row?.connection !== undefined)?.connection;
