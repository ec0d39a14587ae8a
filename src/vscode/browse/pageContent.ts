import * as vscode from 'vscode';
import { activityPage, historyOf } from '../../core/activity/activityText.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { describePlace } from '../../core/delivery/place.ts';
import { type Token, tokenId } from '../../core/model/token.ts';
import { userId } from '../../core/model/user.ts';
import { tokenPage } from '../../core/tokens/tokenPage.ts';
import { tokenName } from '../../core/tokens/tokenPresentation.ts';
import { pageScheme } from './pages.ts';
import type { Services } from '../services.ts';

const activityPath = '/MagicBell Activity';

/** The address of a connection's activity. */
export const activityUri = ({ id }: Connection): vscode.Uri =>
  vscode.Uri.from({
    scheme: pageScheme,
    path: activityPath,
    query: new URLSearchParams({ connection: id }).toString(),
  });

/** The address of a token's page. Its last part is the title of its tab. */
export function tokenUri(connection: Connection, token: Token, user: string | undefined): vscode.Uri {
  const title = tokenName(token).replaceAll(/[/\\]/g, ' ').slice(0, 60);
  const query = new URLSearchParams({
    connection: connection.id,
    kind: token.kind,
    id: token.id ?? '',
    user: user ?? '',
    at: token.createdAt.toISOString(),
  });
  return vscode.Uri.from({ scheme: pageScheme, path: `/tokens/${title} (details)`, query: query.toString() });
}

/** Shows a page in an editor. */
export async function showPage(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}

/** What a page says now. */
export async function contentOf(services: Services, uri: vscode.Uri): Promise<string> {
  await services.connections.start();
  const query = new URLSearchParams(uri.query);
  const connection = services.connections.find(query.get('connection') ?? '');
  if (connection === undefined) return 'The connection of this page was removed here.\n';
  return uri.path === activityPath ? activityContent(services, connection) : tokenContent(services, connection, query);
}

async function activityContent({ activity }: Services, connection: Connection): Promise<string> {
  const activities = await (await activity.log()).read(connection.id);
  return activityPage(activities, connection.baseUrl);
}

async function tokenContent(
  { activity, audits, clock, destinations }: Services,
  { id: connectionId, store }: Connection,
  query: URLSearchParams,
): Promise<string> {
  const id = tokenId(query.get('id') ?? '');
  const owner = userId(query.get('user') ?? '');
  const list = query.get('kind') === 'project' ? store.projectTokens : store.openedTokens(owner);
  // Without an id, its time is all that tells it from others.
  const audited = (await (await audits()).tokens(connectionId)).find(({ token: { id: each } }) => each === id);
  const token =
    list?.find(id) ??
    list?.items.find((each) => each.id === undefined && each.createdAt.toISOString() === query.get('at')) ??
    audited?.token;
  const activities = await (await activity.log()).read(connectionId);
  const history = historyOf(activities, id);
  if (token === undefined) {
    return ['This token is not loaded: show it in its view, or find it again.', '', ...history, ''].join('\n');
  }
  const wasIssuedHere = activities.some((each) => each.what === 'issued' && each.tokenId === id);
  const places = await (await destinations()).ofToken(connectionId, id);
  const content = {
    token,
    user: store.user(owner) ?? audited?.owner,
    history,
    wasIssuedHere,
    destinations: places.map((place) => describePlace(place)),
  };
  return tokenPage(content, clock.now());
}
