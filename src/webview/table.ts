import { html, nothing, type TemplateResult } from 'lit-html';
import type { ConnectionMessage, RowMessage } from '../core/overview/protocol.ts';
import { localTime, relativeTime } from '../core/base/timeText.ts';
import type { Column, Sort } from './rowStore.ts';

/** All rows have this height, so that positions are known without rendering. */
const rowHeight = 26;
/** The height of the sticky header row. */
const headHeight = 28;
/** Rows rendered beyond the visible ones, so that scrolling shows no blank area. */
const extraRows = 12;

const titles: Record<Column, string> = {
  name: 'Name',
  owner: 'For',
  project: 'Project',
  created: 'Created',
  expires: 'Expires',
};

/** The data and state that the table renders. */
export interface TableState {
  readonly rows: readonly RowMessage[];
  /** The indexes of the shown rows, in order. */
  readonly places: Uint32Array;
  readonly connections: readonly ConnectionMessage[];
  readonly sort: Sort;
  readonly selected: ReadonlySet<number>;
  /** The index among the shown rows of the one with keyboard focus. */
  readonly active: number;
  readonly scrollTop: number;
  readonly height: number;
  /** The current time of a connection, by its index. */
  readonly nowOf: (connection: number) => number;
  readonly soonDays: number;
}

export interface TableActions {
  sortBy(column: Column): void;
  selectAll(isSelected: boolean): void;
  click(index: number, event: MouseEvent): void;
  toggle(index: number): void;
  open(index: number): void;
  key(event: KeyboardEvent): void;
  scrolled(element: HTMLElement): void;
}

/** The row that a key moves to from the active one; undefined for other keys. */
export function rowAfterKey(key: string, active: number, last: number, height: number): number | undefined {
  const page = Math.max(1, Math.floor((height - headHeight) / rowHeight) - 1);
  const rows: Partial<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: last,
  };
  const row = rows[key];
  return row === undefined ? undefined : Math.min(last, Math.max(0, row));
}

/** Scrolls by the minimum that shows the whole row below the header. */
export function scrollToRow(element: HTMLElement, index: number): void {
  const top = index * rowHeight;
  const seen = element.clientHeight - headHeight;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + rowHeight > element.scrollTop + seen) element.scrollTop = top + rowHeight - seen;
}

/** The table, virtualized: the document contains only the visible rows and a few beyond. */
export function table(state: TableState, actions: TableActions): TemplateResult {
  const { places, rows, active, selected } = state;
  const shown: Column[] =
    state.connections.length > 1
      ? ['name', 'owner', 'project', 'created', 'expires']
      : ['name', 'owner', 'created', 'expires'];
  const first = Math.max(0, Math.floor(state.scrollTop / rowHeight) - extraRows);
  const last = Math.min(places.length, Math.ceil((state.scrollTop + state.height) / rowHeight) + extraRows);
  const indexes = Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset);
  const activeRow = rows[places[active] ?? -1];
  const isActiveDrawn = active >= first && active < last && activeRow !== undefined;
  return html`<div
    id="table"
    class=${state.connections.length > 1 ? 'table has-projects' : 'table'}
    role="grid"
    tabindex="0"
    aria-label="Tokens"
    aria-multiselectable="true"
    aria-rowcount=${places.length + 1}
    aria-colcount=${shown.length + 1}
    aria-activedescendant=${isActiveDrawn ? `row-${activeRow.key}` : nothing}
    @keydown=${(event: KeyboardEvent) => actions.key(event)}
    @scroll=${(event: Event) => actions.scrolled(event.currentTarget as HTMLElement)}
  >
    ${heading(state, shown, actions)}
    <div role="rowgroup" class="rows" .style=${`height: ${places.length * rowHeight}px`}>
      ${indexes.map((index) => {
        const row = rows[places[index] ?? -1];
        return row === undefined ? nothing : rowOf(row, index, shown, state, selected.has(row.key), actions);
      })}
    </div>
  </div>`;
}

function heading(
  { sort, places, selected }: TableState,
  shown: readonly Column[],
  actions: TableActions,
): TemplateResult {
  const isAll = places.length > 0 && selected.size >= places.length;
  return html`<div role="rowgroup" class="head">
    <div role="row" class="row" aria-rowindex="1">
      <div role="columnheader" class="cell check">
        <input
          type="checkbox"
          aria-label="Select all shown tokens"
          .checked=${isAll}
          .indeterminate=${selected.size > 0 && !isAll}
          @change=${(event: Event) => actions.selectAll((event.currentTarget as HTMLInputElement).checked)}
        />
      </div>
      ${shown.map((column) => {
        const isSorted = sort.column === column;
        return html`<div
          role="columnheader"
          class="cell ${column}"
          aria-sort=${isSorted ? (sort.isDescending ? 'descending' : 'ascending') : 'none'}
        >
          <button class="sort" @click=${() => actions.sortBy(column)}>
            ${titles[column]}<span class="arrow" aria-hidden="true"
              >${isSorted ? (sort.isDescending ? '↓' : '↑') : ''}</span
            >
          </button>
        </div>`;
      })}
    </div>
  </div>`;
}

function rowOf(
  row: RowMessage,
  index: number,
  shown: readonly Column[],
  state: TableState,
  isSelected: boolean,
  actions: TableActions,
): TemplateResult {
  const { soonDays, connections } = state;
  const now = state.nowOf(row.connection);
  const condition = conditionOf(row, now, soonDays);
  const expires = row.expiresAt === null ? undefined : new Date(row.expiresAt);
  const created = row.createdAt === null ? undefined : new Date(row.createdAt);
  const open = row.isExpiryUnknown ? 'expiry unknown' : 'never';
  const texts: Record<Column, { readonly text: string; readonly title?: string }> = {
    name: { text: row.name, title: row.id === '' ? row.name : `${row.name}\nID: ${row.id}` },
    owner: { text: row.kind === 'project' ? 'project' : row.owner },
    project: { text: connections[row.connection]?.name ?? '' },
    created:
      created === undefined
        ? { text: 'unknown' }
        : { text: relativeTime(created, new Date(now)), title: localTime(created) },
    expires: {
      text: row.isRevoked ? 'revoked' : expires === undefined ? open : relativeTime(expires, new Date(now)),
      ...(expires === undefined ? {} : { title: localTime(expires) }),
    },
  };
  return html`<div
    role="row"
    id="row-${row.key}"
    class="row body ${condition} ${index === state.active ? 'active' : ''}"
    aria-rowindex=${index + 2}
    aria-selected=${isSelected ? 'true' : 'false'}
    .style=${`top: ${index * rowHeight}px`}
    @click=${(event: MouseEvent) => actions.click(index, event)}
    @dblclick=${() => actions.open(index)}
  >
    <div role="gridcell" class="cell check">
      <input
        type="checkbox"
        tabindex="-1"
        aria-label="Select ${row.name}"
        .checked=${isSelected}
        @click=${(event: Event) => {
          event.stopPropagation();
          actions.toggle(index);
        }}
      />
    </div>
    ${shown.map(
      (column) =>
        html`<div role="gridcell" class="cell ${column}" title=${texts[column].title ?? texts[column].text}>
          ${column === 'expires' ? html`<span class="mark" aria-hidden="true">${marks[condition]}</span>` : nothing}${texts[column].text}${
            column === 'expires' && condition === 'expired' ? html`<span class="heard"> (expired)</span>` : nothing
          }
        </div>`,
    )}
  </div>`;
}

type Condition = 'live' | 'soon' | 'expired' | 'revoked';

/** A symbol beside the colour: colour alone is not accessible. */
const marks: Record<Condition, string> = { live: '', soon: '▲', expired: '●', revoked: '⊘' };

const dayMs = 24 * 60 * 60_000;

function conditionOf({ isRevoked, expiresAt }: RowMessage, now: number, soonDays: number): Condition {
  if (isRevoked) return 'revoked';
  if (expiresAt === null) return 'live';
  if (expiresAt <= now) return 'expired';
  return expiresAt - now <= soonDays * dayMs ? 'soon' : 'live';
}
