import assert from 'node:assert/strict';
import { Capabilities, noting, type Operation } from '../../../src/core/connections/capabilities.ts';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';

const now = new Date('2026-11-25T12:00:00Z');
const later = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000);
const refused = (status: number, allow?: readonly string[]): MagicBellError =>
  new MagicBellError('notOffered', '', { status, allow });
const all: readonly Operation[] = [
  'fetchProjectTokens',
  'createProjectJwt',
  'discardProjectJwt',
  'createUserJwt',
  'fetchUserTokens',
  'discardUserJwt',
  'listUsers',
];

describe('Capabilities', () => {
  let capabilities: Capabilities;
  beforeEach(() => (capabilities = new Capabilities()));
  const states = (at = now): string =>
    all
      .map((operation) => ({ offered: '+', missing: '-', unknown: '?' })[capabilities.availability(operation, at)])
      .join('');

  it('knows nothing at first', () => assert.equal(states(), '???????'));

  it('learns from an answer, and says whether that is new', () => {
    assert.equal(capabilities.note('listUsers', undefined, now), true);
    assert.equal(capabilities.note('listUsers', undefined, now), false);
    assert.equal(states(), '??????+');
  });

  it('learns from Allow about all operations on a path', () => {
    assert.equal(capabilities.note('fetchProjectTokens', refused(405, ['OPTIONS']), now), true);
    assert.equal(states(), '--?????');
    capabilities.note('fetchUserTokens', refused(405, ['DELETE', 'OPTIONS']), now);
    assert.equal(states(), '--??-+?');
    capabilities.note('createUserJwt', refused(405), now);
    assert.equal(states(), '--?--+?');
    capabilities.note('discardProjectJwt', refused(404), now);
    assert.equal(states(), '-----+?');
  });

  it('learns from MagicBell’s own refusals that the operation is there, and nothing from others', () => {
    capabilities.note('createProjectJwt', new MagicBellError('invalidInput', '', { status: 422 }), now);
    capabilities.note('discardProjectJwt', new MagicBellError('notFound', '', { status: 404 }), now);
    assert.equal(states(), '?++????');
    for (const error of [
      new MagicBellError('unauthorized', '', { status: 401 }),
      new MagicBellError('offline', ''),
      new MagicBellError('unexpectedResponse', '', { status: 200 }),
      new MagicBellError('invalidInput', '', { notSent: true }),
      new Error('x'),
    ]) {
      assert.equal(capabilities.note('listUsers', error, now), false);
    }
    assert.equal(states(), '?++????');
  });

  it('asks again for what was missing a day ago, and on Refresh', () => {
    capabilities.note('listUsers', undefined, now);
    capabilities.note('createUserJwt', refused(405), now);
    assert.equal(states(later(23.9)), '???-??+');
    assert.equal(states(later(24)), '??????+');
    // A clock that was set back.
    assert.equal(states(later(-1)), '??????+');
    assert.equal(capabilities.forgetMissing(), true);
    assert.equal(capabilities.forgetMissing(), false);
    assert.equal(states(), '??????+');
  });

  it('comes back from what it was saved as, and from nothing else', () => {
    capabilities.note('fetchProjectTokens', refused(405, ['OPTIONS']), now);
    capabilities.note('listUsers', undefined, now);
    capabilities = new Capabilities(JSON.parse(JSON.stringify(capabilities)));
    assert.equal(states(), '--????+');
    const odd = [undefined, null, 7, 'x', [], { listUsers: true }, { listUsers: { isOffered: 1, learnedAt: 1 } }];
    for (const saved of [...odd, { listUsers: { isOffered: true, learnedAt: '1' } }, { other: { isOffered: true } }]) {
      capabilities = new Capabilities(saved);
      assert.equal(states(), '???????');
    }
  });
});

describe('noting', () => {
  it('notes what each operation answers, passes it on, and says when that is news', async () => {
    const capabilities = new Capabilities();
    const error = refused(405);
    const asked: string[] = [];
    const answer = (name: string) => (): Promise<never> => {
      asked.push(name);
      return name === 'createUserJwt' ? Promise.reject(error) : Promise.resolve(name as never);
    };
    const [listUsers, ...jwt] = [...all].reverse();
    assert.equal(listUsers, 'listUsers');
    const api: MagicBellApi = {
      jwt: Object.fromEntries(jwt.map((name) => [name, answer(name)])) as unknown as MagicBellApi['jwt'],
      users: { listUsers: answer('listUsers') },
      clockOffsetMs: 7,
    };
    let changes = 0;
    let isRefused = false;
    const noted = noting(
      api,
      capabilities,
      () => now,
      () => {
        if (isRefused) throw error;
      },
      () => (changes += 1),
    );
    assert.equal(noted.clockOffsetMs, 7);
    const calls: Record<Operation, (...args: never[]) => Promise<unknown>> = { ...noted.jwt, ...noted.users };
    for (const operation of all) {
      const result = await calls[operation]().catch((thrown: unknown) => thrown);
      assert.equal(result, operation === 'createUserJwt' ? error : operation);
      assert.equal(capabilities.availability(operation, now), operation === 'createUserJwt' ? 'missing' : 'offered');
    }
    assert.equal(changes, 7);
    await noted.users.listUsers(undefined, { limit: 1 });
    assert.equal(changes, 7);
    asked.length = 0;
    isRefused = true;
    for (const operation of all) await assert.rejects(calls[operation](), error);
    assert.deepEqual(asked, []);
  });
});
