import assert from 'node:assert/strict';
import { type ErrorReason, MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { CallOptions, MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import type { ListPage, NextPage, PageRequest } from '../../../src/core/magicbell/paging.ts';
import { type Token, tokenId } from '../../../src/core/model/token.ts';
import { type UserId, userId } from '../../../src/core/model/user.ts';
import { type LookResult, quietLook } from '../../../src/core/reminders/quietLook.ts';
import { aToken, aUser } from '../../support/builders.ts';

describe('quietLook', () => {
  const [first, second] = [aUser({ id: userId('u1') }), aUser({ id: userId('u2') })];
  const token = (id: string): Token => aToken({ id: tokenId(id) });
  let asked: [what: string, page: PageRequest, options: CallOptions | undefined][];
  let answers: Record<string, (() => Partial<ListPage<Token>>)[]>;
  let mayGoOn: () => boolean;

  beforeEach(() => {
    asked = [];
    answers = {};
    mayGoOn = () => true;
  });

  async function answer(what: string, page: PageRequest, options?: CallOptions): Promise<ListPage<Token>> {
    asked.push([what, page, options]);
    await Promise.resolve();
    return { items: [token(`of ${what}`)], next: undefined, ...answers[what]?.shift()?.() };
  }
  const api = {
    jwt: {
      fetchProjectTokens: (page: PageRequest, options?: CallOptions) => answer('project', page, options),
      fetchUserTokens: (user: UserId, page: PageRequest, options?: CallOptions) => answer(user, page, options),
    },
  } as unknown as MagicBellApi;
  const look = (parts: Partial<Parameters<typeof quietLook>[0]> = {}): Promise<LookResult> =>
    quietLook({
      ...{ connectionId: 'acme', api, isMissing: () => false, pinned: [first, second], usersBefore: 0 },
      mayGoOn: () => Promise.resolve(mayGoOn()),
      ...parts,
    });
  const names = (): readonly string[] => asked.map(([what]) => what);
  const failing = (reason: ErrorReason) => (): never => {
    throw new MagicBellError(reason, '');
  };

  it('gives the tokens with their owners, and says of whom it has all', async () => {
    const { seen, requests, users, failure } = await look();
    assert.deepEqual(seen.tokens, [
      { token: token('of project') },
      { token: token('of u1'), owner: first },
      { token: token('of u2'), owner: second },
    ]);
    assert.deepEqual([seen.connectionId, requests, users, failure], ['acme', 3, 2, undefined]);
    assert.deepEqual(
      [seen.isWhole('project', undefined), seen.isWhole('user', first.id), seen.isWhole('user', userId('u3'))],
      [true, true, false],
    );
  });

  it('asks once for large pages, in the background', async () => {
    answers['project'] = [() => ({ next: 'more' as NextPage })];
    await look();
    const options = { priority: 'background', isOnce: true };
    assert.deepEqual(asked, [
      ['project', { limit: 100, next: undefined }, options],
      ['u1', { limit: 100 }, options],
      ['u2', { limit: 100 }, options],
      ['project', { limit: 100, next: 'more' }, options],
    ]);
  });

  const parts: readonly Partial<ListPage<Token>>[] = [
    { next: 'more' as NextPage },
    { cutShort: 'unreadableLink' },
    { unreadableItems: 1 },
    { isBare: true },
  ];
  for (const part of parts) {
    it(`has not all of a list with ${JSON.stringify(part)}`, async () => {
      answers['u1'] = [() => part];
      const { seen } = await look();
      assert.deepEqual([seen.isWhole('user', first.id), seen.isWhole('user', second.id)], [false, true]);
      assert.equal(seen.tokens.length, 3, 'what it has counts');
    });
  }

  it('has all of a list that came without a gap', async () => {
    answers['u1'] = [() => ({ unreadableItems: 0, isBare: false })];
    assert.equal((await look()).seen.isWhole('user', first.id), true);
  });

  it('leaves users for the next time when its five requests are used up', async () => {
    const pinned = ['u1', 'u2', 'u3', 'u4', 'u5'].map((id) => aUser({ id: userId(id) }));
    const { requests, users } = await look({ pinned });
    assert.deepEqual([requests, users, names()], [5, 4, ['project', 'u1', 'u2', 'u3', 'u4']]);
    asked = [];
    await look({ pinned, usersBefore: 4 });
    assert.deepEqual(names(), ['project', 'u5', 'u1', 'u2', 'u3']);
  });

  for (const reason of ['notFound', 'notOffered'] as const) {
    it(`goes on after ${reason}: that says nothing of the rest`, async () => {
      answers['project'] = [failing(reason)];
      answers['u1'] = [failing(reason)];
      const { seen, requests, users, failure } = await look();
      assert.deepEqual([requests, users, failure], [3, 2, undefined]);
      assert.deepEqual(seen.tokens, [{ token: token('of u2'), owner: second }]);
      assert.deepEqual([seen.isWhole('project', undefined), seen.isWhole('user', first.id)], [false, false]);
    });
  }

  it('ends with any other failure, and what it has until then counts', async () => {
    answers['u1'] = [failing('rateLimited')];
    const { seen, requests, failure } = await look();
    assert.deepEqual([names(), requests, failure], [['project', 'u1'], 2, 'rateLimited']);
    assert.equal(seen.tokens.length, 1);
  });

  it('passes on what is no failure of the API', async () => {
    answers['project'] = [
      () => {
        throw new RangeError('a fault');
      },
    ];
    await assert.rejects(look(), new RangeError('a fault'));
  });

  it('sends nothing more once it may not go on', async () => {
    answers['project'] = [() => ({ next: 'more' as NextPage })];
    mayGoOn = () => asked.length < 2;
    const { seen, requests, users, failure } = await look();
    assert.deepEqual([names(), requests, failure], [['project', 'u1'], 2, undefined]);
    assert.equal(seen.isWhole('user', second.id), false);
    assert.equal(users, 2, 'the next look begins after whom it came to');
    mayGoOn = () => false;
    asked = [];
    assert.deepEqual([(await look()).requests, names()], [0, []]);
  });

  it('asks for nothing that the API does not have', async () => {
    const { seen } = await look({ isMissing: (operation) => operation === 'fetchProjectTokens' });
    assert.deepEqual([names(), seen.isWhole('project', undefined)], [['u1', 'u2'], false]);
    asked = [];
    await look({ isMissing: (operation) => operation === 'fetchUserTokens' });
    assert.deepEqual(names(), ['project']);
  });
});
