import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import { describeError } from '../../core/describeError.ts';
import { displayText } from '../../core/base/displayText.ts';
import { characterCount, maxFieldLength } from '../../core/magicbell/limits.ts';
import type { Recipient } from '../../core/model/recipient.ts';
import type { User } from '../../core/model/user.ts';
import { presentUser } from '../../core/tokens/tokenPresentation.ts';
import { type CheckChoice, checkPasted, secretItems, watchTyping } from './pastedSecrets.ts';
import { UserSearch, type UserSearchState } from '../../core/tokens/userSearch.ts';
import { type StepPosition, type StepResult, showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';

/** The picked user, or a typed email or external id. */
export type PickedUser =
  { readonly type: 'user'; readonly user: User } | { readonly type: 'typed'; readonly recipient: Recipient };

interface UserItem extends vscode.QuickPickItem {
  readonly choice?: PickedUser | CheckChoice;
}

export interface UserPickOptions extends StepPosition {
  readonly value?: string;
  readonly placeholder: string;
  readonly onDidChangeValue?: (value: string) => void;
  /** Whether a typed email or external id is accepted, for a user who may not exist yet. */
  readonly allowTyped: boolean;
}

/** A user of the list, as the one a token is for. */
export const recipientOf = (user: User): Recipient => ({
  userId: user.id,
  email: user.email,
  externalId: user.externalId,
});

/**
 * Lets the user pick a MagicBell user while typing: the server searches emails and external ids; names are searched
 * among the loaded users.
 */
export async function pickUser(
  services: Services,
  connection: Connection,
  options: UserPickOptions,
): Promise<StepResult<PickedUser>> {
  const { clock } = services;
  const { store, users } = connection;
  let typed = options.value ?? '';
  const result = await showPickStep<UserItem>({
    ...options,
    items: [],
    live: (pick) => {
      const search = new UserSearch(
        () => connection.api(),
        () => store.shownUsers,
        clock,
      );
      search.onDidChange((state) => {
        pick.busy = state.isSearching;
        // VS Code identifies the chosen row by its index. Rows that are about to change are removed first, so that an
        // Enter meant for one of them chooses nothing instead of its successor.
        if (state.isSearching) pick.items = [];
        else if (state.query === '') pick.items = suggestions(connection, state.found);
        else pick.items = itemsFor(state, options.allowTyped, connection.host);
      });
      const typing = watchTyping(pick, {
        onText: (value) => {
          typed = value;
          options.onDidChangeValue?.(value);
          search.search(value);
        },
        onSecret: (secret) => {
          search.search('');
          pick.items = secretItems(secret);
        },
      });
      pick.value = options.value ?? '';
      search.search(pick.value);
      return {
        dispose: () => {
          typing.dispose();
          search.dispose();
        },
      };
    },
  });
  if (result.type !== 'done') return result;
  const { choice } = result.value;
  if (choice?.type === 'check') {
    await checkPasted(choice.secret);
    return { type: 'cancelled' };
  }
  if (choice?.type === 'user') void users.used(choice.user);
  // A row without a choice was accepted: show the list again, with the typed text.
  if (choice === undefined) return pickUser(services, connection, { ...options, value: typed });
  return { type: 'done', value: choice };
}

/** Before anything is typed: pinned and recent users, then the loaded ones. */
function suggestions({ users }: Connection, loaded: readonly User[]): UserItem[] {
  const { pinned, recent } = users;
  const ids = new Set([...pinned, ...recent].map(({ id }) => id));
  const others = loaded.filter(({ id }) => !ids.has(id));
  const groups: readonly (readonly [string, readonly User[]])[] = [
    ['Pinned', pinned],
    ['Recent', recent],
    ['Loaded', others],
  ];
  return groups.flatMap(([label, group]) =>
    group.length === 0
      ? []
      : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...group.map((user) => userItem(user))],
  );
}

function itemsFor(state: UserSearchState, allowTyped: boolean, host: string): UserItem[] {
  const { query, found, loadedByName, hasMore, error, isSearching } = state;
  const items: UserItem[] = found.map((user) => userItem(user));
  if (loadedByName.length > 0) {
    items.push({ label: 'By name, among the loaded users', kind: vscode.QuickPickItemKind.Separator });
    items.push(...loadedByName.map((user) => userItem(user)));
  }
  if (hasMore) items.push({ label: 'There are more: type on to narrow the search.', alwaysShow: true });
  if (error !== undefined)
    items.push({ label: describeError(error, { operation: 'listUsers', host }).message, alwaysShow: true });
  if (allowTyped && query !== '' && characterCount(query) <= maxFieldLength) items.push(...typedItems(state));
  else if (characterCount(query) > maxFieldLength)
    items.push({ label: `At most ${maxFieldLength} characters.`, alwaysShow: true });
  if (items.length === 0 && query !== '' && !isSearching)
    items.push({ label: `Nobody found for “${displayText(query)}”.`, alwaysShow: true });
  return items;
}

/** A user as a row of a list to pick from. */
export function userItem(user: User): vscode.QuickPickItem & { readonly choice: PickedUser & { type: 'user' } } {
  const { label, tooltip } = presentUser(user, undefined);
  // The server has matched it; the pick's own filter must not hide it.
  return {
    label: `$(account) ${label}`,
    description: tooltip.slice(1).join(' · '),
    alwaysShow: true,
    choice: { type: 'user', user },
  };
}

function typedItems({ query, found, hasMore, error }: UserSearchState): UserItem[] {
  const shown = displayText(query);
  const wanted = query.toLowerCase();
  // A user only counts as unknown after a complete search.
  const effect = (isOne: (user: User) => boolean): { readonly description?: string } =>
    error !== undefined || (hasMore && !found.some(isOne))
      ? {}
      : { description: found.some(isOne) ? 'an existing user' : 'makes a new user' };
  const asEmail: UserItem = {
    label: `$(mail) Use “${shown}” as email`,
    ...effect(({ email }) => email?.toLowerCase() === wanted),
    alwaysShow: true,
    choice: { type: 'typed', recipient: { email: query } },
  };
  const asExternalId: UserItem = {
    label: `$(tag) Use “${shown}” as external id`,
    ...effect(({ externalId }) => externalId === query),
    alwaysShow: true,
    choice: { type: 'typed', recipient: { externalId: query } },
  };
  const separator = { label: 'As typed', kind: vscode.QuickPickItemKind.Separator };
  return [separator, ...(query.includes('@') ? [asEmail, asExternalId] : [asExternalId])];
}
