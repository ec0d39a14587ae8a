import { findingIds } from '../core/overview/findingIds.ts';
import type { OverviewMessage } from '../core/overview/protocol.ts';
import type { Host } from './host.ts';
import { columns, type Expires, type Filter, type Sort } from './rowStore.ts';

/** What a person has set on the Overview. It is kept over hiding and reload. */
export interface ViewState {
  readonly filter: Filter;
  readonly sort: Sort;
  readonly scrollTop: number;
}

/** What was kept, as far as it can be read. */
export function keptState(kept: Readonly<Record<string, unknown>>): ViewState {
  const { search, finding, expires, connection, column, isDescending, scrollTop } = kept;
  return {
    filter: {
      search: typeof search === 'string' ? search : '',
      finding: findingIds.find((id) => id === finding),
      expires: expiresOf(expires),
      connection: typeof connection === 'number' ? connection : undefined,
    },
    sort: { column: columns.find((each) => each === column) ?? 'expires', isDescending: isDescending === true },
    scrollTop: typeof scrollTop === 'number' ? scrollTop : 0,
  };
}

export function keep(host: Pick<Host<never, never>, 'keep'>, { filter, sort, scrollTop }: ViewState): void {
  host.keep({ ...filter, ...sort, scrollTop });
}

/** A filter by what is no longer there, as after a reload, would hide all rows, and its button is not there to undo it. */
export function withLiveFilter(view: ViewState, { connections, findings }: OverviewMessage): ViewState {
  const { finding, connection } = view.filter;
  return {
    ...view,
    filter: {
      ...view.filter,
      finding: findings.find(({ id }) => id === finding)?.id,
      connection: connection !== undefined && connection < connections.length ? connection : undefined,
    },
  };
}

function expiresOf(value: unknown): Expires | undefined {
  if (value === 'expired' || value === 'never') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const { from, to } = value as Readonly<Record<string, unknown>>;
  return typeof from === 'number' && typeof to === 'number' ? { from, to } : undefined;
}
