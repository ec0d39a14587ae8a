import { html, nothing, type TemplateResult } from 'lit-html';
import type { OverviewMessage, TokenAction } from '../core/overview/protocol.ts';
import type { Filter } from './rowStore.ts';

/** The data that the controls above the table render. */
export interface ControlsState {
  readonly overview: OverviewMessage;
  readonly filter: Filter;
  readonly shownCount: number;
  readonly selectedCount: number;
  /** The number of tokens that an action would affect. */
  readonly targetCount: number;
  /** A message about the search; empty if there is none. */
  readonly note: string;
}

export interface ControlsActions {
  search(input: HTMLInputElement): void;
  filterBy(change: Partial<Filter>): void;
  act(action: TokenAction): void;
  exportShown(): void;
}

/** The search box, the project filter and the actions on the selected tokens. */
export function controls(state: ControlsState, actions: ControlsActions): TemplateResult {
  return html`${filters(state, actions)}
  ${state.note === '' ? nothing : html`<p class="notice" role="alert">${state.note}</p>`} ${buttons(state, actions)}`;
}

function filters(
  { overview, filter, shownCount, selectedCount }: ControlsState,
  actions: ControlsActions,
): TemplateResult {
  const isFiltered =
    filter.search !== '' || [filter.finding, filter.expires, filter.connection].some((part) => part !== undefined);
  const all = { search: '', finding: undefined, expires: undefined, connection: undefined };
  const selected = selectedCount > 0 ? `, ${selectedCount.toLocaleString('en')} selected` : '';
  return html`<div class="controls">
    <input
      id="search"
      type="search"
      aria-label="Search by name, user or ID"
      placeholder="Search by name, user or ID"
      .value=${filter.search}
      @input=${(event: Event) => actions.search(event.currentTarget as HTMLInputElement)}
    />
    ${overview.connections.length < 2 ? nothing : projectChoice(overview.connections, filter, actions)}
    ${isFiltered ? html`<button @click=${() => actions.filterBy(all)}>Clear Filter</button>` : nothing}
    <span class="quiet" role="status"
      >${shownCount.toLocaleString('en')} of ${overview.rowCount.toLocaleString('en')} tokens${selected}</span
    >
  </div>`;
}

function projectChoice(
  all: OverviewMessage['connections'],
  { connection }: Filter,
  actions: ControlsActions,
): TemplateResult {
  return html`<select
    aria-label="Project"
    @change=${(event: Event) => {
      const { value } = event.currentTarget as HTMLSelectElement;
      actions.filterBy({ connection: value === '' ? undefined : Number(value) });
    }}
  >
    <option value="" .selected=${connection === undefined}>All projects</option>
    ${all.map(({ name }, place) => html`<option value=${place} .selected=${connection === place}>${name}</option>`)}
  </select>`;
}

function buttons({ shownCount, targetCount }: ControlsState, actions: ControlsActions): TemplateResult {
  const button = (action: TokenAction, label: string, isEnabled: boolean): TemplateResult =>
    html`<button ?disabled=${!isEnabled} @click=${() => actions.act(action)}>${label}</button>`;
  return html`<div class="controls" role="group" aria-label="Actions">
    ${button('details', 'Details', targetCount === 1)} ${button('rotate', 'Rotate…', targetCount === 1)}
    ${button('revoke', 'Revoke…', targetCount > 0)} ${button('copyId', 'Copy ID', targetCount === 1)}
    <button ?disabled=${shownCount === 0} @click=${() => actions.exportShown()}>Export…</button>
  </div>`;
}
