import { html, nothing, render, type TemplateResult } from 'lit-html';
import type {
  SheetAction,
  SheetButton,
  SheetLook,
  SheetMessage,
  SheetPageMessage,
  SheetRow,
  SheetSection,
} from '../core/pages/sheet.ts';
import type { Host } from './host.ts';

/** A symbol beside the colour: colour alone is not accessible. */
const marks: Record<SheetLook, string> = { active: '✓', soon: '▲', expired: '●', revoked: '⊘', unknown: '?' };

/** A page about one token, with its data and actions. */
export class SheetPage {
  private readonly root: HTMLElement;
  private readonly host: Host<SheetMessage, SheetPageMessage>;
  private sheet: SheetMessage | undefined;
  private scrollTop: number;

  constructor(root: HTMLElement, host: Host<SheetMessage, SheetPageMessage>) {
    this.root = root;
    this.host = host;
    const { scrollTop } = host.kept;
    this.scrollTop = typeof scrollTop === 'number' ? scrollTop : 0;
  }

  start(): void {
    this.host.onMessage((sheet) => this.receive(sheet));
    window.addEventListener('scroll', () => {
      this.scrollTop = window.scrollY;
      this.keep();
    });
    this.draw();
    this.host.send({ type: 'ready' });
  }

  private receive(sheet: SheetMessage): void {
    const isFirst = this.sheet === undefined;
    this.sheet = sheet;
    this.draw();
    if (isFirst) window.scrollTo({ top: this.scrollTop });
    this.keep();
  }

  /** After a reload, VS Code restores the page from its subject. */
  private keep(): void {
    if (this.sheet !== undefined) this.host.keep({ subject: this.sheet.subject, scrollTop: this.scrollTop });
  }

  private act(action: SheetAction, place = 0): void {
    this.host.send({ type: 'act', action, place });
  }

  private draw(): void {
    render(this.sheet === undefined ? html`<p role="status">Loading…</p>` : this.page(this.sheet), this.root);
  }

  private page(sheet: SheetMessage): TemplateResult {
    const { title, subtitle, isProduction, answer, notices, facts, buttons, sections } = sheet;
    return html`<main class="sheet">
      <h1>${title}</h1>
      <p class="subtitle quiet">
        ${subtitle}${isProduction ? html` <span class="production">production</span>` : nothing}
      </p>
      ${state(sheet)}
      <div class="answer" role="status">${answer === '' ? nothing : html`<p class="notice">${answer}</p>`}</div>
      ${
        notices.length === 0
          ? nothing
          : html`<ul class="notices">
              ${notices.map((each) => html`<li class="notice">${each}</li>`)}
            </ul>`
      }
      ${
        buttons.length === 0
          ? nothing
          : html`<div class="controls" role="group" aria-label="Actions">
              ${buttons.map((each) => this.button(each))}
            </div>`
      }
      ${facts.length === 0 ? nothing : html`<dl class="facts">${facts.map((each) => this.fact(each))}</dl>`}
      ${sections.map((each) => this.section(each))}
    </main>`;
  }

  private button({ action, place, label, hint }: SheetButton): TemplateResult {
    return html`<button class=${action} title=${hint === '' ? nothing : hint} @click=${() => this.act(action, place)}>
      ${label}
    </button>`;
  }

  private fact({ label, value, more, action }: SheetRow): TemplateResult {
    return html`<dt>${label}</dt>
      <dd>
        <span class="value">${value}</span>
        ${
          action === null ? nothing : html`<button class="link" @click=${() => this.act(action)}>Copy ${label}</button>`
        }
        ${more === '' ? nothing : html`<span class="more quiet">${more}</span>`}
      </dd>`;
  }

  private section({ title, rows, empty }: SheetSection): TemplateResult {
    return html`<section>
      <h2>${title}</h2>
      ${
        rows.length === 0
          ? html`<p class="quiet">${empty}</p>`
          : html`<dl class="facts">${rows.map((each) => this.fact(each))}</dl>`
      }
    </section>`;
  }
}

/** The token's state, and how much of its lifetime has passed. */
function state({ look, state: words, life }: SheetMessage): TemplateResult | typeof nothing {
  if (words === '') return nothing;
  const share = life === null ? 0 : Math.min(1, Math.max(0, (Date.now() - life.from) / (life.to - life.from)));
  return html`<div class="state ${look}">
    <p class="words"><span class="mark" aria-hidden="true">${marks[look]}</span>${words}</p>
    ${
      life === null
        ? nothing
        : html`<div class="life" role="img" aria-label="${Math.round(share * 100)} percent of its lifetime has passed">
              <span class="fill" .style=${`--share: ${share}`}></span>
            </div>
            <p class="ends quiet"><span>${life.fromText}</span><span>${life.toText}</span></p>`
    }
  </div>`;
}
