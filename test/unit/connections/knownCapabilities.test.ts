import assert from 'node:assert/strict';
import { KnownCapabilities } from '../../../src/core/connections/knownCapabilities.ts';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { FakeMagicBell } from '../../support/fakeMagicBell.ts';

const now = new Date('2026-11-25T12:00:00Z');

describe('KnownCapabilities', () => {
  let state: Map<string, unknown>;
  let magicBell: FakeMagicBell;
  let changes: string[];
  beforeEach(() => {
    state = new Map();
    magicBell = new FakeMagicBell(new FakeClock(now));
    changes = [];
  });

  const open = (id = 'a'): KnownCapabilities =>
    new KnownCapabilities(
      id,
      { get: (key) => state.get(key), update: (key, value) => Promise.resolve(void state.set(key, value)) },
      () => now,
      () => changes.push(id),
    );
  const list = (api: MagicBellApi): Promise<unknown> =>
    api.users.listUsers(undefined, { limit: 1 }).catch((error: unknown) => error);
  const refuse = (): void => void (magicBell.failure = new MagicBellError('notOffered', '', { status: 405 }));
  const saved = (): readonly string[] => [...state.values()].flatMap((each) => Object.keys(each ?? {}));

  it('are learned from answers, kept for the next session, and told when an operation is missing', async () => {
    const known = open();
    const api = known.learningFrom(magicBell.usedBy(), () => undefined);
    await list(api);
    assert.deepEqual([known.isMissing('listUsers'), changes], [false, []], 'what is offered is no change of a view');
    refuse();
    await list(api);
    await list(api);
    assert.deepEqual([known.isMissing('listUsers'), changes], [true, ['a']]);
    const later = open();
    assert.equal(later.isMissing('listUsers'), true);
    assert.equal(open('b').isMissing('listUsers'), false);
    magicBell.failure = undefined;
    await list(later.learningFrom(magicBell.usedBy(), () => undefined));
    assert.deepEqual([later.isMissing('listUsers'), changes], [false, ['a', 'a']]);
  });

  it('are asked for again on Refresh', async () => {
    const known = open();
    refuse();
    await list(known.learningFrom(magicBell.usedBy(), () => undefined));
    known.askAgain();
    known.askAgain();
    assert.deepEqual(
      [known.isMissing('listUsers'), open().isMissing('listUsers'), changes],
      [false, false, ['a', 'a']],
    );
  });

  it('are forgotten with their connection, and only they', async () => {
    const [first, second] = [open('a'), open('b')];
    refuse();
    const old = first.learningFrom(magicBell.usedBy(), () => undefined);
    magicBell.offsetMs = 5000;
    assert.equal(first.clockOffsetMs, 5000);
    await list(old);
    await list(second.learningFrom(magicBell.usedBy(), () => undefined));
    assert.deepEqual([...saved()].sort(), ['a', 'b']);
    first.forget();
    assert.deepEqual([saved(), first.isMissing('listUsers'), first.clockOffsetMs], [['b'], false, undefined]);
    changes = [];
    await list(old);
    assert.deepEqual([saved(), changes], [['b'], []], 'an answer from before says nothing any more');
    await list(first.learningFrom(magicBell.usedBy(), () => undefined));
    assert.deepEqual(changes, ['a'], 'what is missing is told anew');
    first.forget();
    second.forget();
    assert.deepEqual([...state.values()], [undefined]);
  });
});
