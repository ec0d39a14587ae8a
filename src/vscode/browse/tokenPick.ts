import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import { describeError } from '../../core/describeError.ts';
import { displayText } from '../../core/base/displayText.ts';
import { type FoundToken, findTokens } from '../../core/tokens/findTokens.ts';
import type { PagedList } from '../../core/tokens/pagedList.ts';
import type { Token } from '../../core/model/token.ts';
import { type User, unknownUser } from '../../core/model/user.ts';
import {
  compareTokens,
  expiryText,
  presentToken,
  shortId,
  tokenName,
  userName,
} from '../../core/tokens/tokenPresentation.ts';
import { type CheckChoice, checkPasted, secretItems, watchTyping } from './pastedSecrets.ts';
import { UserSearch, type UserSearchState } from '../../core/tokens/userSearch.ts';
import { loadLists } from './loadTokens.ts';
import { loadChoices } from './revocableChoices.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { userItem } from './userPick.ts';

/** Longer lists lag in VS Code, and nobody reads them. */
const maxShown = 100;

type Choice =
  | { readonly type: 'token'; readonly found: FoundToken }
  | { readonly type: 'user'; readonly user: User }
  | CheckChoice
  | { readonly type: 'loadAll' };

interface Item extends vscode.QuickPickItem {
  readonly choice?: Choice;
}

export interface TokenPickOptions {
  readonly title: string;
  /** Whether users that the server finds are offered too. */
  readonly withUsers: boolean;
}

/** Lets the user pick a loaded token, or a user. Undefined when the user cancels. */
export async function pickToken(
  services: Services,
  connection: Connection,
  { title, withUsers }: TokenPickOptions,
): Promise<Exclude<Choice, { type: 'loadAll' | 'check' }> | undefined> {
  let query = '';
  for (;;) {
    const tokens = await ownedTokens(services, connection);
    const picked = await showPickStep<Item>({
      // VS Code drops the headings while somebody types; the title stays.
      title: `${title}, Among the ${tokens.length} Loaded${withUsers ? '; Users at MagicBell' : ''}`,
      items: [],
      placeholder: withUsers
        ? 'Name or id of a token among the loaded ones; email or external id of a user'
        : 'Name or id of a token, among the loaded ones',
      live: (pick) => {
        const search = new UserSearch(
          () => connection.api(),
          () => connection.store.shownUsers,
          services.clock,
        );
        const show = (state: UserSearchState | undefined): void => {
          pick.busy = state?.isSearching ?? false;
          pick.items = [
            ...tokenItems(services, connection, tokens, query),
            ...(state === undefined ? [] : userItems(connection, state)),
          ];
        };
        const update = (value: string): void => {
          query = value;
          if (withUsers && value.trim() !== '') search.search(value);
          else show(undefined);
        };
        search.onDidChange((state) => show(state));
        const typing = watchTyping(pick, {
          onText: update,
          onSecret: (secret) => {
            update('');
            pick.items = secretItems(secret);
          },
        });
        pick.value = query;
        update(query);
        return {
          dispose: () => {
            typing.dispose();
            search.dispose();
          },
        };
      },
    });
    if (picked.type !== 'done') return undefined;
    const { choice } = picked.value;
    if (choice?.type === 'check') {
      await checkPasted(choice.secret);
      return undefined;
    }
    if (choice?.type === 'loadAll') await loadLists(services, connection, partialLists(connection));
    // For a row without a choice, shows the list again, with the typed text.
    else if (choice !== undefined) return choice;
  }
}

/** The partly loaded lists of tokens. */
export function partialLists({ store }: Connection): readonly PagedList<Token>[] {
  return [store.projectTokens, ...store.loadedUserTokens.map(([, list]) => list)].filter((list) => list.hasMore);
}

/** The loaded tokens, user tokens with their user. */
async function ownedTokens(services: Services, connection: Connection): Promise<readonly FoundToken[]> {
  const { store } = connection;
  // Loads the first page of the project's tokens when nothing was shown yet.
  await loadChoices(services, connection);
  const byDefault = compareTokens(connection.now());
  const found: FoundToken[] = [
    ...store.projectTokens.items.map((token) => ({ token })),
    ...store.loadedUserTokens.flatMap(([id, list]) => {
      const user = store.user(id) ?? unknownUser(id);
      return list.items.map((token) => ({ token, user }));
    }),
  ];
  return found.sort((a, b) => byDefault(a.token, b.token));
}

function tokenItems(services: Services, connection: Connection, tokens: readonly FoundToken[], query: string): Item[] {
  const found = findTokens(tokens, query);
  const isPartial = partialLists(connection).length > 0;
  const now = connection.now();
  const items: Item[] = [separator(`Tokens, among the ${tokens.length} loaded`)];
  items.push(
    ...found.slice(0, maxShown).map((each): Item => ({
      label: `$(${presentToken(each.token, now, services.settings.soonDays).icon}) ${tokenName(each.token)}`,
      description: describeFound(each, now),
      alwaysShow: true,
      choice: { type: 'token', found: each },
    })),
  );
  if (found.length === 0) {
    const text = query.trim() === '' ? 'No token is loaded.' : `No loaded token matches “${displayText(query)}”.`;
    items.push({ label: text, alwaysShow: true });
  }
  if (found.length > maxShown)
    items.push({ label: `There are ${found.length - maxShown} more: type on to narrow the search.`, alwaysShow: true });
  if (isPartial) {
    items.push({
      label: '$(arrow-down) Load All',
      description: `only the ${tokens.length} loaded tokens are searched`,
      alwaysShow: true,
      choice: { type: 'loadAll' },
    });
  }
  return items;
}

/** "user token of hana@example.com · expires in 12 days · …a1b2c3" */
function describeFound({ token, user }: FoundToken, now: Date): string {
  const kind = user === undefined ? `${token.kind} token` : `user token of ${userName(user)}`;
  return [kind, expiryText(token, now), ...(token.id === undefined ? [] : [shortId(token.id)])].join(' · ');
}

function userItems(
  { host }: Connection,
  { found, loadedByName, hasMore, error, isSearching }: UserSearchState,
): Item[] {
  const items: Item[] = [separator('Users, searched at MagicBell by email or external id')];
  items.push(...[...found, ...loadedByName].map((user) => userItem(user)));
  if (hasMore) items.push({ label: 'There are more users: type on to narrow the search.', alwaysShow: true });
  if (error !== undefined) {
    const { message } = describeError(error, { operation: 'listUsers', host });
    items.push({ label: message, alwaysShow: true });
  }
  if (items.length === 1) items.push({ label: isSearching ? 'Searching…' : 'No user found.', alwaysShow: true });
  return items;
}

const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
