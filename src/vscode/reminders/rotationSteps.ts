import type * as vscode from 'vscode';
import { localTime } from '../../core/base/timeText.ts';
import { type RevocableToken, isKnownInstant, neverExpires } from '../../core/model/token.ts';
import { type Expiry, expiryInstant, expiryPresets } from '../../core/tokens/expiry.ts';
import { showExpiryPick } from '../issue/expiryPick.ts';
import type { Services } from '../services.ts';
import type { StepPosition, StepResult } from '../ui/quickInput.ts';

const hourMs = 60 * 60_000;

interface ChoiceItem<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** How long the token was made for. Undefined: that is not known. */
function lifetimeOf(token: RevocableToken): Expiry | undefined {
  if (neverExpires(token)) return { type: 'never' };
  if (token.expiresAt === undefined || !isKnownInstant(token.createdAt)) return undefined;
  return { type: 'after', milliseconds: Math.max(1000, token.expiresAt.getTime() - token.createdAt.getTime()) };
}

/** Asks how long the new token should live. */
export async function askLifetime(
  services: Services,
  old: RevocableToken,
  position: StepPosition,
): Promise<StepResult<Expiry>> {
  const { clock } = services;
  const until = (expiry: Expiry): string => {
    const instant = expiryInstant(expiry, clock.now());
    return instant === undefined ? 'until it is revoked' : localTime(instant);
  };
  const same = lifetimeOf(old);
  const picked = await showExpiryPick<ChoiceItem<Expiry>>(services, {
    ...position,
    placeholder: 'When should the new token expire?',
    items: [
      ...(same === undefined ? [] : [{ label: 'Same lifetime as the old one', description: until(same), value: same }]),
      ...expiryPresets.map(({ label, expiry }) => ({ label, description: until(expiry), value: expiry })),
    ],
    customPrompt: 'When should the new token expire? A duration like 45d or 12h, or a date like 2027-03-01.',
    describe: until,
    typedItem: (expiry) => ({ label: '', value: expiry }),
  });
  return picked.type === 'done' ? { type: 'done', value: picked.value.value } : picked;
}

/** Asks when the old token should be revoked, in milliseconds after the delivery; undefined: it is left alone. */
export async function askGrace(services: Services, position: StepPosition): Promise<StepResult<number | undefined>> {
  const { clock } = services;
  const graceMs = (expiry: Expiry): number | undefined => {
    const now = clock.now();
    const instant = expiryInstant(expiry, now);
    return instant === undefined ? undefined : instant.getTime() - now.getTime();
  };
  const picked = await showExpiryPick<ChoiceItem<number | undefined>>(services, {
    ...position,
    placeholder: 'When should the old token be revoked?',
    items: [
      { label: 'After 24 hours', description: 'time to roll the new one out; you are reminded', value: 24 * hourMs },
      { label: 'Now', description: 'as soon as the new one is copied', value: 0 },
      { label: 'After 1 hour', value: hourMs },
      { label: 'After 7 days', value: 7 * 24 * hourMs },
    ],
    moreItems: [{ label: 'Leave it', description: 'the old one stays valid until it expires', value: undefined }],
    customHint: 'like 3d or 12h',
    customPrompt: 'When should the old token be revoked? A duration like 3d or 12h, or a date.',
    describe: (expiry) => {
      const instant = expiryInstant(expiry, clock.now());
      return instant === undefined ? 'Never' : localTime(instant);
    },
    typedItem: (expiry) => ({ label: '', value: graceMs(expiry) }),
  });
  return picked.type === 'done' ? { type: 'done', value: picked.value.value } : picked;
}
