import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { ActivityEntry, ActivityMessage, ActivityPageMessage } from '../core/activity/activityMessage.ts';
import type { Host } from './host.ts';
import { withoutSecret } from './secretLike.ts';

/** Normalizes text for searching: lower case, and one Unicode form. */
const forSearch = (text: string): string => text.normalize('NFC').toLowerCase();

/** The activity log of a project, as a list with search and filter. */
export class ActivityPage {
  private readonly root: HTMLElement;
  private readonly host: Host<ActivityMessage, ActivityPageMessage>;
  private activity: ActivityMessage | undefined;
  private search: string;
  /** The entries' `what` to filter by; empty: no filter. */
  private what: string;
  private scrollTop: number;
  private note = '';

  constructor(root: HTMLElement, host: Host<ActivityMessage, ActivityPageMessage>) {
    this.root = root;
    this.host = host;
    const { search, what, scrollTop } = host.kept;
    this.search = typeof search === 'string' ? search : '';
    this.what = typeof what === 'string' ? what : '';
    this.scrollTop = typeof scrollTop === 'number' ? scrollTop : 0;
  }

  start(): void {
    this.host.onMessage((activity) => this.receive(activity));
    window.addEventListener('scroll', () => {
      this.scrollTop = window.scrollY;
      this.keep();
    });
    this.draw();
    this.host.send({ type: 'ready' });
  }

  private receive(activity: ActivityMessage): void {
    const isFirst = this.activity === undefined;
    this.activity = activity;
    // Without entries to match, the filter would not be in the list, and could not be cleared.
    if (!activity.entries.some(({ what }) => what === this.what)) this.what = '';
    this.draw();
    if (isFirst) window.scrollTo({ top: this.scrollTop });
    this.keep();
  }

  private keep(): void {
    const { search, what, scrollTop, activity } = this;
    if (activity !== undefined) this.host.keep({ connection: activity.connection, search, what, scrollTop });
  }

  private change(change: { readonly search?: string; readonly what?: string }): void {
    this.search = change.search ?? this.search;
    this.what = change.what ?? this.what;
    this.keep();
    this.draw();
  }

  private draw(): void {
    const { activity } = this;
    render(activity === undefined ? html`<p role="status">Loading…</p>` : this.page(activity), this.root);
  }

  private page(activity: ActivityMessage): TemplateResult {
    const { project, isProduction, isRemoved, entries, kept } = activity;
    if (isRemoved) {
      return html`<main class="sheet">
        <h1>Activity</h1>
        <p class="notice">The connection of this page was removed here.</p>
      </main>`;
    }
    const matching = entries.filter((entry) => this.matches(entry));
    return html`<main>
      <h1>Activity</h1>
      <p class="subtitle quiet">
        ${project}${isProduction ? html` <span class="production">production</span>` : nothing} · What was done from VS
        Code on this computer, newest first. The last ${kept.toLocaleString('en')} entries are kept, never a token’s
        value.
      </p>
      ${this.controls(entries, matching.length)} ${list(entries.length, matching)}
    </main>`;
  }

  private matches({ what, result, name, kind, recipient, id }: ActivityEntry): boolean {
    if (this.what !== '' && what !== this.what) return false;
    const text = forSearch([what, result, name, kind, recipient, id].join('\n'));
    return forSearch(this.search)
      .split(/\s+/)
      .every((word) => text.includes(word));
  }

  private controls(entries: readonly ActivityEntry[], count: number): TemplateResult {
    const kinds = [...new Set(entries.map(({ what }) => what))].sort();
    return html`<div class="controls">
        <input
          type="search"
          aria-label="Search by token, user or ID"
          placeholder="Search by token, user or ID"
          .value=${this.search}
          @input=${(event: Event) => {
            const input = event.currentTarget as HTMLInputElement;
            this.note = withoutSecret(input);
            this.change({ search: input.value });
          }}
        />
        <select
          aria-label="What was done"
          @change=${(event: Event) => this.change({ what: (event.currentTarget as HTMLSelectElement).value })}
        >
          <option value="" .selected=${this.what === ''}>Everything</option>
          ${kinds.map((kind) => html`<option value=${kind} .selected=${this.what === kind}>${kind}</option>`)}
        </select>
        <span class="quiet" role="status">${count.toLocaleString('en')} of ${entries.length.toLocaleString('en')}</span>
      </div>
      ${this.note === '' ? nothing : html`<p class="notice" role="alert">${this.note}</p>`}
      <div class="controls" role="group" aria-label="Actions">
        <button ?disabled=${entries.length === 0} @click=${() => this.host.send({ type: 'export' })}>Export…</button>
        <button ?disabled=${entries.length === 0} @click=${() => this.host.send({ type: 'clear' })}>Clear…</button>
      </div>`;
  }
}

function list(count: number, entries: readonly ActivityEntry[]): TemplateResult {
  if (count === 0) return html`<p class="quiet">Nothing was issued or revoked from here yet.</p>`;
  if (entries.length === 0) return html`<p class="quiet">No entry matches the filter.</p>`;
  return html`<table class="activity">
    <thead>
      <tr>
        <th scope="col">When</th>
        <th scope="col">What</th>
        <th scope="col">Token</th>
      </tr>
    </thead>
    <tbody>
      ${entries.map(
        ({ time, utc, what, result, name, kind, recipient, id }) =>
          html`<tr>
            <td class="when" title=${utc}>${time}</td>
            <td class="what">${what}${result === '' ? nothing : html`<span class="more quiet">${result}</span>`}</td>
            <td class="token">
              ${name === '' ? kind : name}<span class="more quiet"
                >${[
                  ...(name === '' ? [] : [kind]),
                  ...(recipient === '' ? [] : [`for ${recipient}`]),
                  ...(id === '' ? [] : [`ID ${id}`]),
                ].join(', ')}</span
              >
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
