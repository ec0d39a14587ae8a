import * as vscode from 'vscode';
import { type CommandId, commandIds, settingIds } from './ui/ids.ts';
import type { Services } from './services.ts';
import { filterTokens, sortTokens } from './browse/arrangeTokens.ts';
import { clearActivity } from './activity/clearActivity.ts';
import { clearClipboard } from './deliver/clearClipboard.ts';
import { addConnection, editConnection, switchConnection } from './connect/connections.ts';
import { copyTokenId, copyUserId } from './browse/copyIds.ts';
import { createProjectToken, createUserToken } from './issue/createToken.ts';
import { exportActivity } from './activity/exportActivity.ts';
import { findToken } from './browse/findToken.ts';
import { openUserById, searchUsers } from './browse/findUsers.ts';
import { finishRotation } from './reminders/finishRotation.ts';
import { forgetApiKey } from './connect/forgetApiKey.ts';
import { loadAll, loadMore, refresh } from './browse/loadTokens.ts';
import { pinUser, unpinUser } from './browse/pinUsers.ts';
import { reportIssue } from './reportIssue.ts';
import { resolveUndelivered } from './pending/resolveUndelivered.ts';
import { revokeMatching } from './revoke/revokeMatching.ts';
import { revokeTokens } from './revoke/revokeTokens.ts';
import { rotateToken } from './reminders/rotateToken.ts';
import { setApiKey } from './connect/setApiKey.ts';
import { showActivity } from './activity/showActivity.ts';
import { showExpiring } from './reminders/showExpiring.ts';
import { showTokenDetails } from './browse/showTokenDetails.ts';
import { signUserToken } from './issue/signUserToken.ts';

export type Handler = (services: Services, ...args: readonly unknown[]) => Promise<void>;

/** Each command and its flow. All of this is loaded with the first command. Arguments come from rows and may be absent. */
export const handlers: Record<CommandId, Handler> = {
  [commandIds.setApiKey]: setApiKey,
  [commandIds.forgetApiKey]: forgetApiKey,
  [commandIds.addConnection]: addConnection,
  [commandIds.switchConnection]: switchConnection,
  [commandIds.editConnection]: editConnection,
  [commandIds.createProjectToken]: createProjectToken,
  [commandIds.createUserToken]: createUserToken,
  [commandIds.revokeToken]: revokeTokens,
  [commandIds.rotateToken]: rotateToken,
  [commandIds.finishRotation]: finishRotation,
  [commandIds.showExpiring]: showExpiring,
  [commandIds.copyTokenId]: copyTokenId,
  [commandIds.copyUserId]: copyUserId,
  [commandIds.refresh]: refresh,
  [commandIds.loadMore]: loadMore,
  [commandIds.loadAll]: loadAll,
  [commandIds.searchUsers]: searchUsers,
  [commandIds.openUserById]: openUserById,
  [commandIds.resolveUndelivered]: resolveUndelivered,
  [commandIds.signUserToken]: signUserToken,
  [commandIds.clearClipboard]: clearClipboard,
  [commandIds.openDashboard]: async () => {
    await vscode.env.openExternal(vscode.Uri.parse('https://app.magicbell.com'));
  },
  [commandIds.showLog]: (services) => {
    services.logger.show();
    return Promise.resolve();
  },
  [commandIds.findToken]: findToken,
  [commandIds.sortProjectTokens]: (services) => sortTokens(services, 'project'),
  [commandIds.sortUserTokens]: (services) => sortTokens(services, 'user'),
  [commandIds.filterProjectTokens]: (services, node) => filterTokens(services, 'project', node),
  [commandIds.filterUserTokens]: (services, node) => filterTokens(services, 'user', node),
  [commandIds.pinUser]: pinUser,
  [commandIds.unpinUser]: unpinUser,
  [commandIds.showTokenDetails]: showTokenDetails,
  [commandIds.revokeMatching]: revokeMatching,
  [commandIds.showActivity]: showActivity,
  [commandIds.exportActivity]: exportActivity,
  [commandIds.clearActivity]: clearActivity,
  [commandIds.showOverview]: (services) => services.pages.showOverview(services),
  [commandIds.exportTokens]: async (services) => (await import('./overview/exportTokens.ts')).exportTokens(services),
  [commandIds.reportIssue]: reportIssue,
  [commandIds.openSettings]: async () => {
    await vscode.commands.executeCommand('workbench.action.openSettings', settingIds.apiBaseUrl);
  },
};
