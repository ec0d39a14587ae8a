import assert from 'node:assert/strict';
import { findTokens } from '../../../src/core/tokens/findTokens.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { userId } from '../../../src/core/model/user.ts';
import { aToken, aUser } from '../../support/builders.ts';

const hana = aUser({
  id: userId('0195-hana'),
  email: 'hana@example.com',
  firstName: 'Hana',
  lastName: 'Sato',
  externalId: 'usr_1',
});
const tokens = [
  { token: aToken({ id: tokenId('id-ci'), name: 'CI deploy' }) },
  { token: aToken({ id: tokenId('id-web'), kind: 'user', name: 'Web inbox' }), user: hana },
  { token: aToken({ id: tokenId('id-none'), name: undefined }) },
  { token: aToken({ id: tokenId('id-nfd'), name: 'Équipe'.normalize('NFD') }) },
];
const found = (query: string) => findTokens(tokens, query).map(({ token }) => token.id);

describe('findTokens', () => {
  const queries: [string, string[]][] = [
    ['', ['id-ci', 'id-web', 'id-none', 'id-nfd']],
    ['  ', ['id-ci', 'id-web', 'id-none', 'id-nfd']],
    ['DEPLOY', ['id-ci']],
    ['deploy ci', ['id-ci']],
    ['id-web', ['id-web']],
    ['hana  inbox ', ['id-web']],
    ['sato hana', ['id-web']],
    ['deployid-ci', []],
    ['usr_1', ['id-web']],
    ['0195-hana', ['id-web']],
    ['deploy inbox', []],
    ['équipe'.normalize('NFC'), ['id-nfd']],
    ['ÉQUIPE'.normalize('NFD'), ['id-nfd']],
    ['undefined', []],
    ['.*', []],
  ];
  for (const [query, expected] of queries) {
    it(`finds ${expected.length} for ${JSON.stringify(query)}`, () => assert.deepEqual(found(query), expected));
  }
});
