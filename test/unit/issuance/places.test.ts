import assert from 'node:assert/strict';
import type { DeliveryOutcome } from '../../../src/core/delivery/clipboard.ts';
import { type Place, isSamePlace, placeKey, plainClipboard } from '../../../src/core/delivery/place.ts';
import type { Issuance } from '../../../src/core/issuance/issuance.ts';
import { isLastDelivery, openBesideClipboard, openPlaces, progressAt } from '../../../src/core/issuance/places.ts';
import { anIssuance } from '../../support/builders.ts';
import { type IssuanceWindow, Machine } from '../../support/issuanceWindow.ts';
import { settled } from '../../support/lifeline.ts';

const inFolder = { folder: '/work', agreed: [] };
const env: Place = { ...inFolder, type: 'dotenv', path: '/work/.env', shown: '.env', variable: 'TOKEN' };
const command = (program: string): Place => ({
  ...{ type: 'command', label: program, folder: '/work', opensStdin: false },
  steps: [[program, 'set', 'TOKEN']],
});
const gh = command('gh');
const vercel = command('vercel');
const places = [env, gh, vercel];

/** Programs and files that outlive every window: each keeps what it was given. */
class Outside {
  readonly received = new Map<string, string[]>();

  take(place: Place, value: string): void {
    this.received.set(placeKey(place), [...(this.received.get(placeKey(place)) ?? []), value]);
  }

  at(place: Place): readonly string[] {
    return this.received.get(placeKey(place)) ?? [];
  }
}

describe('The places of a value', () => {
  const { request } = anIssuance();
  const requested = { ...request, places: [plainClipboard, ...places] };

  it('are offered beside the clipboard until each has the value', () => {
    assert.deepEqual(openBesideClipboard({ request }), []);
    assert.deepEqual(openBesideClipboard({ request: requested }), places);
    assert.deepEqual(openBesideClipboard({ request: requested, placesDone: [env, vercel] }), [gh]);
    assert.deepEqual(openBesideClipboard({ request: requested, placesDone: places }), []);
    assert.deepEqual(openPlaces({ request: requested, placesDone: places }), [plainClipboard]);
  });

  it('are recorded once they have it, each once, and no longer as in hand', () => {
    assert.deepEqual(progressAt({}, env, 'confirmed'), { placeInHand: undefined, placesDone: [env] });
    assert.deepEqual(progressAt({ placesDone: [env] }, gh, 'confirmed').placesDone, [env, gh]);
    assert.deepEqual(progressAt({ placesDone: [env, gh] }, { ...env, agreed: ['tracked'] }, 'confirmed'), {
      placeInHand: undefined,
    });
    assert.deepEqual(progressAt({ placesDone: [env] }, gh, 'failed'), { placeInHand: undefined });
  });

  it('are not recorded when none was asked for', () => {
    assert.deepEqual(progressAt({}, undefined, 'confirmed'), {});
    assert.deepEqual(progressAt({ placesDone: [env] }, undefined, 'confirmed'), {});
  });

  it('end the delivery with the last of them, or with any other', () => {
    assert.equal(isLastDelivery({ request: requested, placesDone: [plainClipboard, env] }, env), false);
    assert.equal(isLastDelivery({ request: requested, placesDone: requested.places }, env), true);
    assert.equal(isLastDelivery({ request: requested, placesDone: [env] }, { type: 'terminal', variable: 'T' }), true);
    assert.equal(isLastDelivery({ request: requested, placesDone: [env] }, undefined), true);
    assert.equal(isLastDelivery({ request }, undefined), true);
    assert.equal(isLastDelivery({ request }, env), true);
  });
});

describe('A value for several places', () => {
  let machine: Machine;
  let outside: Outside;

  beforeEach(() => {
    machine = new Machine();
    outside = new Outside();
  });

  const issuanceOf = (window: IssuanceWindow): Issuance | undefined => window.service.pending[0]?.issuance;

  /** Hands the value to a place; the window may die before and after it arrives. */
  const hand = (window: IssuanceWindow, id: string, place: Place, outcome: DeliveryOutcome = 'confirmed') =>
    window.service.deliver(
      id,
      (value) =>
        window.life.step('give', () => {
          if (outcome === 'confirmed') outside.take(place, value.reveal());
          return outcome;
        }),
      place,
    );

  /** Delivers to what is left, as a person would: what was in hand at a crash is looked at first. */
  async function deliverRest(window: IssuanceWindow): Promise<void> {
    const issuance = issuanceOf(window);
    if (issuance === undefined) return;
    const { id, placeInHand } = issuance;
    for (const place of openPlaces(issuance)) {
      const isThere = placeInHand !== undefined && isSamePlace(placeInHand, place) && outside.at(place).length > 0;
      if (isThere) await window.service.deliver(id, () => Promise.resolve('confirmed'), place);
      else await hand(window, id, place);
    }
  }

  it('is pending until the last of them has it', async () => {
    const window = machine.open();
    await window.issue({ places });
    const { id } = window.service.pending[0]?.issuance ?? {};
    assert.ok(id !== undefined);
    await hand(window, id, env);
    await hand(window, id, gh, 'failed');
    assert.deepEqual(issuanceOf(window)?.placesDone, [env]);
    assert.equal(issuanceOf(window)?.placeInHand, undefined);
    assert.deepEqual(openPlaces(issuanceOf(window) ?? assert.fail()), [gh, vercel]);
    await hand(window, id, vercel);
    await hand(window, id, gh);
    assert.deepEqual(window.statuses, {});
    assert.deepEqual(machine.keptValues, []);
    const onDisk = await window.journal.read(id);
    assert.equal(onDisk?.phase, 'delivered');
    assert.deepEqual(onDisk.placesDone, [env, vercel, gh]);
    await assert.rejects(hand(window, id, gh), { reason: 'valueGone' });
  });

  it('goes to another place instead of those that are left', async () => {
    const window = machine.open();
    await window.issue({ places });
    const id = issuanceOf(window)?.id ?? '';
    await hand(window, id, env);
    await window.service.deliver(id, () => Promise.resolve('confirmed'), plainClipboard);
    assert.deepEqual((await window.journal.read(id))?.placesDone, [env, plainClipboard]);
    assert.deepEqual(window.statuses, {});
  });

  it('says after a crash which place may have it', async () => {
    const window = machine.open();
    await window.issue({ places });
    const id = issuanceOf(window)?.id ?? '';
    void window.service.deliver(id, () => new Promise(() => undefined), gh);
    await settled();
    window.life.kill();
    const next = machine.open();
    await next.service.scan();
    assert.deepEqual(issuanceOf(next)?.placeInHand, gh);
    assert.deepEqual(openPlaces(issuanceOf(next) ?? assert.fail()), places);
  });

  it('reaches each of them once, wherever the window dies', async () => {
    const run = { isOver: false };
    let steps = 0;
    for (let crashAfter = 0; !run.isOver; crashAfter++) {
      machine = new Machine();
      outside = new Outside();
      const window = machine.open();
      await window.issue({ places });
      window.life.dieAfter(crashAfter);
      const delivering = deliverRest(window).then(() => (run.isOver = true));
      delivering.catch(() => undefined);
      await settled();
      window.life.kill();
      const next = machine.open();
      await next.service.scan();
      await deliverRest(next);
      for (const place of places) assert.equal(outside.at(place).length, 1, `${placeKey(place)}, step ${crashAfter}`);
      assert.equal(new Set([...outside.received.values()].flat()).size, 1);
      assert.deepEqual(next.statuses, {});
      assert.deepEqual(machine.keptValues, []);
      assert.ok(!machine.folder.text.includes('VALUE-'));
      steps = crashAfter;
    }
    assert.ok(steps > 15, `only ${steps} steps`);
  });
});
