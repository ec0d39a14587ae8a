import * as vscode from 'vscode';
import { type Expiry, type ExpiryPreset, type ExpiryPresetId, expiryInstant } from '../../core/tokens/expiry.ts';
import { localTime } from '../../core/base/timeText.ts';
import { type Place, describePlaces } from '../../core/delivery/place.ts';
import type { TokenKind } from '../../core/model/token.ts';
import { targetTitles, pickDeliveryTarget } from '../deliver/deliveryTarget.ts';
import type { StepPosition, StepResult } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { type ExpiryDraft, showExpiryPick } from './expiryPick.ts';

export interface ExpiryStep extends StepPosition {
  readonly presets: readonly ExpiryPreset[];
  readonly preselected: ExpiryPresetId;
  /** The time by the server's clock, which judges the token. */
  readonly now: () => Date;
  /** What "never" means for this token. */
  readonly neverText: string;
  /** The prompt of the box for a custom expiry. */
  readonly customPrompt: string;
  /** Holds the chosen destination of the value, which can be changed in the title. */
  readonly delivery: Delivery;
  /** More rows of the list; read each time it is shown. */
  readonly moreItems?: () => readonly ExpiryItem[];
}

/** A choice that is kept when the user goes back and forth between steps. */
export interface Delivery {
  readonly kind: TokenKind;
  /** Empty: the clipboard. */
  places: readonly Place[];
  /** Whether they were chosen in this flow. */
  isChosen: boolean;
  /** What was typed as the expiry before the list was left for another choice or step. */
  expiry?: ExpiryDraft;
}

interface ExpiryItem extends vscode.QuickPickItem {
  readonly expiry?: Expiry;
  /** Changes something else, then the list is shown again. */
  readonly change?: () => Promise<void> | void;
}

/** Asks when a token should expire: the last step of its creation. */
export async function askExpiry(services: Services, step: ExpiryStep): Promise<StepResult<Expiry>> {
  const { delivery, preselected } = step;
  const draft = (delivery.expiry ??= { text: '' });
  const instantText = (expiry: Expiry): string => {
    const instant = expiryInstant(expiry, step.now());
    return instant === undefined ? step.neverText : localTime(instant);
  };
  const presets = step.presets.map(({ id, label, expiry }) => ({
    id,
    label,
    description: instantText(expiry),
    expiry,
  }));
  const chooses = (which: keyof typeof targetTitles, icon: string): ExpiryItem => ({
    label: `$(${icon}) ${targetTitles[which]}`,
    change: async () => {
      const place = await pickDeliveryTarget(services, which, delivery.kind);
      if (place !== undefined) Object.assign(delivery, { places: [place], isChosen: true } satisfies Partial<Delivery>);
    },
  });
  const toDotenv = chooses('dotenv', 'file-code');
  const copyAs = chooses('copyAs', 'copy');
  const toCommand = chooses('command', 'console');
  const toTerminal = chooses('terminal', 'terminal-bash');
  // Buttons for the mouse. They cannot be reached by key, so they are rows as well.
  const titleButtons = [
    { button: { iconPath: new vscode.ThemeIcon('file-code'), tooltip: targetTitles.dotenv }, item: toDotenv },
    { button: { iconPath: new vscode.ThemeIcon('copy'), tooltip: targetTitles.copyAs }, item: copyAs },
  ];
  const separator: ExpiryItem = { label: 'Where the value goes', kind: vscode.QuickPickItemKind.Separator };
  for (;;) {
    const { places } = delivery;
    const question = 'When should it expire?';
    const picked = await showExpiryPick<ExpiryItem>({
      ...step,
      draft,
      items: presets,
      moreItems: [separator, toDotenv, copyAs, toCommand, toTerminal, ...(step.moreItems?.() ?? [])],
      titleButtons,
      active: presets.find(({ id }) => id === preselected),
      placeholder: places.length === 0 ? question : `${question} The value goes ${describePlaces(places)}.`,
      describe: (expiry) => `Expires ${instantText(expiry)}`,
      typedItem: (expiry) => ({ label: '', expiry }),
    });
    if (picked.type !== 'done') return picked;
    const { expiry, change } = picked.value;
    if (expiry !== undefined) return { type: 'done', value: expiry };
    await change?.();
  }
}
