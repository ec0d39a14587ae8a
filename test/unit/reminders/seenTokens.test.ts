import assert from 'node:assert/strict';
import { TokenStore } from '../../../src/core/tokens/tokenStore.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { userId } from '../../../src/core/model/user.ts';
import { seenTokens } from '../../../src/core/reminders/seenTokens.ts';
import { aToken, aUser } from '../../support/builders.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { FakeMagicBell } from '../../support/fakeMagicBell.ts';

describe('seenTokens', () => {
  const hana = aUser();

  function open(pageSize: number): TokenStore {
    const api = new FakeMagicBell(new FakeClock());
    api.pageSize = pageSize;
    api.users = [hana];
    api.others = [
      { token: aToken({ id: tokenId('a') }) },
      { token: aToken({ id: tokenId('b') }) },
      { token: aToken({ id: tokenId('c'), kind: 'user' }), owner: hana.id },
    ];
    return new TokenStore(
      () => Promise.resolve(api.usedBy()),
      () => pageSize,
    );
  }

  it('has project tokens, and users’ tokens with their owners', async () => {
    const store = open(100);
    await store.projectTokens.load();
    await store.users.load();
    await store.tokensOf(hana.id).load();
    const { connectionId, tokens } = seenTokens({ id: 'acme', store });
    assert.equal(connectionId, 'acme');
    assert.deepEqual(
      tokens.map(({ token, owner }) => [token.id, owner?.email]),
      [
        ['a', undefined],
        ['b', undefined],
        ['c', hana.email],
      ],
    );
  });

  it('says which lists are whole', async () => {
    const store = open(1);
    const { isWhole } = seenTokens({ id: 'acme', store });
    assert.equal(isWhole('project', undefined), false);
    await store.projectTokens.load();
    assert.equal(isWhole('project', undefined), false);
    await store.projectTokens.loadMore();
    assert.equal(isWhole('project', undefined), true);
    await store.tokensOf(hana.id).load();
    assert.deepEqual(
      [isWhole('user', hana.id), isWhole('user', userId('x')), isWhole('user', undefined)],
      [true, false, false],
    );
    const refreshing = store.projectTokens.refresh();
    assert.equal(isWhole('project', undefined), false);
    await refreshing;
    assert.equal(isWhole('project', undefined), true);
  });
});
