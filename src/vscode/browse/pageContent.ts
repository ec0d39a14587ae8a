import * as vscode from 'vscode';
import { activityPage, historyOf } from '../../core/activity/activityText.ts';
import { type Token, tokenId } from '../../core/model/token.ts';
import { userId } from '../../core/model/user.ts';
import { tokenPage } from '../../core/tokens/tokenPage.ts';
import { tokenName } from '../../core/tokens/tokenPresentation.ts';
import { pageScheme } from './pages.ts';
import type { Services } from '../services.ts';

const activityPath = '/MagicBell Activity';

export const activityUri = vscode.Uri.from({ scheme: pageScheme, path: activityPath });

/** The address of a token's page. Its last part is the title of its tab. */
export function tokenUri(token: Token, user: string | undefined): vscode.Uri {
  const title = tokenName(token).replaceAll(/[/\\]/g, ' ').slice(0, 60);
  const query = new URLSearchParams({
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
  await services.session.start();
  return uri.path === activityPath ? activityContent(services) : tokenContent(services, new URLSearchParams(uri.query));
}

async function activityContent({ activity, session }: Services): Promise<string> {
  const { state } = session;
  if (state.status !== 'signedIn') return 'There is no API key: the activity is kept for each connection.\n';
  const activities = await (await activity.log()).read(state.connection.id);
  return activityPage(activities, state.connection.baseUrl);
}

async function tokenContent({ activity, store, clock }: Services, query: URLSearchParams): Promise<string> {
  const id = tokenId(query.get('id') ?? '');
  const owner = userId(query.get('user') ?? '');
  const list = query.get('kind') === 'project' ? store.projectTokens : store.tokensOf(owner);
  // Without an id, its time is all that tells it from others.
  const token =
    list.find(id) ??
    list.items.find((each) => each.id === undefined && each.createdAt.toISOString() === query.get('at'));
  const { connectionId } = activity;
  const activities = connectionId === undefined ? [] : await (await activity.log()).read(connectionId);
  const history = historyOf(activities, id);
  if (token === undefined) {
    return ['This token is not loaded: show it in its view, or find it again.', '', ...history, ''].join('\n');
  }
  const wasIssuedHere = activities.some((each) => each.what === 'issued' && each.tokenId === id);
  return tokenPage({ token, user: store.user(owner), history, wasIssuedHere }, clock.now());
}
