import assert from 'node:assert/strict';
import type { IssuanceRequest } from '../../../src/core/issuance/issuance.ts';
import { knownIds, sendCreation } from '../../../src/core/issuance/issuing.ts';
import type { MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import { type Token, tokenId } from '../../../src/core/model/token.ts';
import type { TokenStore } from '../../../src/core/tokens/tokenStore.ts';
import { aToken, aTokenWithoutId } from '../../support/builders.ts';

describe('sendCreation', () => {
  const sent = async (request: IssuanceRequest): Promise<readonly unknown[]> => {
    const calls: unknown[] = [];
    const as =
      (name: string) =>
      (...parameters: readonly unknown[]) =>
        Promise.resolve(calls.push([name, ...parameters]));
    const jwt = { createProjectJwt: as('project'), createUserJwt: as('user') };
    await sendCreation({ jwt } as unknown as MagicBellApi, request, 'key-1');
    return calls;
  };
  const key = { idempotencyKey: 'key-1' };

  it('asks once for a project token', async () => {
    assert.deepEqual(await sent({ kind: 'project', name: 'CI', expirySeconds: 60 }), [
      ['project', { name: 'CI', expirySeconds: 60 }, key],
    ]);
    assert.deepEqual(await sent({ kind: 'project', name: undefined, expirySeconds: undefined }), [
      ['project', { name: '', expirySeconds: undefined }, key],
    ]);
  });

  it('asks once for a user’s token, of the user that was named', async () => {
    const recipient = { email: 'hana@example.com', externalId: 'ext' };
    assert.deepEqual(await sent({ kind: 'user', name: 'Inbox', expirySeconds: 60, recipient }), [
      ['user', { ...recipient, name: 'Inbox', expirySeconds: 60 }, key],
    ]);
    assert.deepEqual(await sent({ kind: 'user', name: undefined, expirySeconds: undefined }), [
      ['user', { email: undefined, externalId: undefined, name: undefined, expirySeconds: undefined }, key],
    ]);
  });
});

describe('knownIds', () => {
  const token = (id: string, name: string): Token => aToken({ id: tokenId(id), name });
  const store = {
    projectTokens: {
      items: [token('p-1', 'CI'), token('p-2', 'Other'), aTokenWithoutId({ name: 'CI' }), token('p-3', 'CI')],
    },
    loadedUserTokens: [
      ['user-1', { items: [token('u-1', 'CI'), token('u-2', 'Other')] }],
      ['user-2', { items: [token('u-3', 'CI')] }],
    ],
  } as unknown as TokenStore;

  it('are those of the same kind and name, which a new token cannot have', () => {
    assert.deepEqual(knownIds(store, { kind: 'project', name: 'CI', expirySeconds: 60 }), ['p-1', 'p-3']);
    assert.deepEqual(knownIds(store, { kind: 'user', name: 'CI', expirySeconds: 60 }), ['u-1', 'u-3']);
    assert.deepEqual(knownIds(store, { kind: 'project', name: 'New', expirySeconds: 60 }), []);
  });
});
