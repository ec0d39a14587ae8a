import * as vscode from 'vscode';
import { type CommandId, commandIds, settingIds } from '../ids.ts';
import type { Services } from '../services.ts';

export type Handler = (services: Services, ...args: readonly unknown[]) => Promise<void>;

/** Each command and its flow. This table is loaded with the first command, a flow when it is first used. Arguments come from rows and may be absent. */
export const handlers: Record<CommandId, Handler> = {
  [commandIds.setApiKey]: async (services) => (await import('./setApiKey.ts')).setApiKey(services),
  [commandIds.forgetApiKey]: async (services) => (await import('./forgetApiKey.ts')).forgetApiKey(services),
  [commandIds.addConnection]: async (services) => (await import('./connections.ts')).addConnection(services),
  [commandIds.switchConnection]: async (services) => (await import('./connections.ts')).switchConnection(services),
  [commandIds.editConnection]: async (services) => (await import('./connections.ts')).editConnection(services),
  [commandIds.createProjectToken]: async (services) => (await import('./createToken.ts')).createProjectToken(services),
  [commandIds.createUserToken]: async (services, node) =>
    (await import('./createToken.ts')).createUserToken(services, node),
  [commandIds.revokeToken]: async (services, node, nodes) =>
    (await import('./revokeTokens.ts')).revokeTokens(services, node, nodes),
  [commandIds.rotateToken]: async (services, node) => (await import('./rotateToken.ts')).rotateToken(services, node),
  [commandIds.finishRotation]: async (services, node) =>
    (await import('./finishRotation.ts')).finishRotation(services, node),
  [commandIds.showExpiring]: async (services) => (await import('./showExpiring.ts')).showExpiring(services),
  [commandIds.copyTokenId]: async (services, node) => (await import('./copyIds.ts')).copyTokenId(services, node),
  [commandIds.copyUserId]: async (services, node) => (await import('./copyIds.ts')).copyUserId(services, node),
  [commandIds.refresh]: async (services) => (await import('./loadTokens.ts')).refresh(services),
  [commandIds.loadMore]: async (services, node) => (await import('./loadTokens.ts')).loadMore(services, node),
  [commandIds.loadAll]: async (services) => (await import('./loadTokens.ts')).loadAll(services),
  [commandIds.searchUsers]: async (services) => (await import('./findUsers.ts')).searchUsers(services),
  [commandIds.openUserById]: async (services) => (await import('./findUsers.ts')).openUserById(services),
  [commandIds.resolveUndelivered]: async (services, node, how) =>
    (await import('./resolveUndelivered.ts')).resolveUndelivered(services, node, how),
  [commandIds.signUserToken]: async (services, node) =>
    (await import('./signUserToken.ts')).signUserToken(services, node),
  [commandIds.clearClipboard]: async (services) => (await import('./clearClipboard.ts')).clearClipboard(services),
  [commandIds.openDashboard]: async () => {
    await vscode.env.openExternal(vscode.Uri.parse('https://app.magicbell.com'));
  },
  [commandIds.showLog]: (services) => {
    services.logger.show();
    return Promise.resolve();
  },
  [commandIds.findToken]: async (services) => (await import('./findToken.ts')).findToken(services),
  [commandIds.sortProjectTokens]: async (services) =>
    (await import('./arrangeTokens.ts')).sortTokens(services, 'project'),
  [commandIds.sortUserTokens]: async (services) => (await import('./arrangeTokens.ts')).sortTokens(services, 'user'),
  [commandIds.filterProjectTokens]: async (services, node) =>
    (await import('./arrangeTokens.ts')).filterTokens(services, 'project', node),
  [commandIds.filterUserTokens]: async (services, node) =>
    (await import('./arrangeTokens.ts')).filterTokens(services, 'user', node),
  [commandIds.pinUser]: async (services, node) => (await import('./pinUsers.ts')).pinUser(services, node),
  [commandIds.unpinUser]: async (services, node) => (await import('./pinUsers.ts')).unpinUser(services, node),
  [commandIds.showTokenDetails]: async (services, node) =>
    (await import('./showTokenDetails.ts')).showTokenDetails(services, node),
  [commandIds.revokeMatching]: async (services) => (await import('./revokeMatching.ts')).revokeMatching(services),
  [commandIds.showActivity]: async (services) => (await import('./showActivity.ts')).showActivity(services),
  [commandIds.exportActivity]: async (services) => (await import('./exportActivity.ts')).exportActivity(services),
  [commandIds.clearActivity]: async (services) => (await import('./clearActivity.ts')).clearActivity(services),
  [commandIds.reportIssue]: async (services) => (await import('./reportIssue.ts')).reportIssue(services),
  [commandIds.openSettings]: async () => {
    await vscode.commands.executeCommand('workbench.action.openSettings', settingIds.apiBaseUrl);
  },
};
