import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import { describePlace, describePlaces, isSamePlace } from '../../core/delivery/place.ts';
import { localTime } from '../../core/base/timeText.ts';
import { type RevocableToken, isKnownInstant, neverExpires } from '../../core/model/token.ts';
import { type Expiry, expiryInstant, expiryPresets } from '../../core/tokens/expiry.ts';
import { targetTitles, pickDeliveryTarget } from '../deliver/deliveryTarget.ts';
import { showExpiryPick } from '../issue/expiryPick.ts';
import type { Delivery } from '../issue/expiryStep.ts';
import type { Services } from '../services.ts';
import { type StepPosition, type StepResult, showMultiPick } from '../ui/quickInput.ts';

const hourMs = 60 * 60_000;

interface ChoiceItem<T> extends vscode.QuickPickItem {
  readonly value: T;
  /** Changes something else, then the list is shown again. */
  readonly change?: () => Promise<void>;
}

/** The lifetime of a token. Undefined: it is not known. */
export function lifetimeOf(token: RevocableToken): Expiry | undefined {
  if (neverExpires(token)) return { type: 'never' };
  if (token.expiresAt === undefined || !isKnownInstant(token.createdAt)) return undefined;
  return { type: 'after', milliseconds: Math.max(1000, token.expiresAt.getTime() - token.createdAt.getTime()) };
}

/** `same`: of several tokens, each keeps its own lifetime. */
export type Lifetime = Expiry | 'same';

/** The lifetime of the token that replaces `old`; 90 days when the old lifetime is not known. */
export function lifetimeAs(lifetime: Lifetime, old: RevocableToken): Expiry {
  if (lifetime !== 'same') return lifetime;
  return lifetimeOf(old) ?? { type: 'after', milliseconds: 90 * 24 * hourMs };
}

/** Asks how long the new token should live. */
export async function askLifetime(
  connection: Connection,
  [old, second]: readonly RevocableToken[],
  position: StepPosition,
): Promise<StepResult<Lifetime>> {
  const until = (expiry: Expiry): string => {
    const instant = expiryInstant(expiry, connection.now());
    return instant === undefined ? 'until it is revoked' : localTime(instant);
  };
  const same = old === undefined ? undefined : lifetimeOf(old);
  const isSeveral = second !== undefined;
  const sameItems: ChoiceItem<Lifetime>[] = isSeveral
    ? [{ label: 'Same lifetime as each old one', description: '90 days where it is not known', value: 'same' }]
    : same === undefined
      ? []
      : [{ label: 'Same lifetime as the old one', description: until(same), value: same }];
  const question = isSeveral ? 'When should the new tokens expire?' : 'When should the new token expire?';
  const picked = await showExpiryPick<ChoiceItem<Lifetime>>({
    ...position,
    placeholder: question,
    items: [
      ...sameItems,
      ...expiryPresets.map(({ label, expiry }) => ({ label, description: until(expiry), value: expiry })),
    ],
    customPrompt: `${question} A duration like 45d or 12h, or a date like 2027-03-01.`,
    describe: until,
    now: () => connection.now(),
    typedItem: (expiry) => ({ label: '', value: expiry }),
  });
  return picked.type === 'done' ? { type: 'done', value: picked.value.value } : picked;
}

/**
 * Asks when the old token should be revoked, in milliseconds after the delivery; undefined: it is kept. The last step:
 * says where the value goes and lets the user change it.
 */
export async function askGrace(
  services: Services,
  position: StepPosition,
  delivery?: Delivery,
): Promise<StepResult<number | undefined>> {
  const { clock } = services;
  const graceMs = (expiry: Expiry): number | undefined => {
    const now = clock.now();
    const instant = expiryInstant(expiry, now);
    return instant === undefined ? undefined : instant.getTime() - now.getTime();
  };
  const question = `When should the old ${delivery === undefined ? 'tokens' : 'token'} be revoked?`;
  for (;;) {
    const places = delivery?.places ?? [];
    const picked = await showExpiryPick<ChoiceItem<number | undefined>>({
      ...position,
      placeholder: places.length === 0 ? question : `${question} The new value goes ${describePlaces(places)}.`,
      items: [
        { label: 'After 24 hours', description: 'time to roll the new one out; you are reminded', value: 24 * hourMs },
        { label: 'Now', description: 'as soon as the new one is delivered', value: 0 },
        { label: 'After 1 hour', value: hourMs },
        { label: 'After 7 days', value: 7 * 24 * hourMs },
      ],
      moreItems: [
        { label: 'Leave it', description: 'the old one stays valid until it expires', value: undefined },
        ...(delivery === undefined ? [] : placeItems(services, delivery)),
      ],
      customHint: 'like 3d or 12h',
      customPrompt: `${question} A duration like 3d or 12h, or a date.`,
      describe: (expiry) => {
        const instant = expiryInstant(expiry, clock.now());
        return instant === undefined ? 'Never' : localTime(instant);
      },
      now: () => clock.now(),
      typedItem: (expiry) => ({ label: '', value: graceMs(expiry) }),
    });
    if (picked.type !== 'done') return picked;
    const { value, change } = picked.value;
    if (change === undefined) return { type: 'done', value };
    await change();
  }
}

/** Rows that change where the new value goes. */
function placeItems(services: Services, delivery: Delivery): ChoiceItem<number | undefined>[] {
  const adds = (which: keyof typeof targetTitles, icon: string): ChoiceItem<number | undefined> => ({
    label: `$(${icon}) ${targetTitles[which]}`,
    description: delivery.places.length === 0 ? '' : 'as well',
    value: undefined,
    change: async () => {
      const place = await pickDeliveryTarget(services, which, delivery.kind);
      if (place === undefined) return;
      delivery.places = [...delivery.places.filter((each) => !isSamePlace(each, place)), place];
    },
  });
  const choose: ChoiceItem<number | undefined> = {
    label: '$(checklist) Choose Among These Places…',
    value: undefined,
    change: async () => {
      const items = delivery.places.map((place) => ({ label: describePlace(place), isTicked: true, place }));
      const picked = await showMultiPick({ title: 'Deliver', placeholder: 'Where should the value go?', items });
      if (picked !== undefined) delivery.places = picked.map(({ place }) => place);
    },
  };
  return [
    { label: 'Where the new value goes', kind: vscode.QuickPickItemKind.Separator, value: undefined },
    ...(delivery.places.length === 0 ? [] : [choose]),
    adds('dotenv', 'file-code'),
    adds('copyAs', 'copy'),
    adds('command', 'console'),
    adds('terminal', 'terminal-bash'),
  ];
}
