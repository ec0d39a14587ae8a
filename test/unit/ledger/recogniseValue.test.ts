import assert from 'node:assert/strict';
import { CheckedSecretStore } from '../../../src/core/base/secretStore.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import type { Connection } from '../../../src/core/connections/connection.ts';
import type { PendingIssuance, PendingStatus } from '../../../src/core/issuance/pendingIssuance.ts';
import { LedgerAccess } from '../../../src/core/ledger/ledgerAccess.ts';
import { openLedger } from '../../../src/core/ledger/openLedger.ts';
import { recogniseValue } from '../../../src/core/ledger/recogniseValue.ts';
import type { MadeToken } from '../../../src/core/ledger/tokenLedger.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { TokenStore } from '../../../src/core/tokens/tokenStore.ts';
import { aToken } from '../../support/builders.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { SecretDisk } from '../../support/fakeSecretStore.ts';
import { MemoryFolder } from '../../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

const value = 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl';

describe('recogniseValue', () => {
  let clock: FakeClock;
  let folder: MemoryFolder;
  let disk: SecretDisk;
  let status: PendingStatus | undefined;
  let store: TokenStore;
  const logger = new RecordingLogger();

  beforeEach(() => {
    clock = new FakeClock('2026-11-25T12:00:00Z');
    folder = new MemoryFolder(clock);
    disk = new SecretDisk();
    status = undefined;
    store = new TokenStore(
      () => Promise.reject(new Error('no request is needed')),
      () => 100,
    );
  });

  /** The ledger as a window that has just started has it. */
  const ledger = (secrets = disk.shared()): LedgerAccess =>
    new LedgerAccess(
      () =>
        Promise.resolve(
          openLedger({ secrets: new CheckedSecretStore(secrets, clock), files: folder.openedBy(), clock, logger }),
        ),
      logger,
    );

  const issue = async (parts: Partial<MadeToken> = {}): Promise<void> => {
    const token: MadeToken = {
      id: 'i-1',
      connectionId: 'c-1',
      request: { kind: 'project', name: 'CI deploy', expirySeconds: undefined },
      tokenId: tokenId('t-1'),
      createdAt: clock.now(),
      expiresAt: undefined,
      ...parts,
    };
    await (await ledger().open()).made(token, new Secret(value));
  };

  const recognised = (text: string, access = ledger()) =>
    recogniseValue(text, {
      ledger: access,
      issuances: { find: () => (status === undefined ? undefined : ({ status } as PendingIssuance)) },
      connections: { find: () => ({ store, now: () => clock.now() }) as unknown as Connection },
      clock,
    });

  for (const text of [
    value,
    ` ${value}\n`,
    `TOKEN=${value}`,
    `export TOKEN='${value}'`,
    `Authorization: Bearer ${value}`,
  ])
    it(`knows a value that was issued here in “${text.replace(value, '…').trim()}”`, async () => {
      await issue();
      const token = { name: 'CI deploy', connectionId: 'c-1', tokenId: 't-1' };
      assert.deepEqual(await recognised(text), { token, isKept: false });
    });

  it('knows nothing of other texts and of tokens from elsewhere', async () => {
    await issue();
    for (const text of ['', 'CI deploy', 't-1', `${value}x`, `${value}\n${value.replace('e30', 'e31')}`])
      assert.equal(await recognised(text), undefined, text);
  });

  it('names a token without a name after its user', async () => {
    const recipient = { email: 'hana@example.com' };
    await issue({ request: { kind: 'user', isSigned: true, name: undefined, recipient, expirySeconds: 3600 } });
    assert.equal((await recognised(value))?.token.name, 'hana@example.com');
  });

  it('says whether the value can be copied again', async () => {
    await issue();
    status = 'undelivered';
    assert.equal((await recognised(value))?.isKept, true);
    status = 'orphaned';
    assert.equal((await recognised(value))?.isKept, false);
  });

  it('leaves out what has expired or is known to be revoked', async () => {
    await issue({ expiresAt: new Date('2026-11-25T13:00:00Z') });
    await clock.advance(3_599_999);
    assert.ok(await recognised(value));
    store.projectTokens.upsert(aToken({ id: tokenId('t-1') }));
    assert.ok(await recognised(value));
    store.projectTokens.upsert(aToken({ id: tokenId('t-1'), revokedAt: clock.now() }));
    assert.equal(await recognised(value), undefined);
    store.projectTokens.reset();
    await clock.advance(1);
    assert.equal(await recognised(value), undefined);
  });

  it('recognises nothing when the records cannot be read', async () => {
    await issue();
    const access = new LedgerAccess(() => Promise.reject(new Error('ENOSPC')), logger);
    assert.equal(await recognised(value, access), undefined);
  });
});
