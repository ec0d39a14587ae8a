import * as vscode from 'vscode';
import { type Expiry, parseExpiry, typedExpiryLabel } from '../../core/tokens/expiry.ts';
import type { Services } from '../services.ts';
import { type PickStep, type StepPosition, type StepResult, showInputStep, showPickStep } from '../ui/quickInput.ts';

/** A list of expiries which also takes what is typed into its box. */
export interface ExpiryPick<T extends vscode.QuickPickItem> extends Omit<PickStep<T>, 'typed' | 'live'> {
  /** Rows below "Custom…". */
  readonly moreItems?: readonly T[];
  readonly customHint?: string;
  readonly customPrompt: string;
  /** Says below the box of "Custom…" what is typed there. */
  readonly describe: (expiry: Expiry) => string;
  /** The row for an expiry that is typed; its label is replaced. */
  readonly typedItem: (expiry: Expiry) => T;
}

/** Shows the list until a row is chosen. A duration or a date that is typed is its first row; Enter takes it. */
export async function showExpiryPick<T extends vscode.QuickPickItem>(
  { clock }: Pick<Services, 'clock'>,
  step: ExpiryPick<T>,
): Promise<StepResult<T>> {
  const custom = {
    label: 'Custom…',
    description: step.customHint ?? 'like 45d, 12h or 2027-03-01',
    // The list is never empty, whatever is typed.
    alwaysShow: true,
  };
  let text = '';
  const typed = (value: string): T[] => {
    text = value;
    const parsed = parseExpiry(value, clock.now());
    const label = typedExpiryLabel(value, clock.now());
    if (!parsed.ok || label === undefined || isOffered(step.items, label)) return [];
    // Its label says when; of "never" there may be more to say.
    const description = parsed.expiry.type === 'never' ? step.describe(parsed.expiry) : '';
    return [{ ...step.typedItem(parsed.expiry), label, description, alwaysShow: true }];
  };
  for (;;) {
    const picked = await showPickStep<T | typeof custom>({
      ...step,
      items: [...step.items, custom, ...(step.moreItems ?? [])],
      typed,
    });
    if (picked.type !== 'done') return picked;
    if (!isCustom(picked.value)) return { type: 'done', value: picked.value };
    // Whoever types quickly presses Enter before the typed row is there.
    const parsed = parseExpiry(text, clock.now());
    if (parsed.ok) return { type: 'done', value: step.typedItem(parsed.expiry) };
    // "cust" was typed to find this row; anything else is an expiry with a mistake in it.
    const isItsName = custom.label.toLowerCase().startsWith(text.trim().toLowerCase());
    const entered = await askCustomExpiry({ clock }, step, isItsName ? '' : text);
    if (entered.type === 'done') return { type: 'done', value: step.typedItem(entered.value) };
    if (entered.type === 'cancelled') return entered;
    text = '';
  }

  function isCustom(item: T | typeof custom): item is typeof custom {
    return item === custom;
  }
}

/** Whether a row says already what the label of a typed expiry says: "30 days" of "30 days · Dec 30, 2026". */
function isOffered(items: readonly vscode.QuickPickItem[], typedLabel: string): boolean {
  const words = typedLabel.split(' · ', 1)[0];
  return items.some(({ label }) => label === words);
}

/** Asks for a duration or a date, and shows below the box what it means. */
function askCustomExpiry(
  { clock }: Pick<Services, 'clock'>,
  { customPrompt, describe, ...position }: StepPosition & Pick<ExpiryPick<never>, 'customPrompt' | 'describe'>,
  value: string,
): Promise<StepResult<Expiry>> {
  return showInputStep<Expiry>({
    ...position,
    canGoBack: true,
    value,
    prompt: customPrompt,
    check: (text) => {
      if (text === '') return undefined;
      const parsed = parseExpiry(text, clock.now());
      if (!parsed.ok) return parsed.problem;
      return { message: describe(parsed.expiry), severity: vscode.InputBoxValidationSeverity.Info };
    },
    accept: (text) => {
      const parsed = parseExpiry(text, clock.now());
      return parsed.ok ? { ok: true, value: parsed.expiry } : parsed;
    },
  });
}
