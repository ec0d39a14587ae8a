import type * as vscode from 'vscode';
import type { Arrangement, TokenFilter, TokenOrder } from '../../core/tokens/arrangement.ts';
import type { TokenKind } from '../../core/model/token.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import type { View } from '../tree/views.ts';

const orders: readonly { readonly label: string; readonly description: string; readonly order: TokenOrder }[] = [
  { label: 'Created', description: 'newest first, then expired and revoked ones', order: 'created' },
  { label: 'Name', description: '', order: 'name' },
  { label: 'Expiry', description: 'soonest first, then expired and revoked ones', order: 'expires' },
];

interface FilterItem extends vscode.QuickPickItem {
  readonly filter: TokenFilter;
}

const filterItems = (soonDays: number): readonly FilterItem[] => [
  { label: 'All', description: 'no filter', filter: 'all' },
  { label: 'Active', description: '', filter: 'active' },
  { label: 'Expiring Soon', description: withinText(soonDays), filter: 'expiring' },
  { label: 'Expired', description: '', filter: 'expired' },
  { label: 'Never Expiring', description: '', filter: 'neverExpires' },
  { label: 'Revoked', description: '', filter: 'revoked' },
];

function withinText(soonDays: number): string {
  if (soonDays === 0) return 'reminders are off';
  return soonDays === 1 ? 'within a day' : `within ${soonDays} days`;
}

/** "Sort By…", of one view. */
export async function sortTokens({ views }: Services, kind: TokenKind): Promise<void> {
  const current = views[kind].provider.arrangement.order;
  const items = orders.map((item) => marked(item, item.order === current));
  await choose(views[kind], `Sort ${nameOf(kind)}`, 'By what?', items, ({ order }) => ({ order }));
}

/** "Filter…" of one view. From the row that says that the filter hides everything, it clears the filter. */
export async function filterTokens(
  { views, settings }: Services,
  kind: TokenKind,
  isToBeCleared: boolean,
): Promise<void> {
  if (isToBeCleared) {
    await views[kind].arrange({ filter: 'all' });
    return;
  }
  const current = views[kind].provider.arrangement.filter;
  const items = filterItems(settings.soonDays).map((item) => marked(item, item.filter === current));
  await choose(views[kind], `Filter ${nameOf(kind)}`, 'Which tokens should be shown?', items, ({ filter }) => ({
    filter,
  }));
}

const nameOf = (kind: TokenKind): string => (kind === 'project' ? 'Project Tokens' : 'User Tokens');

function marked<T extends vscode.QuickPickItem>(item: T, isCurrent: boolean): T & { readonly isCurrent: boolean } {
  const description = [item.description, isCurrent ? 'current' : ''].filter(Boolean).join(' · ');
  return { ...item, description, isCurrent };
}

async function choose<T extends vscode.QuickPickItem & { readonly isCurrent: boolean }>(
  view: View,
  title: string,
  placeholder: string,
  items: readonly T[],
  changes: (item: T) => Partial<Arrangement>,
): Promise<void> {
  const picked = await showPickStep({ title, items, placeholder, active: items.find(({ isCurrent }) => isCurrent) });
  if (picked.type !== 'done') return;
  await view.arrange(changes(picked.value));
  await view.show();
}
