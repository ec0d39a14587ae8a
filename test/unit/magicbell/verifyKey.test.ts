import assert from 'node:assert/strict';
import { asMagicBellError, MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { CallOptions, MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import type { NextPage, ListPage, PageRequest } from '../../../src/core/magicbell/paging.ts';
import { verifyKey } from '../../../src/core/magicbell/verifyKey.ts';

type Answer = ListPage<never> | MagicBellError;
const empty: ListPage<never> = { items: [], next: undefined };
const bare: ListPage<never> = { ...empty, isBare: true };
const notOffered = new MagicBellError('notOffered', '', { status: 404 });

describe('verifyKey', () => {
  let asked: string[];
  let options: (CallOptions | undefined)[];

  beforeEach(() => {
    asked = [];
    options = [];
  });

  function api(tokens: Answer, users: Answer): MagicBellApi {
    const reply = (
      name: string,
      answer: Answer,
      { limit }: PageRequest,
      given?: CallOptions,
    ): Promise<ListPage<never>> => {
      asked.push(`${name} ${limit}`);
      options.push(given);
      return answer instanceof MagicBellError ? Promise.reject(answer) : Promise.resolve(answer);
    };
    const jwt: Pick<MagicBellApi['jwt'], 'fetchProjectTokens'> = {
      fetchProjectTokens: (page, given) => reply('tokens', tokens, page, given),
    };
    return {
      jwt: jwt as MagicBellApi['jwt'],
      users: { listUsers: (_query, page, given) => reply('users', users, page, given) },
      clockOffsetMs: undefined,
    };
  }
  const reasonOf = async (call: Promise<unknown>): Promise<string> => {
    const error = asMagicBellError(await call.catch((thrown: unknown) => thrown));
    return `${error?.reason} ${error?.details.unexpected ?? ''}`.trim();
  };

  it('is satisfied by a collection of project tokens, and says how many there are', async () => {
    const { signal } = new AbortController();
    const more = { ...empty, next: 'starting_after=MQ' as NextPage };
    assert.deepEqual(await verifyKey(api(more, notOffered), { signal }), {
      provedBy: 'fetchProjectTokens',
      projectTokens: more,
    });
    assert.deepEqual([asked, options], [['tokens 1'], [{ signal }]]);
    await verifyKey(api(empty, notOffered), { limit: 100 });
    assert.equal(asked[1], 'tokens 100');
  });

  it('asks for users where project tokens are not offered', async () => {
    assert.deepEqual(await verifyKey(api(notOffered, empty)), { provedBy: 'listUsers', projectTokens: undefined });
    assert.deepEqual(asked, ['tokens 1', 'users 1']);
  });

  it('takes “not offered” twice, and an object of nothing, for another site', async () => {
    for (const [tokens, users] of [
      [notOffered, notOffered],
      [bare, bare],
      [bare, notOffered],
      [notOffered, bare],
    ] as const) {
      assert.equal(await reasonOf(verifyKey(api(tokens, users))), 'unexpectedResponse foreign');
    }
    assert.deepEqual(await verifyKey(api(bare, empty)), { provedBy: 'listUsers', projectTokens: undefined });
  });

  for (const reason of ['unauthorized', 'wrongTokenKind', 'offline', 'serverError'] as const) {
    it(`passes on ${reason} of either operation`, async () => {
      const error = new MagicBellError(reason, '');
      assert.equal(await reasonOf(verifyKey(api(error, empty))), reason);
      assert.equal(await reasonOf(verifyKey(api(notOffered, error))), reason);
    });
  }
});
