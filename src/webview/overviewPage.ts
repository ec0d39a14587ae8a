import { html, render, type TemplateResult } from 'lit-html';
import type { HostMessage, OverviewMessage, PageMessage, RowMessage, TokenAction } from '../core/overview/protocol.ts';
import { controls } from './controls.ts';
import type { Host } from './host.ts';
import { type Column, type Filter, RowStore, serverTimes } from './rowStore.ts';
import { withoutSecret } from './secretLike.ts';
import { keptState, keep, type ViewState, withLiveFilter } from './viewState.ts';
import { connections, emptyPage, findings, type SummaryActions, timeline, withAudits } from './summary.ts';
import { rowAfterKey, scrollToRow, table } from './table.ts';

/** The Overview: the known tokens of all projects, with findings, search and actions. */
export class OverviewPage {
  private readonly root: HTMLElement;
  private readonly host: Host<HostMessage, PageMessage>;
  private view: ViewState;
  private overview: OverviewMessage | undefined;
  /** The rows received so far of an incomplete overview. */
  private arriving: RowMessage[] = [];
  private store = new RowStore([], []);
  private places: Uint32Array = new Uint32Array();
  private selected = new Set<number>();
  private active = 0;
  private anchor = 0;
  private note = '';

  constructor(root: HTMLElement, host: Host<HostMessage, PageMessage>) {
    this.root = root;
    this.host = host;
    this.view = keptState(host.kept);
  }

  start(): void {
    this.host.onMessage((message) => this.receive(message));
    window.addEventListener('resize', () => this.draw());
    // Tokens may have expired since the last update.
    window.addEventListener('focus', () => this.select());
    this.draw();
    this.host.send({ type: 'ready' });
  }

  private receive(message: HostMessage): void {
    if (message.type === 'overview') {
      this.overview = message;
      this.arriving = [];
    } else if (message.type === 'audits') {
      this.overview &&= withAudits(this.overview, message);
      this.draw();
      return;
    } else {
      if (message.generation !== this.overview?.generation) return;
      this.arriving.push(...message.rows);
    }
    if (this.arriving.length >= this.overview.rowCount) this.adopt(this.overview);
    else this.draw();
  }

  /** Shows the rows of a complete overview. */
  private adopt(overview: OverviewMessage): void {
    const { connections: all } = overview;
    const active = this.rowAt(this.active)?.key;
    this.view = withLiveFilter(this.view, overview);
    keep(this.host, this.view);
    this.store = new RowStore(
      this.arriving,
      all.map(({ name }) => name),
    );
    this.arriving = [];
    const keys = new Set(this.store.rows.map(({ key }) => key));
    this.selected = new Set([...this.selected].filter((key) => keys.has(key)));
    this.select();
    const index = this.places.findIndex((place) => this.store.rows[place]?.key === active);
    this.active = Math.max(0, index);
    this.draw();
    const table = this.tableElement();
    if (table?.scrollTop === 0) table.scrollTop = this.view.scrollTop;
    this.prepare(this.store);
  }

  /** Builds the indexes for sorting and searching step by step, without blocking the page. */
  private prepare(store: RowStore): void {
    setTimeout(() => {
      if (store === this.store && store.prepareNext()) this.prepare(store);
    });
  }

  private select(): void {
    this.places = this.store.select(this.view.filter, this.view.sort, serverTimes(this.overview?.connections));
    this.active = Math.min(this.active, Math.max(0, this.places.length - 1));
    this.draw();
  }

  private change(change: Partial<ViewState>): void {
    this.view = { ...this.view, ...change };
    keep(this.host, this.view);
    this.select();
  }

  private filterBy(change: Partial<Filter>): void {
    this.active = 0;
    this.anchor = 0;
    // Actions must not affect rows that the new filter hides.
    this.selected.clear();
    const filter = { ...this.view.filter, ...change };
    const project = this.overview?.connections[filter.connection ?? -1]?.name;
    this.change({ filter, project, scrollTop: 0 });
    this.tableElement()?.scrollTo({ top: 0 });
  }

  private sortBy(column: Column): void {
    const { sort } = this.view;
    this.change({ sort: { column, isDescending: sort.column === column && !sort.isDescending } });
  }

  private search(input: HTMLInputElement): void {
    this.note = withoutSecret(input);
    this.filterBy({ search: input.value });
  }

  private act(action: TokenAction): void {
    const keys = this.targets();
    if (keys.length > 0) this.host.send({ type: 'act', action, keys });
  }

  /** The rows that an action affects: the selected ones, otherwise the one with keyboard focus. */
  private targets(): readonly number[] {
    if (this.selected.size > 0) return [...this.selected];
    const row = this.rowAt(this.active);
    return row === undefined ? [] : [row.key];
  }

  private rowAt(index: number): RowMessage | undefined {
    return this.store.rows[this.places[index] ?? -1];
  }

  private keysBetween(from: number, to: number): readonly number[] {
    const places = this.places.subarray(Math.min(from, to), Math.max(from, to) + 1);
    return Array.from(places, (place) => this.store.rows[place]?.key ?? -1);
  }

  private click(index: number, event: MouseEvent): void {
    const key = this.rowAt(index)?.key ?? -1;
    if (event.shiftKey) this.selected = new Set(this.keysBetween(this.anchor, index));
    else if (event.ctrlKey || event.metaKey) this.flip(key);
    else this.selected = new Set([key]);
    if (!event.shiftKey) this.anchor = index;
    this.active = index;
    this.draw();
  }

  private flip(key: number): void {
    if (!this.selected.delete(key)) this.selected.add(key);
  }

  private toggle(index: number): void {
    this.flip(this.rowAt(index)?.key ?? -1);
    this.active = index;
    this.anchor = index;
    this.draw();
  }

  private selectAll(isSelected: boolean): void {
    this.selected = new Set(isSelected ? this.keysBetween(0, this.places.length) : []);
    this.draw();
  }

  private key(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget) return;
    const last = this.places.length - 1;
    const to = rowAfterKey(event.key, this.active, last, this.tableElement()?.clientHeight ?? window.innerHeight);
    const isControl = event.ctrlKey || event.metaKey;
    if (to !== undefined && last >= 0) this.moveTo(to, event.shiftKey);
    else if (event.key === ' ') this.toggle(this.active);
    else if (event.key === 'Enter') this.open(this.active);
    else if (event.key === 'Delete') this.act('revoke');
    else if (event.key === 'Escape') this.selectAll(false);
    else if (event.key.toLowerCase() === 'a' && isControl) this.selectAll(true);
    else return;
    event.preventDefault();
  }

  private moveTo(index: number, extends_: boolean): void {
    this.active = index;
    if (extends_) this.selected = new Set(this.keysBetween(this.anchor, index));
    else this.anchor = index;
    const element = this.tableElement();
    if (element !== null) scrollToRow(element, index);
    this.draw();
  }

  private open(index: number): void {
    const row = this.rowAt(index);
    if (row !== undefined) this.host.send({ type: 'act', action: 'details', keys: [row.key] });
  }

  private scrolled({ scrollTop }: HTMLElement): void {
    if (scrollTop === this.view.scrollTop) return;
    this.view = { ...this.view, scrollTop };
    keep(this.host, this.view);
    this.draw();
  }

  private tableElement(): HTMLElement | null {
    return this.root.querySelector('#table');
  }

  private draw(): void {
    render(this.page(), this.root);
  }

  private page(): TemplateResult {
    const { overview } = this;
    if (overview === undefined || overview.connections.length === 0)
      return emptyPage(overview !== undefined, () => this.host.send({ type: 'connect' }));
    const actions: SummaryActions = {
      filterFinding: (finding) => this.filterBy({ finding }),
      filterExpires: (expires) => this.filterBy({ expires }),
      loadAll: () => this.host.send({ type: 'loadAll' }),
      markSeen: () => this.host.send({ type: 'markSeen' }),
      audit: (action, connection) => this.host.send({ type: 'audit', action, connection }),
    };
    return html`<main>
      <h1>Overview</h1>
      ${connections(overview, actions)}
      <section aria-labelledby="findings-title">
        <h2 id="findings-title">Worth a look</h2>
        ${findings(overview, this.view.filter, actions)}
      </section>
      <section aria-labelledby="timeline-title">
        <h2 id="timeline-title">When tokens expire</h2>
        ${timeline(overview, this.view.filter, actions)}
        <p>
          <button class="link" @click=${() => this.host.send({ type: 'exportExpiries' })}>
            Export Expiries as Calendar…
          </button>
        </p>
      </section>
      <section class="tokens" aria-labelledby="tokens-title">
        <h2 id="tokens-title">Tokens</h2>
        ${this.controls(overview)} ${this.table(overview)}
      </section>
    </main>`;
  }

  private controls(overview: OverviewMessage): TemplateResult {
    return controls(
      {
        overview,
        filter: this.view.filter,
        shownCount: this.places.length,
        selectedCount: this.selected.size,
        targetCount: this.targets().length,
        note: this.note,
      },
      {
        search: (input) => this.search(input),
        filterBy: (change) => this.filterBy(change),
        act: (action) => this.act(action),
        exportShown: () => this.exportShown(),
      },
    );
  }

  private exportShown(): void {
    this.host.send({ type: 'export', keys: this.keysBetween(0, this.places.length) });
  }

  private table({ connections: all, soonDays, rowCount }: OverviewMessage): TemplateResult {
    if (this.places.length === 0) {
      const isComing = rowCount > this.store.rows.length;
      return html`<p class="quiet">
        ${isComing ? 'Loading…' : rowCount === 0 ? 'No tokens.' : 'No token matches the filter.'}
      </p>`;
    }
    return table(
      {
        rows: this.store.rows,
        places: this.places,
        connections: all,
        sort: this.view.sort,
        selected: this.selected,
        active: this.active,
        scrollTop: this.view.scrollTop,
        height: this.tableElement()?.clientHeight ?? window.innerHeight,
        nowOf: serverTimes(this.overview?.connections),
        soonDays,
      },
      {
        sortBy: (column) => this.sortBy(column),
        selectAll: (isSelected) => this.selectAll(isSelected),
        click: (index, event) => this.click(index, event),
        toggle: (index) => this.toggle(index),
        open: (index) => this.open(index),
        key: (event) => this.key(event),
        scrolled: (element) => this.scrolled(element),
      },
    );
  }
}
