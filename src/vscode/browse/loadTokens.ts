import * as vscode from 'vscode';
import { describeWait } from '../../core/describeWait.ts';
import type { WaitReason } from '../../core/magicbell/magicBellApi.ts';
import { listGapText } from '../../core/tokens/listGap.ts';
import type { AnyPagedList } from '../../core/tokens/pagedList.ts';
import { withLongProgress } from '../ui/progress.ts';
import { reportError } from '../ui/reportError.ts';
import type { Services } from '../services.ts';
import type { Node } from '../tree/nodes.ts';
import type { View } from '../tree/views.ts';
import { ensureSignedIn } from '../connect/setApiKey.ts';

/** "Refresh": loads again what is loaded, in both views, with the views' progress bars. */
export async function refresh(services: Services): Promise<void> {
  if (!(await ensureSignedIn(services))) return;
  const { views, store } = services;
  await services.issuances.scan();
  await Promise.all([
    views.project.withProgress(() => store.projectTokens.refresh()),
    views.user.withProgress(async () => {
      await Promise.all([store.users.refresh(), ...store.loadedUserTokens.map(([, list]) => list.refresh())]);
    }),
  ]);
  await tellFailures(services, [store.projectTokens, store.users]);
}

/** "Load More", and "Retry": the next page of a row's list; without a row, of each view that has more. */
export async function loadMore(services: Services, argument: unknown): Promise<void> {
  if (!(await ensureSignedIn(services))) return;
  const { views } = services;
  const node = argument as Node | undefined;
  if (node?.type === 'loadMore' || node?.type === 'failure') {
    const view = node.list === views.project.provider.list ? views.project : views.user;
    await view.withProgress(() => loadNext(node.list));
    return;
  }
  const lists = withMore(services);
  if (lists.length === 0) {
    tellNothingIsLeft(services);
    return;
  }
  await Promise.all(lists.map(({ view, list }) => view.withProgress(() => loadNext(list))));
  await tellFailures(
    services,
    lists.map(({ list }) => list),
  );
}

function tellNothingIsLeft({ views }: Services): void {
  const gap = [views.project, views.user].map(({ provider }) => provider.list.gap).find((found) => found !== undefined);
  void vscode.window.showInformationMessage(
    gap === undefined
      ? 'Everything is loaded.'
      : `Nothing more can be loaded, and not everything is shown: ${listGapText(gap)}.`,
  );
}

/** The next page, or everything anew where only that mends what failed. */
const loadNext = (list: AnyPagedList): Promise<void> => (list.isStale ? list.refresh() : list.loadMore());

/** "Load All": every page that is left, with progress and cancel. */
export async function loadAll(services: Services): Promise<void> {
  if (!(await ensureSignedIn(services))) return;
  const lists = withMore(services).map(({ list }) => list);
  if (lists.length === 0) {
    tellNothingIsLeft(services);
    return;
  }
  await loadLists(services, lists);
}

/** Loads all that is left of some lists, with progress and cancel, and tells what failed. */
export async function loadLists(services: Services, lists: readonly AnyPagedList[]): Promise<void> {
  await withLongProgress(services, { title: 'Loading all', cancellable: true }, async (signal, report) => {
    const onProgress = (): void => {
      const loaded = lists.reduce((sum, list) => sum + list.items.length, 0);
      report(`${loaded} loaded`);
    };
    const onWait = (until: Date, reason: WaitReason): void => report(describeWait(until, reason));
    await Promise.all(
      lists.map((list) => (list.isStale ? list.refresh() : list.loadAll({ signal, onProgress, onWait }))),
    );
  });
  await tellFailures(services, lists);
}

/** What could be loaded further: the visible views, or both when none is visible. */
function withMore({ views }: Services): readonly { readonly view: View; readonly list: AnyPagedList }[] {
  const all = [views.project, views.user].map((view) => ({ view, list: view.provider.list }));
  const isWanting = ({ list }: { list: AnyPagedList }): boolean =>
    !list.isLoaded || list.hasMore || list.error !== undefined;
  const visible = all.filter(({ view }) => view.tree.visible);
  return (visible.length > 0 ? visible : all).filter(isWanting);
}

/** Somebody asked for it, so a failure is told, once, also when the view is not visible. */
async function tellFailures(services: Services, lists: readonly AnyPagedList[]): Promise<void> {
  const error = lists.map((list) => list.error).find((found) => found !== undefined && found.reason !== 'notOffered');
  if (error !== undefined) await reportError(services, error, { retry: () => refresh(services) });
}
