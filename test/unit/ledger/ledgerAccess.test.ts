import assert from 'node:assert/strict';
import { Secret } from '../../../src/core/base/secret.ts';
import { CheckedSecretStore } from '../../../src/core/base/secretStore.ts';
import { plainClipboard } from '../../../src/core/delivery/place.ts';
import type { Issuance } from '../../../src/core/issuance/issuance.ts';
import { LedgerAccess } from '../../../src/core/ledger/ledgerAccess.ts';
import { openLedger } from '../../../src/core/ledger/openLedger.ts';
import type { TokenLedger } from '../../../src/core/ledger/tokenLedger.ts';
import { anIssuance } from '../../support/builders.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { SecretDisk } from '../../support/fakeSecretStore.ts';
import { MemoryFolder } from '../../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

describe('LedgerAccess', () => {
  let folder: MemoryFolder;
  let logger: RecordingLogger;
  let access: LedgerAccess;
  let built: number;
  let failure: Error | undefined;

  beforeEach(() => {
    const clock = new FakeClock();
    folder = new MemoryFolder(clock);
    logger = new RecordingLogger();
    [built, failure] = [0, undefined];
    const secrets = new CheckedSecretStore(new SecretDisk().shared(), clock);
    const build = (): Promise<TokenLedger> => {
      built += 1;
      if (failure !== undefined) return Promise.reject(failure);
      return Promise.resolve(openLedger({ secrets, files: folder.openedBy(), clock, logger }));
    };
    access = new LedgerAccess(build, logger);
  });
  afterEach(() => access.dispose());

  const signed = (id: string, connectionId = 'connection-1'): Issuance =>
    anIssuance({
      ...{ id, connectionId, tokenId: undefined, expiresAt: new Date('2026-11-26T12:00:00Z') },
      request: { kind: 'user', isSigned: true, name: undefined, expirySeconds: 86_400, recipient: { email: 'h@x.io' } },
    });
  async function make(...issuances: readonly Issuance[]): Promise<void> {
    const ledger = await access.open();
    for (const each of issuances) await ledger.made(each, new Secret(`VALUE-${each.id}`));
  }
  const shown = (connectionId = 'connection-1'): readonly unknown[] =>
    access.signedOf(connectionId).map(({ id, deliveredTo }) => [id, deliveredTo]);

  it('builds the ledger once, when somebody asks for it', async () => {
    assert.deepEqual([built, shown()], [0, []]);
    const [one, other] = await Promise.all([access.open(), access.open()]);
    assert.deepEqual([built, one === other], [1, true]);
  });

  it('has the signed tokens of a connection, and tells of changes', async () => {
    let changes = 0;
    access.onDidChange(() => (changes += 1));
    await access.tryStart();
    assert.equal(changes, 0);
    await make(signed('a'), signed('b', 'connection-2'), anIssuance({ id: 'issued' }));
    assert.deepEqual([shown(), shown('connection-2'), changes], [[['a', []]], [['b', []]], 3]);
    access.dispose();
    await make(signed('c'));
    assert.equal(changes, 3, 'and of none when it is not used any more');
  });

  it('reads what was there before', async () => {
    await make(signed('a'));
    assert.deepEqual(shown(), [], 'nothing was read yet');
    await access.tryStart();
    assert.deepEqual(shown(), [['a', []]]);
  });

  it('follows where a value went, and drops a token that nobody has', async () => {
    await access.tryStart();
    await make(signed('a'), signed('b'), signed('c'), signed('d'));
    await access.follow({ ...signed('a'), placesDone: [plainClipboard, { type: 'terminal', variable: 'TOKEN' }] });
    await access.follow({ ...signed('b'), resolution: 'discarded' });
    await access.follow({ ...signed('c'), resolution: 'revoked' });
    await access.follow({ ...signed('d'), placesDone: [] });
    await access.follow(signed('d'));
    assert.deepEqual(shown(), [
      ['a', ['to the clipboard', 'to a terminal as TOKEN']],
      ['c', []],
      ['d', []],
    ]);
    await access.follow({ ...signed('c'), resolution: 'revoked', placesDone: [plainClipboard] });
    assert.deepEqual(shown()[1], ['c', ['to the clipboard']]);
  });

  it('says in the log what failed, and never rejects', async () => {
    await make(signed('a'));
    folder.failures.set('list', { code: 'EIO' });
    await access.tryStart();
    folder.failures.set('read', { code: 'EACCES' });
    await access.follow({ ...signed('a'), placesDone: [plainClipboard] });
    folder.failures.set('remove', { code: 'EROFS' });
    await access.follow({ ...signed('a'), resolution: 'discarded' });
    assert.deepEqual(
      logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message),
      [
        'ledger: cannot be read (EIO)',
        'ledger: cannot be told of a (EACCES)',
        'ledger: cannot be cleared of a (EROFS)',
      ],
    );
    folder.failures.clear();
    await access.tryStart();
    assert.deepEqual(shown(), [['a', []]]);
  });

  it('names the kind of an error that has no code', async () => {
    failure = new TypeError('no ledger');
    await access.tryStart();
    assert.deepEqual(logger.lines, [{ level: 'warn', message: 'ledger: cannot be read (TypeError)' }]);
  });
});
