import assert from 'node:assert/strict';
import { Redactor } from '../../../src/core/base/redaction.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { CheckedSecretStore } from '../../../src/core/base/secretStore.ts';
import { ConnectionRows, type RowContext } from '../../../src/core/browse/rows.ts';
import { Connections } from '../../../src/core/connections/connections.ts';
import { ConnectionVault } from '../../../src/core/connections/vault.ts';
import type { BaseUrl } from '../../../src/core/magicbell/baseUrl.ts';
import { MagicBellError, type MagicBellErrorDetails } from '../../../src/core/magicbell/errors.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { userId } from '../../../src/core/model/user.ts';
import { aToken, aUser } from '../../support/builders.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { FakeMagicBell } from '../../support/fakeMagicBell.ts';
import { SecretDisk } from '../../support/fakeSecretStore.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

const now = new Date('2026-11-25T12:00:00Z');

describe('ConnectionRows', () => {
  let magicBell: FakeMagicBell;
  let rows: ConnectionRows;
  let stateReads: number;

  beforeEach(async () => {
    const clock = new FakeClock(now);
    magicBell = new FakeMagicBell(clock);
    const connections = new Connections({
      vault: new ConnectionVault(new CheckedSecretStore(new SecretDisk().shared(), clock)),
      createApi: () => Promise.resolve(magicBell.usedBy()),
      state: {
        get: () => {
          stateReads += 1;
          return undefined;
        },
        update: () => Promise.resolve(),
      },
      now: () => clock.now(),
      pageSize: () => 100,
      redactor: new Redactor(),
      logger: new RecordingLogger(),
    });
    const connection = await connections.add({
      baseUrl: 'https://api.magicbell.com/v2' as BaseUrl,
      key: new Secret('KEY-0123456789-first'),
    });
    rows = new ConnectionRows(connection, 'project');
  });

  const context = (parts: Partial<RowContext> = {}): RowContext => ({
    arrangement: { order: 'created', filter: 'all' },
    now,
    soonDays: 7,
    unsettled: [],
    signed: [],
    saysAll: false,
    ...parts,
  });
  const types = (parts?: Partial<RowContext>): readonly string[] => rows.top(context(parts)).map(({ type }) => type);
  const fail = async (details: MagicBellErrorDetails): Promise<void> => {
    magicBell.failure = new MagicBellError('rateLimited', 'too many', details);
    await rows.connection.store.projectTokens.load();
  };

  it('leave a failed first load to the welcome, unless a message or other connections hide that', async () => {
    await fail({ status: 429 });
    assert.deepEqual([types(), types({ saysAll: true })], [[], ['failure']]);
    await fail({ status: 429, retryAfterMs: 7_200_000 });
    assert.deepEqual(types(), ['failure']);
  });

  it('stay beside a failure, and say when the filter hides all of them', async () => {
    magicBell.others = [{ token: aToken() }, { token: aToken({ id: tokenId('token-2') }) }];
    await rows.connection.store.projectTokens.load();
    magicBell.failure = new MagicBellError('serverError', 'down', { status: 500 });
    await rows.connection.store.projectTokens.refresh();
    assert.deepEqual(types(), ['token', 'token', 'failure']);
    assert.deepEqual(types({ saysAll: true }), ['token', 'token', 'failure']);
    rows.invalidate();
    assert.deepEqual(types({ arrangement: { order: 'created', filter: 'revoked' } }), ['noMatch', 'failure']);
  });

  it('are filtered by the time of their context', async () => {
    const expiresAt = new Date(now.getTime() + 3_600_000);
    magicBell.others = [{ token: aToken({ expiresAt }) }];
    await rows.connection.store.projectTokens.load();
    const expired = { arrangement: { order: 'created', filter: 'expired' } } as const;
    assert.deepEqual(types(expired), ['noMatch']);
    rows.invalidate();
    assert.deepEqual(types({ ...expired, now: new Date(now.getTime() + 3 * 3_600_000) }), ['token']);
  });

  it('of users are made without a look into the state for each: there may be very many', async () => {
    magicBell.users = Array.from({ length: 50 }, (_, index) => aUser({ id: userId(`user-${index}`) }));
    await rows.connection.store.users.load();
    const users = new ConnectionRows(rows.connection, 'user');
    stateReads = 0;
    assert.equal(users.top(context()).length, 50);
    assert.ok(stateReads < 10, `${stateReads} reads`);
  });

  it('say that a connection among several has no tokens', async () => {
    await rows.connection.store.projectTokens.load();
    assert.deepEqual([types(), types({ saysAll: true })], [[], ['empty']]);
  });
});
