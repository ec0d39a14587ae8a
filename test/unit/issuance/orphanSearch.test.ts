import assert from 'node:assert/strict';
import {
  findRecipients,
  isRecipient,
  orphanCandidates,
  searchOrphan,
} from '../../../src/core/issuance/orphanSearch.ts';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { NextPage } from '../../../src/core/magicbell/paging.ts';
import { type Token, tokenId, unknownInstant } from '../../../src/core/model/token.ts';
import { userId } from '../../../src/core/model/user.ts';
import { aToken, aTokenWithoutId, aUser, anIssuance } from '../../support/builders.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { FakeMagicBell } from '../../support/fakeMagicBell.ts';

const intendedAt = new Date('2026-11-25T12:00:00Z');
const after = (seconds: number): Date => new Date(intendedAt.getTime() + seconds * 1000);

describe('orphanCandidates', () => {
  const issuance = anIssuance({ intendedAt, outcomeUnknownSince: after(60), knownIds: [tokenId('known')] });
  const otherIds = new Set([tokenId('other')]);

  it('knows a name in each form of Unicode', () => {
    const typed = anIssuance({
      intendedAt,
      request: { kind: 'project', name: 'Équipe'.normalize('NFD'), expirySeconds: 60 },
    });
    const made = aToken({ name: 'Équipe'.normalize('NFC'), createdAt: after(1) });
    assert.deepEqual(orphanCandidates(typed, [made], 0, otherIds), [made]);
  });

  const cases: [string, Token, boolean][] = [
    ['a new one of its name and time', aToken({ createdAt: after(1) }), true],
    ['one whose time cannot be read', aToken({ createdAt: unknownInstant }), true],
    [
      'one that was known before, whose time cannot be read',
      aToken({ id: tokenId('known'), createdAt: unknownInstant }),
      false,
    ],
    ['one that was known before', aToken({ id: tokenId('known') }), false],
    ['one of another issuance', aToken({ id: tokenId('other') }), false],
    ['one of another name', aToken({ name: 'ci deploy' }), false],
    ['one without a name', aToken({ name: undefined }), false],
    ['one without an id', aTokenWithoutId(), false],
    ['one that is revoked', aToken({ revokedAt: after(2) }), false],
    ['a colleague’s of last week', aToken({ createdAt: after(-7 * 86_400) }), false],
    ['one as early as two clocks may differ', aToken({ createdAt: after(-10) }), true],
    ['one that is earlier', aToken({ createdAt: after(-11) }), false],
    ['one as late as a request may be carried out', aToken({ createdAt: after(60 + 300) }), true],
    ['one that is later', aToken({ createdAt: after(60 + 301) }), false],
  ];
  for (const [what, token, isCandidate] of cases) {
    it(`${isCandidate ? 'holds' : 'leaves out'} ${what}`, () =>
      assert.deepEqual(orphanCandidates(issuance, [token], 0, otherIds), isCandidate ? [token] : []));
  }

  it('goes by the server’s clock', () => {
    const hourMs = 3600_000;
    const byServer = aToken({ createdAt: after(3600) });
    assert.deepEqual(orphanCandidates(issuance, [byServer], hourMs, otherIds), [byServer]);
    assert.deepEqual(orphanCandidates(issuance, [aToken()], hourMs, otherIds), []);
    assert.deepEqual(orphanCandidates(issuance, [aToken({ createdAt: after(-3600) })], -hourMs, otherIds).length, 1);
  });

  it('ends earlier after a crash, which leaves nobody waiting', () => {
    const crashed = anIssuance({ intendedAt });
    assert.equal(orphanCandidates(crashed, [aToken({ createdAt: after(300) })], 0, otherIds).length, 1);
    assert.equal(orphanCandidates(crashed, [aToken({ createdAt: after(301) })], 0, otherIds).length, 0);
  });

  it('holds all that could be it, and chooses none', () => {
    const tokens = [aToken({ id: tokenId('a') }), aToken({ id: tokenId('b'), createdAt: after(5) })];
    assert.deepEqual(orphanCandidates(issuance, tokens, 0, otherIds), tokens);
  });

  it('takes an empty name and none for the same', () => {
    const unnamed = anIssuance({ request: { kind: 'user', name: undefined, expirySeconds: undefined } });
    for (const name of ['', undefined])
      assert.equal(orphanCandidates(unnamed, [aToken({ kind: 'user', name })], 0, otherIds).length, 1);
  });
});

describe('searchOrphan', () => {
  let magicBell: FakeMagicBell;
  beforeEach(() => {
    magicBell = new FakeMagicBell(new FakeClock(intendedAt));
  });
  const ids = (tokens: readonly Token[]): string[] => tokens.map(({ id }) => id ?? '');

  it('looks through all pages of the project’s tokens', async () => {
    magicBell.pageSize = 2;
    magicBell.others = Array.from({ length: 7 }, (_, n) => ({
      token: aToken({ id: tokenId(`t${n}`), name: `n${n}` }),
    }));
    magicBell.others.push({ token: aToken({ id: tokenId('made') }) });
    assert.deepEqual(ids(await searchOrphan(magicBell.usedBy(), anIssuance(), new Set())), ['made']);
  });

  it('goes by the clock of the server that answers', async () => {
    magicBell.offsetMs = 3600_000;
    magicBell.others = [{ token: aToken({ createdAt: after(3600) }) }];
    assert.equal((await searchOrphan(magicBell.usedBy(), anIssuance(), new Set())).length, 1);
  });

  it('ends where the pages lead round in a circle, and names nothing twice', async () => {
    const api = magicBell.usedBy();
    let pages = 0;
    const page = { items: [aToken()], next: 'again' as NextPage };
    const circular = {
      ...api,
      jwt: { ...api.jwt, fetchProjectTokens: () => Promise.resolve({ ...page, n: (pages += 1) }) },
    };
    assert.equal((await searchOrphan(circular, anIssuance(), new Set())).length, 1);
    assert.ok(pages < 10);
  });

  it('looks at the tokens of the user who was picked', async () => {
    magicBell.others = [
      { token: aToken({ kind: 'user', id: tokenId('his') }), owner: userId('user-1') },
      { token: aToken({ kind: 'user', id: tokenId('hers') }), owner: userId('user-2') },
    ];
    const request = {
      kind: 'user',
      name: 'CI deploy',
      recipient: { userId: userId('user-2') },
      expirySeconds: 1,
    } as const;
    assert.deepEqual(ids(await searchOrphan(magicBell.usedBy(), anIssuance({ request }), new Set())), ['hers']);
  });

  it('finds the user who was typed, and nobody while there is none', async () => {
    const request = {
      kind: 'user',
      name: 'CI deploy',
      recipient: { email: 'Hana@Example.com'.toLowerCase() },
      expirySeconds: 1,
    } as const;
    assert.deepEqual(await searchOrphan(magicBell.usedBy(), anIssuance({ request }), new Set()), []);
    magicBell.users = [aUser(), aUser({ id: userId('user-2'), email: 'xhana@example.com' })];
    magicBell.others = [
      { token: aToken({ kind: 'user', id: tokenId('hers') }), owner: userId('user-1') },
      { token: aToken({ kind: 'user', id: tokenId('x') }), owner: userId('user-2') },
    ];
    assert.deepEqual(ids(await searchOrphan(magicBell.usedBy(), anIssuance({ request }), new Set())), ['hers']);
  });

  it('passes errors and an end on', async () => {
    await assert.rejects(searchOrphan(magicBell.usedBy(), anIssuance(), new Set(), AbortSignal.abort()));
    await assert.rejects(findRecipients(magicBell.usedBy(), { email: 'hana@example.com' }, AbortSignal.abort()));
    magicBell.failure = new MagicBellError('forbidden', '');
    await assert.rejects(searchOrphan(magicBell.usedBy(), anIssuance(), new Set()), { reason: 'forbidden' });
  });
});

describe('isRecipient', () => {
  const user = aUser({ externalId: 'Ext-1' });
  const cases: [Parameters<typeof isRecipient>[1], boolean][] = [
    [{ email: 'HANA@example.COM' }, true],
    [{ email: 'hana@example.co' }, false],
    [{ externalId: 'Ext-1' }, true],
    [{ externalId: 'ext-1' }, false],
    [{ userId: userId('user-1') }, true],
    [{ userId: userId('user-2'), email: 'hana@example.com' }, false],
    [{}, false],
  ];
  for (const [recipient, expected] of cases) {
    it(`is ${expected} for ${JSON.stringify(recipient)}`, () => assert.equal(isRecipient(user, recipient), expected));
  }

  it('is nobody without an email when one was typed', () =>
    assert.equal(isRecipient(aUser({ email: undefined }), { email: 'hana@example.com' }), false));

  it('is asked of no server when nothing was typed', async () => {
    const magicBell = new FakeMagicBell(new FakeClock());
    magicBell.failure = new MagicBellError('offline', '');
    assert.deepEqual(await findRecipients(magicBell.usedBy(), {}), []);
  });
});
