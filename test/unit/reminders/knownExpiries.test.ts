import assert from 'node:assert/strict';
import { reviveExpiryRecord, reviveWatchRecord } from '../../../src/core/reminders/expiryRecord.ts';
import { type SeenToken, type SeenTokens, mergeExpiries } from '../../../src/core/reminders/knownExpiries.ts';
import { type RevocableToken, type Token, tokenId } from '../../../src/core/model/token.ts';
import { userId } from '../../../src/core/model/user.ts';
import { aKnownExpiry, aToken, aTokenWithoutId, aUser } from '../../support/builders.ts';

const now = new Date('2026-11-25T12:00:00Z');
const dayMs = 24 * 60 * 60_000;
const inDays = (days: number): Date => new Date(now.getTime() + days * dayMs);
const expiring = (id: string, days: number, parts: Partial<RevocableToken> = {}): RevocableToken =>
  aToken({ id: tokenId(id), expiresAt: inDays(days), ...parts });
const kept = (id: string, days: number) => aKnownExpiry({ id: tokenId(id), expiresAt: inDays(days) });
const seen = (
  tokens: readonly (SeenToken | Token)[],
  isWhole: SeenTokens['isWhole'] = () => false,
): Pick<SeenTokens, 'tokens' | 'isWhole'> => ({
  tokens: tokens.map((each) => ('token' in each ? each : { token: each })),
  isWhole,
});
const ids = (known: readonly { readonly id: string }[]): readonly string[] => known.map(({ id }) => id);

describe('mergeExpiries', () => {
  it('adds what is seen, with its owner and when it was first seen; the soonest first', () => {
    const owner = aUser();
    const userToken = expiring('of-hana', 3, { kind: 'user' });
    const known = mergeExpiries([kept('old', 9)], seen([expiring('new', 5), { token: userToken, owner }]), now);
    assert.deepEqual(ids(known), ['of-hana', 'new', 'old']);
    assert.deepEqual([known[0]?.owner, known[0]?.seenAt], [owner, now]);
  });

  it('keeps when it was first seen, and takes over what has changed', () => {
    const before = kept('a', 9);
    const [after] = mergeExpiries([before], seen([expiring('a', 20, { name: 'Renamed' })]), now);
    assert.deepEqual([after?.seenAt, after?.name, after?.expiresAt], [before.seenAt, 'Renamed', inDays(20)]);
  });

  it('leaves out what never expires, has no id, or is long dead; and what was kept of it', () => {
    const known = mergeExpiries(
      [kept('endless', 4), kept('dead', -15)],
      seen([aToken({ id: tokenId('endless') }), aTokenWithoutId({ expiresAt: inDays(2) }), expiring('old', -40)]),
      now,
    );
    assert.deepEqual(known, []);
  });

  it('remembers that a token was revoked, whatever an older list says later', () => {
    const revoked = mergeExpiries([kept('a', 4)], seen([expiring('a', 4, { revokedAt: now })]), now);
    assert.equal(revoked[0]?.isRevoked, true);
    assert.equal(mergeExpiries(revoked, seen([expiring('a', 4)]), now)[0]?.isRevoked, true);
    assert.deepEqual(mergeExpiries([], seen([expiring('b', 4, { revokedAt: now })]), now), []);
  });

  it('drops what a whole list no longer has, and nothing of the others', () => {
    const hana = aUser();
    const ofUser = (id: string, user = hana) => aKnownExpiry({ id: tokenId(id), kind: 'user', owner: user });
    const other = aUser({ id: userId('user-2') });
    const all = [kept('gone', 3), kept('there', 4), ofUser('gone-user'), ofUser('of-another', other)];
    const whole: SeenTokens['isWhole'] = (kind, owner) => kind === 'project' || owner === hana.id;
    assert.deepEqual(ids(mergeExpiries(all, seen([expiring('there', 4)], whole), now)), ['there', 'of-another']);
    assert.equal(mergeExpiries(all, seen([expiring('there', 4)]), now).length, 4);
  });

  it('keeps the 2000 soonest', () => {
    const many = Array.from({ length: 2500 }, (_, index) => expiring(`t${index}`, 2500 - index));
    const known = mergeExpiries([], seen(many), now);
    assert.equal(known.length, 2000);
    assert.equal(known[0]?.id, 't2499');
  });

  it('keeps what lives before the dead, and of these the latest; still in the order of their expiry', () => {
    const dead = Array.from({ length: 2500 }, (_, index) => expiring(`dead${index}`, -(index + 1) / 200));
    const revoked = { ...kept('revoked', 2), isRevoked: true as const };
    const known = mergeExpiries([revoked], seen([...dead, expiring('later', 3), expiring('tomorrow', 1)]), now);
    assert.equal(known.length, 2000);
    assert.deepEqual(ids(known).slice(-5), ['dead1', 'dead0', 'tomorrow', 'revoked', 'later']);
    assert.equal(known[0]?.id, 'dead1996');
    assert.deepEqual(mergeExpiries(known, seen(dead), now), known, 'the same ones the next time');
  });
});

describe('Records of the watch', () => {
  const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  it('come back as they were written, byte for byte', () => {
    const owner = { ...aUser({ firstName: 'Hana' }), customAttributes: { secret: 'x' } };
    const seenTokens = seen([expiring('a', 3), { token: expiring('b', 4, { kind: 'user', name: undefined }), owner }]);
    const record = { id: 'c', expiries: mergeExpiries([{ ...kept('r', 1), isRevoked: true }], seenTokens, now) };
    const revived = reviveExpiryRecord(throughJson(record));
    assert.equal(JSON.stringify(revived), JSON.stringify(record));
    assert.ok(!JSON.stringify(record).includes('secret'));
    const watched = { id: 'c', since: now, noticedAt: now, announced: { t: 7 }, muted: ['m'] };
    assert.deepEqual(reviveWatchRecord(throughJson(watched)), watched);
  });

  it('lose only the entries that cannot be read', () => {
    const good = throughJson(kept('a', 3)) as Record<string, unknown>;
    const bad = [null, 7, {}, { ...good, kind: 'x' }, { ...good, expiresAt: 'x' }, { ...good, seenAt: 1 }];
    assert.deepEqual(ids(reviveExpiryRecord({ id: 'c', expiries: [...bad, good] })?.expiries ?? []), ['a']);
    const watched = { id: 'c', since: now.toISOString(), announced: { t: 7, u: 'x' }, muted: ['m', 7, null] };
    const { announced, muted, noticedAt } = reviveWatchRecord(watched) ?? {};
    assert.deepEqual([announced, muted, noticedAt], [{ t: 7 }, ['m'], undefined]);
  });

  for (const json of [null, undefined, 7, 'x', [], { id: 7, expiries: [], since: now, muted: [] }, { id: 'c' }])
    it(`are none where the file holds ${JSON.stringify(json)}`, () => {
      assert.equal(reviveExpiryRecord(json), undefined);
      assert.equal(reviveWatchRecord(json), undefined);
    });
});
