import * as vscode from 'vscode';
import type { Row } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { describeWait } from '../../core/describeWait.ts';
import type { WaitReason } from '../../core/magicbell/magicBellApi.ts';
import { listGapText } from '../../core/tokens/listGap.ts';
import type { AnyPagedList } from '../../core/tokens/pagedList.ts';
import { withLongProgress } from '../ui/progress.ts';
import { reportError } from '../ui/reportError.ts';
import type { Services } from '../services.ts';
import type { View } from '../tree/views.ts';

/** A list of one connection. */
interface ConnectionList {
  readonly connection: Connection;
  readonly list: AnyPagedList;
}

/** "Refresh": reloads what is loaded, in both views and for every connection, with the views' progress bars. */
export async function refresh(services: Services): Promise<void> {
  const { views, connections, issuances } = services;
  await issuances.scan();
  // If SecretStorage failed before, there may be connections now.
  if (connections.state === 'storageFailed') await connections.reload();
  const all = await connections.start();
  // With several connections, those that were not expanded stay unloaded.
  const wanted = all.filter(
    ({ store }) => all.length === 1 || isTouched(store.projectTokens) || isTouched(store.users),
  );
  for (const connection of wanted) connection.askAgain();
  await Promise.all([
    views.project.withProgress(async () => {
      await Promise.all(wanted.map(({ store }) => store.projectTokens.refresh()));
    }),
    views.user.withProgress(async () => {
      const lists = wanted.flatMap(({ store }) => [store.users, ...store.loadedUserTokens.map(([, list]) => list)]);
      await Promise.all(lists.map((list) => list.refresh()));
    }),
  ]);
  await notifyFailures(
    services,
    wanted.flatMap((connection) => [
      { connection, list: connection.store.projectTokens },
      { connection, list: connection.store.users },
    ]),
  );
}

const isTouched = (list: AnyPagedList): boolean => list.isLoaded || list.error !== undefined;

/**
 * "Load More", "Retry" and "Stop Waiting" for a row's list; without a row, the next page of each view that has more.
 */
export async function loadMore(services: Services, row: Row | undefined): Promise<void> {
  const { views } = services;
  if (row?.type === 'waiting') {
    row.list.stopWaiting();
    return;
  }
  if (row?.type === 'loadMore' || row?.type === 'failure') {
    await views[row.kind].withProgress(() => loadNext(row.list));
    return;
  }
  const wanting = withMore(services);
  if (wanting.length === 0) {
    notifyNothingIsLeft(services);
    return;
  }
  await Promise.all(wanting.map(({ view, list }) => view.withProgress(() => loadNext(list))));
  await notifyFailures(services, wanting);
}

function notifyNothingIsLeft({ views }: Services): void {
  const gaps = [views.project, views.user].flatMap(({ provider }) => provider.lists.map(([, list]) => list.gap));
  const gap = gaps.find((found) => found !== undefined);
  void vscode.window.showInformationMessage(
    gap === undefined
      ? 'Everything is loaded.'
      : `Nothing more can be loaded, and not everything is shown: ${listGapText(gap)}.`,
  );
}

/** Loads the next page, or reloads the list when only that fixes its failure. */
const loadNext = (list: AnyPagedList): Promise<void> => (list.isStale ? list.refresh() : list.loadMore());

/** "Load All": loads all remaining pages, with progress and cancel. */
export async function loadAll(services: Services): Promise<void> {
  const wanting = withMore(services);
  if (wanting.length === 0) {
    notifyNothingIsLeft(services);
    return;
  }
  await loadAllOf(services, wanting);
}

/** Loads all remaining pages of some lists of a connection, with progress and cancel, and reports failures. */
export function loadLists(services: Services, connection: Connection, lists: readonly AnyPagedList[]): Promise<void> {
  return loadAllOf(
    services,
    lists.map((list) => ({ connection, list })),
  );
}

async function loadAllOf(services: Services, wanted: readonly ConnectionList[]): Promise<void> {
  const lists = wanted.map(({ list }) => list);
  await withLongProgress(services, { title: 'Loading all', cancellable: true }, async (signal, report) => {
    const onProgress = (): void => {
      const loaded = lists.reduce((sum, list) => sum + list.items.length, 0);
      report(`${loaded} loaded`);
    };
    const onWait = (until: Date, reason: WaitReason): void => report(describeWait(until, reason));
    const options = { signal, onProgress, onWait };
    await Promise.all(
      lists.map(async (list) => {
        if (list.isStale) await list.refresh(options);
        if (!signal.aborted && !list.isStale) await list.loadAll(options);
      }),
    );
  });
  await notifyFailures(services, wanted);
}

/** The lists that have more: of the visible views, or of both when none is visible. */
function withMore({ views }: Services): readonly (ConnectionList & { readonly view: View })[] {
  const both = [views.project, views.user];
  const visible = both.filter(({ tree }) => tree.visible);
  return (visible.length > 0 ? visible : both).flatMap((view) =>
    view.provider.lists
      .filter(([, list]) => !list.isLoaded || list.hasMore || list.error !== undefined)
      .map(([connection, list]) => ({ view, connection, list })),
  );
}

/** The user asked for it, so a failure is reported once, even when the view is not visible. */
async function notifyFailures(services: Services, lists: readonly ConnectionList[]): Promise<void> {
  const failed = lists.find(({ list: { error } }) => error !== undefined && error.reason !== 'notOffered');
  if (failed === undefined) return;
  const { connection, list } = failed;
  await reportError(services, list.error, { connection, retry: () => refresh(services) });
}
