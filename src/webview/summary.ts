import { html, nothing, type TemplateResult } from 'lit-html';
import { type FindingId, manyTokens } from '../core/overview/findingIds.ts';
import type { AuditMessage, AuditsMessage, OverviewMessage } from '../core/overview/protocol.ts';
import type { Expires, Filter } from './rowStore.ts';

/** The actions of the sections above the table. */
export interface SummaryActions {
  filterFinding(finding: FindingId | undefined): void;
  filterExpires(expires: Expires | undefined): void;
  loadAll(): void;
  markSeen(): void;
  audit(action: AuditButton, connection: number): void;
}

const findingTitles: Record<FindingId, (soonDays: number) => string> = {
  expiresSoon: (soonDays) => `expire within ${soonDays} ${soonDays === 1 ? 'day' : 'days'}`,
  madeElsewhere: () => 'made elsewhere since you last looked',
  neverExpires: () => 'never expire',
  livesLong: () => 'live longer than a year',
  expiredListed: () => 'have expired, but are still listed',
  sameName: () => 'share their name with another token',
  manyTokens: () => `belong to users with more than ${manyTokens} tokens`,
};

/** The page while it loads, and without connections. */
export const emptyPage = (isKnown: boolean, connect: () => void): TemplateResult =>
  html`<main>
    <h1>Overview</h1>
    ${
      isKnown
        ? html`<p>Connect a project to see its tokens here.</p>
            <button class="primary" @click=${connect}>Set API Key…</button>`
        : html`<p role="status">Loading…</p>`
    }
  </main>`;

/** The overview with updated audits. */
export const withAudits = (overview: OverviewMessage, { audits }: AuditsMessage): OverviewMessage => ({
  ...overview,
  connections: overview.connections.map((connection, place) => ({
    ...connection,
    audit: audits[place] ?? connection.audit,
  })),
});

/** The connections with names, counts, problems and audits, and a notice if lists are not fully loaded. */
export function connections({ connections: all }: OverviewMessage, actions: SummaryActions): TemplateResult {
  return html`<ul class="connections" aria-label="Projects">
      ${all.map(
        ({ name, isProduction, count, problem, audit }, place) =>
          html`<li>
            <strong>${name}</strong>${isProduction ? html` <span class="production">production</span>` : nothing}
            <span class="quiet">${count.toLocaleString('en')} ${count === 1 ? 'token' : 'tokens'}</span>
            ${problem === '' ? nothing : html`<span class="problem">${problem}</span>`}
            ${auditOf(audit, name, (action) => actions.audit(action, place))}
          </li>`,
      )}
    </ul>
    ${
      all.some(({ hasMore }) => hasMore)
        ? html`<p class="notice">
            Only what is loaded is shown here.
            <button class="link" @click=${() => actions.loadAll()}>Load All</button>
          </p>`
        : nothing
    }`;
}

type AuditButton = 'start' | 'pause' | 'resume' | 'cancel';

const auditButtons: Record<AuditMessage['state'], readonly (readonly [AuditButton, string])[]> = {
  none: [['start', 'Audit Users’ Tokens']],
  running: [
    ['pause', 'Pause'],
    ['cancel', 'Stop and Discard'],
  ],
  waiting: [
    ['pause', 'Pause'],
    ['cancel', 'Stop and Discard'],
  ],
  paused: [
    ['resume', 'Resume'],
    ['cancel', 'Discard'],
  ],
  failed: [
    ['resume', 'Resume'],
    ['cancel', 'Discard'],
  ],
  elsewhere: [['start', 'Audit Here']],
  done: [['start', 'Audit Again']],
};

/** The progress of a project's audit, and its actions. */
function auditOf(
  { state, done, total, text }: AuditMessage,
  project: string,
  act: (action: AuditButton) => void,
): TemplateResult {
  const isUnderWay = state !== 'none' && state !== 'done' && total > 0;
  return html`<div class="audit ${state}">
    ${isUnderWay ? html`<progress aria-label="Audit of ${project}" max=${total} .value=${done}></progress>` : nothing}
    ${text === '' ? nothing : html`<span class=${state === 'failed' ? 'problem' : 'quiet'}>${text}</span>`}
    ${auditButtons[state].map(
      ([action, label]) => html`<button class="link" @click=${() => act(action)}>${label}</button>`,
    )}
  </div>`;
}

/** The findings, as buttons that filter the table by one of them. */
export function findings(
  { findings: all, soonDays }: OverviewMessage,
  filter: Filter,
  actions: SummaryActions,
): TemplateResult {
  if (all.length === 0) return html`<p class="quiet">Nothing stands out.</p>`;
  return html`<ul class="findings">
    ${all.map(({ id, count }) => {
      const isPressed = filter.finding === id;
      return html`<li>
        <button
          class="finding ${id}"
          aria-pressed=${isPressed ? 'true' : 'false'}
          @click=${() => actions.filterFinding(isPressed ? undefined : id)}
        >
          <span class="count">${count.toLocaleString('en')}</span> ${findingTitles[id](soonDays)}
        </button>
        ${
          id === 'madeElsewhere'
            ? html`<button class="link" @click=${() => actions.markSeen()}>Mark as Seen</button>`
            : nothing
        }
      </li>`;
    })}
  </ul>`;
}

interface Bar {
  readonly label: string;
  /** Text for screen readers after the label, which has no room for it. */
  readonly more: string;
  readonly count: number;
  readonly expires: Expires;
  readonly look: 'past' | 'month' | 'never';
}

const monthFormat = new Intl.DateTimeFormat('en', { month: 'short' });

/** A bar chart of expiries. Each bar is a button that filters the table. */
export function timeline({ timeline: all }: OverviewMessage, filter: Filter, actions: SummaryActions): TemplateResult {
  const end = all.months.at(-1)?.to ?? 0;
  const bars: Bar[] = [
    { label: 'Expired', more: '', count: all.expired, expires: 'expired', look: 'past' },
    ...all.months.map(({ from, to, count }): Bar => {
      // The first span starts now, in the middle of a month.
      const start = new Date(from);
      const isYear = start.getMonth() === 0;
      return {
        label: isYear
          ? `${monthFormat.format(start)} ’${String(start.getFullYear() % 100)}`
          : monthFormat.format(start),
        more: isYear ? '' : ` ${start.getFullYear()}`,
        count,
        expires: { from, to },
        look: 'month',
      };
    }),
    { label: 'Later', more: '', count: all.later, expires: { from: end, to: Number.MAX_SAFE_INTEGER }, look: 'month' },
    { label: 'Never', more: '', count: all.never, expires: 'never', look: 'never' },
  ];
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return html`<ol class="timeline">
    ${bars.map(({ label, more, count, expires, look }) => {
      const isPressed = filter.expires !== undefined && isSame(filter.expires, expires);
      return html`<li>
        <button
          class="bar ${look}"
          aria-pressed=${isPressed ? 'true' : 'false'}
          @click=${() => actions.filterExpires(isPressed ? undefined : expires)}
        >
          <span class="number"
            >${count === 0 ? '' : count.toLocaleString('en')}<span class="heard"
              >${count === 0 ? 'no tokens: ' : count === 1 ? ' token: ' : ' tokens: '}</span
            ></span
          >
          <span class="track"
            ><span class="fill" .style=${`--share: ${count === 0 ? 0 : Math.max(0.03, count / most)}`}></span
          ></span>
          <span class="label">${label}<span class="heard">${more}</span></span>
        </button>
      </li>`;
    })}
  </ol>`;
}

/** Compares spans by their end: the start of the first one changes with each overview. */
const isSame = (a: Expires, b: Expires): boolean =>
  typeof a === 'object' && typeof b === 'object' ? a.to === b.to : a === b;
