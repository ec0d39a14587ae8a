import { findingIds } from '../core/overview/findingIds.ts';
import type { OverviewMessage } from '../core/overview/protocol.ts';
import type { Host } from './host.ts';
import { columns, type Expires, type Filter, type Sort } from './rowStore.ts';

/** The user's filter, sorting and scroll position on the Overview. They survive hiding and a reload. */
export interface ViewState {
  readonly filter: Filter;
  readonly sort: Sort;
  readonly scrollTop: number;
  /** The name of the filter's project: its index changes when another project is removed. */
  readonly project?: string | undefined;
}

/** Reads the stored state, with defaults for invalid parts. */
export function keptState(kept: Readonly<Record<string, unknown>>): ViewState {
  const { search, finding, expires, connection, column, isDescending, scrollTop, project } = kept;
  return {
    filter: {
      search: typeof search === 'string' ? search : '',
      finding: findingIds.find((id) => id === finding),
      expires: expiresOf(expires),
      connection: typeof connection === 'number' ? connection : undefined,
    },
    sort: { column: columns.find((each) => each === column) ?? 'expires', isDescending: isDescending === true },
    scrollTop: typeof scrollTop === 'number' ? scrollTop : 0,
    project: typeof project === 'string' ? project : undefined,
  };
}

export function keep(host: Pick<Host<never, never>, 'keep'>, { filter, sort, scrollTop, project }: ViewState): void {
  host.keep({ ...filter, ...sort, scrollTop, project });
}

/** Drops filters whose finding or project no longer exists: they would hide all rows, with no button to clear them. */
export function withLiveFilter(view: ViewState, { connections, findings }: OverviewMessage): ViewState {
  const { finding, connection } = view.filter;
  const names = connections.map(({ name }): string => name);
  const project = view.project ?? names[connection ?? -1] ?? '';
  // Names may not be unique: keep the index if it still has the name.
  const place = connection !== undefined && names[connection] !== project ? names.indexOf(project) : connection;
  return {
    ...view,
    filter: {
      ...view.filter,
      finding: findings.find(({ id }) => id === finding)?.id,
      connection: place === -1 ? undefined : place,
    },
    project: place === undefined || place === -1 ? undefined : project,
  };
}

function expiresOf(value: unknown): Expires | undefined {
  if (value === 'expired' || value === 'never') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const { from, to } = value as Readonly<Record<string, unknown>>;
  return typeof from === 'number' && typeof to === 'number' ? { from, to } : undefined;
}
