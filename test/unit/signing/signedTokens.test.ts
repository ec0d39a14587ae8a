import assert from 'node:assert/strict';
import { Records } from '../../../src/core/base/records.ts';
import {
  type SignedToken,
  SignedTokens,
  isFor,
  reviveSignedToken,
  rollingText,
} from '../../../src/core/signing/signedTokens.ts';
import { userId } from '../../../src/core/model/user.ts';
import { aUser } from '../../support/builders.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { MemoryFolder } from '../../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

const now = new Date('2026-11-30T12:00:00Z');
const inDays = (days: number): Date => new Date(now.getTime() + days * 86_400_000);

function aSigned(id: string, parts: Partial<SignedToken> = {}): SignedToken {
  return {
    id,
    connectionId: 'c-1',
    recipient: { email: 'hana@example.com' },
    signedAt: now,
    expiresAt: inDays(1),
    fingerprint: `f-${id}`,
    deliveredTo: undefined,
    ...parts,
  };
}

describe('SignedTokens', () => {
  const ledgerOn = (folder: MemoryFolder): SignedTokens =>
    new SignedTokens(new Records(folder.openedBy(), reviveSignedToken, new RecordingLogger()));
  const idsOf = (tokens: readonly SignedToken[]): string[] => tokens.map(({ id }) => id);

  it('keeps those of each connection, over restarts, without a value', async () => {
    const folder = new MemoryFolder(new FakeClock());
    const ledger = ledgerOn(folder);
    await ledger.add(aSigned('never', { expiresAt: undefined }));
    await ledger.add(aSigned('late', { expiresAt: inDays(9) }));
    await ledger.add(aSigned('soon'));
    await ledger.add(aSigned('soon'));
    await ledger.add(aSigned('other', { connectionId: 'c-2' }));
    await ledger.delivered('soon', '.env');
    await ledger.delivered('unknown', '.env');
    const restarted = ledgerOn(folder);
    const kept = await restarted.of('c-1', now);
    assert.deepEqual(idsOf(kept), ['soon', 'late', 'never']);
    assert.deepEqual(kept[0], aSigned('soon', { deliveredTo: '.env' }));
    assert.equal((await restarted.find('f-other'))?.connectionId, 'c-2');
    assert.equal(await restarted.find('f-nothing'), undefined);
  });

  it('forgets a connection’s with its key, a discarded one, and what has expired long ago', async () => {
    const folder = new MemoryFolder(new FakeClock());
    const ledger = ledgerOn(folder);
    for (const token of [aSigned('a'), aSigned('b'), aSigned('c', { connectionId: 'c-2' })]) await ledger.add(token);
    await ledger.discard('a');
    assert.deepEqual(idsOf(await ledger.of('c-1', inDays(30))), ['b']);
    assert.deepEqual(idsOf(await ledger.of('c-1', inDays(32))), []);
    assert.equal(folder.files.size, 0);
    await ledger.add(aSigned('d', { connectionId: 'c-2' }));
    await ledger.add(aSigned('e'));
    await ledger.forget('c-2');
    assert.deepEqual([...folder.files.keys()], ['e.json']);
  });

  it('leaves alone what is no record', () => {
    const whole = JSON.parse(JSON.stringify(aSigned('a'))) as Record<string, unknown>;
    assert.deepEqual(reviveSignedToken(whole), aSigned('a'));
    for (const broken of [
      undefined,
      null,
      {},
      { ...whole, id: 1 },
      { ...whole, recipient: null },
      { ...whole, signedAt: 'x' },
    ])
      assert.equal(reviveSignedToken(broken), undefined);
    assert.equal(reviveSignedToken({ ...whole, expiresAt: 'soon' })?.expiresAt, undefined);
  });
});

describe('isFor', () => {
  const hana = aUser({ externalId: 'x-1' });
  it('goes by MagicBell’s id, then by the external id, then by the e-mail', () => {
    assert.equal(isFor({ recipient: { userId: hana.id, email: 'old@example.com' } }, hana), true);
    assert.equal(isFor({ recipient: { userId: userId('user-2'), email: 'hana@example.com' } }, hana), false);
    assert.equal(isFor({ recipient: { externalId: 'x-1', email: 'old@example.com' } }, hana), true);
    assert.equal(isFor({ recipient: { externalId: 'x-2', email: 'hana@example.com' } }, hana), false);
    assert.equal(isFor({ recipient: { email: 'Hana@Example.com' } }, hana), true);
    assert.equal(isFor({ recipient: { email: 'joe@example.com' } }, hana), false);
    assert.equal(isFor({ recipient: {} }, aUser({ email: undefined })), false);
  });
});

describe('rollingText', () => {
  it('counts what is alive, and names for whom', () => {
    assert.equal(
      rollingText([aSigned('a', { expiresAt: now })], now),
      'Rolling the Secret Key ends no token that was signed here.',
    );
    assert.equal(rollingText([aSigned('a')], now), 'Rolling the Secret Key ends 1 token of hana@example.com.');
    const many = Array.from({ length: 7 }, (_, index) =>
      aSigned(`${index}`, { recipient: { externalId: `x-${index}` } }),
    );
    assert.equal(
      rollingText([...many, aSigned('a', { recipient: { externalId: 'x-0' }, expiresAt: undefined })], now),
      'Rolling the Secret Key ends 8 tokens of x-0, x-1, x-2, x-3, x-4 and 2 more.',
    );
  });
});
