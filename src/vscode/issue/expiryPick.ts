import * as vscode from 'vscode';
import { type Expiry, parseExpiry, typedExpiryLabel } from '../../core/tokens/expiry.ts';
import { type PickStep, type StepPosition, type StepResult, showInputStep, showPickStep } from '../ui/quickInput.ts';

/** A list of expiries that also accepts a typed one. */
export interface ExpiryPick<T extends vscode.QuickPickItem> extends Omit<PickStep<T>, 'typed' | 'live' | 'value'> {
  /** Keeps what was typed, for lists that are shown again. */
  readonly draft?: ExpiryDraft;
  /** Rows below "Custom…". */
  readonly moreItems?: readonly T[];
  readonly customHint?: string;
  readonly customPrompt: string;
  /** Describes a typed expiry, below the box of "Custom…". */
  readonly describe: (expiry: Expiry) => string;
  /** The start of typed durations. */
  readonly now: () => Date;
  /** The row for an expiry that is typed; its label is replaced. */
  readonly typedItem: (expiry: Expiry) => T;
}

/** The typed text of an expiry that is not chosen yet. */
export interface ExpiryDraft {
  text: string;
}

/** Shows the list until a row is chosen. A typed duration or date becomes the first row, which Enter accepts. */
export async function showExpiryPick<T extends vscode.QuickPickItem>(step: ExpiryPick<T>): Promise<StepResult<T>> {
  const { now, draft = { text: '' } } = step;
  const custom = {
    label: 'Custom…',
    description: step.customHint ?? 'like 45d, 12h or 2027-03-01',
    // The list is never empty, whatever is typed.
    alwaysShow: true,
  };
  const typed = (value: string): T[] => {
    draft.text = value;
    const parsed = parseExpiry(value, now());
    const label = typedExpiryLabel(value, now());
    if (!parsed.ok || label === undefined || isOffered(step.items, label)) return [];
    // The label states the date; for "never" there may be more to say.
    const description = parsed.expiry.type === 'never' ? step.describe(parsed.expiry) : '';
    return [{ ...step.typedItem(parsed.expiry), label, description, alwaysShow: true }];
  };
  for (;;) {
    const picked = await showPickStep<T | typeof custom>({
      ...step,
      items: [...step.items, custom, ...(step.moreItems ?? [])],
      typed,
      value: draft.text,
    });
    if (picked.type !== 'done') return picked;
    if (!isCustom(picked.value)) return { type: 'done', value: picked.value };
    const { text } = draft;
    // Enter may come before the typed row has appeared.
    const parsed = parseExpiry(text, now());
    if (parsed.ok) return { type: 'done', value: step.typedItem(parsed.expiry) };
    // "cust" was typed to find this row; any other text is an expiry with a mistake in it.
    const isItsName = custom.label.toLowerCase().startsWith(text.trim().toLowerCase());
    const entered = await askCustomExpiry(step, draft, isItsName ? '' : text);
    if (entered.type === 'done') return { type: 'done', value: step.typedItem(entered.value) };
    if (entered.type === 'cancelled') return entered;
  }

  function isCustom(item: T | typeof custom): item is typeof custom {
    return item === custom;
  }
}

/** Whether an existing row has the same label as a typed expiry: "30 days" of "30 days · Dec 30, 2026". */
function isOffered(items: readonly vscode.QuickPickItem[], typedLabel: string): boolean {
  const words = typedLabel.split(' · ', 1)[0];
  return items.some(({ label }) => label === words);
}

/** Asks for a duration or a date, and describes it below the box. */
function askCustomExpiry(
  {
    customPrompt,
    describe,
    now,
    ...position
  }: StepPosition & Pick<ExpiryPick<never>, 'customPrompt' | 'describe' | 'now'>,
  draft: ExpiryDraft,
  value: string,
): Promise<StepResult<Expiry>> {
  return showInputStep<Expiry>({
    ...position,
    canGoBack: true,
    value,
    onDidChangeValue: (text) => {
      draft.text = text;
    },
    prompt: customPrompt,
    check: (text) => {
      if (text === '') return undefined;
      const parsed = parseExpiry(text, now());
      if (!parsed.ok) return parsed.problem;
      return { message: describe(parsed.expiry), severity: vscode.InputBoxValidationSeverity.Info };
    },
    accept: (text) => {
      const parsed = parseExpiry(text, now());
      return parsed.ok ? { ok: true, value: parsed.expiry } : parsed;
    },
  });
}
