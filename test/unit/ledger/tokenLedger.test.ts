import assert from 'node:assert/strict';
import { Records } from '../../../src/core/base/records.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { CheckedSecretStore } from '../../../src/core/base/secretStore.ts';
import { Fingerprints } from '../../../src/core/ledger/fingerprints.ts';
import { type LedgerEntry, reviveLedgerEntry } from '../../../src/core/ledger/ledgerEntry.ts';
import { type MadeToken, TokenLedger } from '../../../src/core/ledger/tokenLedger.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { aLedgerEntry } from '../../support/builders.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { SecretDisk } from '../../support/fakeSecretStore.ts';
import { MemoryFolder } from '../../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

const dayMs = 86_400_000;
const valueOf = (id: string): Secret => new Secret(`VALUE-${id}`);

describe('TokenLedger', () => {
  let clock: FakeClock;
  let folder: MemoryFolder;
  let disk: SecretDisk;
  let logger: RecordingLogger;

  beforeEach(() => {
    logger = new RecordingLogger();
    clock = new FakeClock();
    folder = new MemoryFolder(clock);
    disk = new SecretDisk();
  });

  const opened = (secrets = disk.shared()): TokenLedger => {
    const files = folder.openedBy();
    return new TokenLedger({
      records: new Records(files, reviveLedgerEntry, logger),
      files,
      fingerprints: new Fingerprints(new CheckedSecretStore(secrets, clock)),
      clock,
      logger,
    });
  };

  const token = (id: string, parts: Partial<MadeToken> = {}): MadeToken => ({
    id,
    connectionId: 'c-1',
    request: { kind: 'project', name: `Of ${id}`, expirySeconds: 86_400 },
    tokenId: tokenId(`t-${id}`),
    createdAt: clock.now(),
    expiresAt: new Date(clock.now().getTime() + dayMs),
    ...parts,
  });
  const idsOf = (entries: readonly LedgerEntry[]): string[] => entries.map(({ id }) => id);

  it('recognises what was made here, over restarts, and keeps no value', async () => {
    await opened().made(token('a'), valueOf('a'));
    const signed = { kind: 'user', isSigned: true, name: undefined, recipient: { email: 'hana@example.com' } } as const;
    await opened().made(token('b', { request: { ...signed, expirySeconds: 1 }, tokenId: undefined }), valueOf('b'));
    const ledger = opened();
    assert.deepEqual(await ledger.find(valueOf('a')), {
      ...aLedgerEntry('a'),
      kind: 'project',
      isSigned: false,
      tokenId: 't-a',
      name: 'Of a',
      recipient: undefined,
      madeAt: clock.now(),
      expiresAt: new Date(clock.now().getTime() + dayMs),
      fingerprint: (await ledger.find(valueOf('a')))?.fingerprint,
    });
    assert.equal((await ledger.find(valueOf('b')))?.recipient?.email, 'hana@example.com');
    assert.equal((await ledger.find(valueOf('b')))?.isSigned, true);
    assert.equal(await ledger.find(valueOf('c')), undefined);
    assert.equal(folder.text.includes('VALUE'), false);
  });

  it('makes no key for a question', async () => {
    assert.equal(await opened().find(valueOf('a')), undefined);
    assert.equal(disk.slots.size, 0);
  });

  it('records where a value went, once each, also when the token is made known once more', async () => {
    const ledger = opened();
    await ledger.made(token('a'), valueOf('a'));
    await ledger.delivered('a', ['the clipboard', '.env']);
    await ledger.delivered('a', ['.env']);
    await ledger.made(token('a'), valueOf('a'));
    await ledger.delivered('unknown', ['.env']);
    assert.deepEqual((await ledger.find(valueOf('a')))?.deliveredTo, ['the clipboard', '.env']);
    assert.equal(folder.files.size, 1);
  });

  it('keeps a token without a fingerprint when SecretStorage does not work, and adds it once that does', async () => {
    const secrets = disk.shared();
    const ledger = opened(secrets);
    secrets.mode = 'throws';
    await ledger.made(token('a'), valueOf('a'));
    await ledger.delivered('a', ['.env']);
    secrets.mode = 'ok';
    await ledger.start();
    assert.deepEqual(idsOf(ledger.entries()), ['a']);
    assert.equal(await ledger.find(valueOf('a')), undefined);
    await ledger.made(token('a'), valueOf('a'));
    assert.deepEqual((await ledger.find(valueOf('a')))?.deliveredTo, ['.env']);
  });

  it('says that a token cannot be written down, and goes on', async () => {
    const ledger = opened();
    folder.failures.set('replace', { code: 'ENOSPC' });
    await assert.rejects(ledger.made(token('a'), valueOf('a')), { code: 'ENOSPC' });
    folder.failures.clear();
    await ledger.made(token('a'), valueOf('a'));
    assert.equal((await ledger.find(valueOf('a')))?.id, 'a');
  });

  it('orders by expiry, and tells of changes, of other windows, too', async () => {
    const ledger = opened();
    const changes: string[][] = [];
    ledger.onDidChange(() => changes.push(idsOf(ledger.entries('c-1'))));
    await ledger.start();
    await ledger.made(token('never', { expiresAt: undefined }), valueOf('never'));
    await ledger.made(token('soon'), valueOf('soon'));
    await ledger.made(token('other', { connectionId: 'c-2' }), valueOf('other'));
    await opened().made(token('late', { expiresAt: new Date(clock.now().getTime() + 9 * dayMs) }), valueOf('late'));
    await clock.advance(1000);
    await ledger.start();
    await ledger.remove('soon');
    assert.deepEqual(changes, [
      ['never'],
      ['soon', 'never'],
      ['soon', 'never'],
      ['soon', 'late', 'never'],
      ['late', 'never'],
    ]);
    ledger.dispose();
  });

  it('forgets what has expired long ago', async () => {
    await opened().made(token('a'), valueOf('a'));
    clock.set(new Date(clock.now().getTime() + 30 * dayMs));
    const before = opened();
    await before.start();
    assert.deepEqual(idsOf(before.entries()), ['a']);
    clock.set(new Date(clock.now().getTime() + 2 * dayMs));
    const after = opened();
    await after.start();
    assert.deepEqual(idsOf(after.entries()), []);
    assert.equal(folder.files.size, 0);
  });

  it('forgets a connection’s with its key, and the fingerprints’ key with the last of them', async () => {
    const ledger = opened();
    await ledger.made(token('a'), valueOf('a'));
    await ledger.made(token('b', { connectionId: 'c-2' }), valueOf('b'));
    await ledger.forget('c-1');
    assert.equal(await ledger.find(valueOf('a')), undefined);
    assert.equal((await ledger.find(valueOf('b')))?.id, 'b');
    await ledger.forget('c-2');
    assert.equal(disk.slots.size, 0);
    assert.equal(folder.files.size, 0);
  });

  it('can be started again when the files could not be read', async () => {
    await opened().made(token('a'), valueOf('a'));
    const ledger = opened();
    folder.failures.set('list', { code: 'EIO' });
    await assert.rejects(ledger.start(), { code: 'EIO' });
    folder.failures.clear();
    await ledger.start();
    assert.deepEqual(idsOf(ledger.entries()), ['a']);
  });

  it('shows what it has when another window’s change cannot be read, and says so in the log', async () => {
    const ledger = opened();
    await ledger.start();
    await ledger.made(token('a'), valueOf('a'));
    await clock.advance(1000);
    folder.failures.set('list', { code: 'EIO' });
    folder.write('b.json', '{}');
    await clock.advance(300);
    assert.deepEqual(idsOf(ledger.entries()), ['a']);
    assert.equal(logger.text, 'ledger: cannot be read (EIO)');
    ledger.dispose();
  });

  it('reads once for several changes, and no more once it is closed', async () => {
    const ledger = opened();
    await ledger.start();
    for (const id of ['a', 'b']) await opened().made(token(id), valueOf(id));
    assert.equal(clock.timerCount, 1);
    await clock.advance(300);
    assert.deepEqual(idsOf(ledger.entries()), ['a', 'b']);
    ledger.dispose();
    await opened().made(token('c'), valueOf('c'));
    assert.equal(clock.timerCount, 0);
  });

  it('has each token once, however often it is changed, and none of a forgotten connection', async () => {
    const ledger = opened();
    await ledger.start();
    let changes = 0;
    ledger.onDidChange(() => (changes += 1));
    await ledger.made(token('a'), valueOf('a'));
    await ledger.delivered('a', ['.env']);
    await ledger.delivered('a', ['.env']);
    await ledger.made(token('a', { createdAt: undefined }), valueOf('a'));
    await ledger.made(token('b', { connectionId: 'c-2', createdAt: undefined }), valueOf('b'));
    assert.deepEqual([idsOf(ledger.entries()), changes], [['a', 'b'], 3]);
    assert.deepEqual(ledger.entries('c-2')[0]?.madeAt, clock.now());
    await ledger.forget('c-1');
    assert.deepEqual(idsOf(ledger.entries()), ['b']);
    ledger.dispose();
  });

  it('takes the time of making from MagicBell where it is known', async () => {
    const createdAt = new Date('2026-11-20T12:00:00Z');
    const ledger = opened();
    await ledger.made(token('a', { createdAt }), valueOf('a'));
    assert.deepEqual((await ledger.find(valueOf('a')))?.madeAt, createdAt);
  });

  it('says in the log that a token has no fingerprint', async () => {
    const secrets = disk.shared();
    secrets.mode = 'throws';
    await opened(secrets).made(token('a'), valueOf('a'));
    assert.match(logger.text, /^ledger: no fingerprint \(.+\)$/);
  });
});

describe('An entry of the ledger', () => {
  it('is revived as it was, and what is none is left alone', () => {
    const whole = JSON.parse(JSON.stringify(aLedgerEntry('a'))) as Record<string, unknown>;
    assert.deepEqual(reviveLedgerEntry(whole), aLedgerEntry('a'));
    for (const broken of [undefined, null, {}, { ...whole, id: 1 }, { ...whole, kind: 'x' }, { ...whole, madeAt: 'x' }])
      assert.equal(reviveLedgerEntry(broken), undefined);
    const odd = reviveLedgerEntry({ ...whole, expiresAt: 'soon', recipient: 7, deliveredTo: ['.env', 1] });
    assert.equal(odd?.expiresAt, undefined);
    assert.equal(odd?.recipient, undefined);
    assert.deepEqual(odd?.deliveredTo, ['.env']);
  });

  it('does without what is of another kind, and is none without its own and its connection’s id', () => {
    const whole = JSON.parse(JSON.stringify(aLedgerEntry('a'))) as Record<string, unknown>;
    const odd = {
      ...whole,
      tokenId: 1,
      name: 2,
      fingerprint: 3,
      deliveredTo: 'x',
      isSigned: 'yes',
      madeAt: whole['madeAt'],
    };
    const read = reviveLedgerEntry({ ...odd, recipient: { email: 1, externalId: 'ext', userId: null } });
    assert.deepEqual(
      [read?.tokenId, read?.name, read?.fingerprint, read?.deliveredTo, read?.isSigned],
      [undefined, undefined, undefined, [], false],
    );
    assert.deepEqual(read?.recipient, { email: undefined, externalId: 'ext', userId: undefined });
    assert.equal(reviveLedgerEntry({ ...whole, recipient: null })?.recipient, undefined);
    for (const broken of [
      { ...whole, connectionId: 1 },
      { ...whole, madeAt: 7 },
      { ...whole, madeAt: undefined },
    ])
      assert.equal(reviveLedgerEntry(broken), undefined);
    assert.equal(reviveLedgerEntry({ ...whole, expiresAt: 7 })?.expiresAt, undefined);
    assert.equal(reviveLedgerEntry({ ...whole, kind: 'project' })?.kind, 'project');
  });
});
