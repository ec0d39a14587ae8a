import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import { describeError } from '../../core/describeError.ts';
import { displayText } from '../../core/base/displayText.ts';
import { characterCount, maxFieldLength } from '../../core/magicbell/limits.ts';
import type { Recipient } from '../../core/model/recipient.ts';
import type { User } from '../../core/model/user.ts';
import { presentUser } from '../../core/tokens/tokenPresentation.ts';
import { UserSearch, type UserSearchState } from '../../core/tokens/userSearch.ts';
import { type StepPosition, type StepResult, showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';

/** Who was picked: a user, or what was typed as an email or external id. */
export type PickedUser =
  { readonly type: 'user'; readonly user: User } | { readonly type: 'typed'; readonly recipient: Recipient };

interface UserItem extends vscode.QuickPickItem {
  readonly choice?: PickedUser;
}

export interface UserPickOptions extends StepPosition {
  readonly value?: string;
  readonly placeholder: string;
  readonly onDidChangeValue?: (value: string) => void;
  /** Whether an email or external id may be taken as typed, for a user who need not exist yet. */
  readonly allowTyped: boolean;
}

/** A user of the list, as the one a token is for. */
export const recipientOf = (user: User): Recipient => ({
  userId: user.id,
  email: user.email,
  externalId: user.externalId,
});

/** Lets somebody pick a user while typing: the server searches emails and external ids, names are searched among the loaded ones. */
export async function pickUser(
  services: Services,
  connection: Connection,
  options: UserPickOptions,
): Promise<StepResult<PickedUser>> {
  const { clock } = services;
  const { store, users } = connection;
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
        // VS Code names the chosen row by its position. Rows that are about to change are taken away first: an Enter
        // that meant one of them then chooses nothing, instead of what has come into its place.
        if (state.isSearching) pick.items = [];
        else if (state.query === '') pick.items = suggestions(connection, state.found);
        else pick.items = itemsFor(state, options.allowTyped, connection.host);
      });
      pick.onDidChangeValue((value) => {
        options.onDidChangeValue?.(value);
        search.search(value);
      });
      pick.value = options.value ?? '';
      search.search(pick.value);
      return { dispose: () => search.dispose() };
    },
  });
  if (result.type !== 'done') return result;
  const { choice } = result.value;
  if (choice?.type === 'user') void users.used(choice.user);
  // A row that only says something was accepted: show the list again, with what was typed.
  return choice === undefined ? pickUser(services, connection, options) : { type: 'done', value: choice };
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
  if (allowTyped && query !== '' && characterCount(query) <= maxFieldLength) items.push(...typedItems(query));
  else if (characterCount(query) > maxFieldLength)
    items.push({ label: `At most ${maxFieldLength} characters.`, alwaysShow: true });
  if (items.length === 0 && query !== '' && !isSearching)
    items.push({ label: `Nobody found for “${displayText(query)}”.`, alwaysShow: true });
  return items;
}

/** A user as a row of a list to pick from. */
export function userItem(user: User): vscode.QuickPickItem & { readonly choice: PickedUser & { type: 'user' } } {
  const { label, tooltip } = presentUser(user, undefined);
  // The server decided that it matches; the pick's own filter must not hide it.
  return {
    label: `$(account) ${label}`,
    description: tooltip.slice(1).join(' · '),
    alwaysShow: true,
    choice: { type: 'user', user },
  };
}

function typedItems(query: string): UserItem[] {
  const shown = displayText(query);
  const asEmail: UserItem = {
    label: `$(mail) Use “${shown}” as email`,
    alwaysShow: true,
    choice: { type: 'typed', recipient: { email: query } },
  };
  const asExternalId: UserItem = {
    label: `$(tag) Use “${shown}” as external id`,
    alwaysShow: true,
    choice: { type: 'typed', recipient: { externalId: query } },
  };
  const separator = { label: 'As typed', kind: vscode.QuickPickItemKind.Separator };
  return [separator, ...(query.includes('@') ? [asEmail, asExternalId] : [asExternalId])];
}
