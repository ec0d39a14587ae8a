import assert from 'node:assert/strict';
import { Redactor } from '../../../src/core/base/redaction.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { CheckedSecretStore } from '../../../src/core/base/secretStore.ts';
import { revocableByConnection } from '../../../src/core/browse/revocableRows.ts';
import { ConnectionRows, type Row, type RowContext } from '../../../src/core/browse/rows.ts';
import type { Connection } from '../../../src/core/connections/connection.ts';
import { Connections } from '../../../src/core/connections/connections.ts';
import { ConnectionVault } from '../../../src/core/connections/vault.ts';
import type { BaseUrl } from '../../../src/core/magicbell/baseUrl.ts';
import { describeError } from '../../../src/core/describeError.ts';
import type { PendingIssuance } from '../../../src/core/issuance/pendingIssuance.ts';
import { type ErrorReason, MagicBellError, type MagicBellErrorDetails } from '../../../src/core/magicbell/errors.ts';
import { type Token, tokenId } from '../../../src/core/model/token.ts';
import { userId } from '../../../src/core/model/user.ts';
import { aLedgerEntry, anIssuance, aToken, aTokenWithoutId, aUser } from '../../support/builders.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { FakeMagicBell } from '../../support/fakeMagicBell.ts';
import { SecretDisk } from '../../support/fakeSecretStore.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

const now = new Date('2026-11-25T12:00:00Z');

describe('ConnectionRows', () => {
  let magicBell: FakeMagicBell;
  let rows: ConnectionRows;
  let stateReads: number;
  /** Adds a connection for the same project. */
  let another: () => Promise<Connection>;
  /** How many rows of each page cannot be read. */
  let unreadableItems: number;

  beforeEach(async () => {
    const state = new Map<string, unknown>();
    unreadableItems = 0;
    const clock = new FakeClock(now);
    magicBell = new FakeMagicBell(clock);
    const connections = new Connections({
      vault: new ConnectionVault(new CheckedSecretStore(new SecretDisk().shared(), clock)),
      createApi: () => {
        const api = magicBell.usedBy();
        const fetchProjectTokens: typeof api.jwt.fetchProjectTokens = async (page, options) => ({
          ...(await api.jwt.fetchProjectTokens(page, options)),
          unreadableItems,
        });
        return Promise.resolve({ ...api, jwt: { ...api.jwt, fetchProjectTokens } });
      },
      state: {
        get: (key) => {
          stateReads += 1;
          return state.get(key);
        },
        update: (key, value) => Promise.resolve(void state.set(key, value)),
      },
      now: () => clock.now(),
      pageSize: () => 100,
      redactor: new Redactor(),
      logger: new RecordingLogger(),
    });
    const added = (key: string): Promise<Connection> =>
      connections.add({ baseUrl: 'https://api.magicbell.com/v2' as BaseUrl, key: new Secret(`KEY-0123456789-${key}`) });
    another = () => added('second');
    rows = new ConnectionRows(await added('first'), 'project');
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

  it('are about one connection, and its tokens or its users', () => {
    const { connection } = rows;
    const users = new ConnectionRows(connection, 'user');
    assert.deepEqual(rows.row, { type: 'connection', connection, kind: 'project' });
    assert.deepEqual(users.row, { type: 'connection', connection, kind: 'user' });
    assert.deepEqual([rows.list, users.list], [connection.store.projectTokens, connection.store.users]);
  });

  it('say that nothing has arrived yet, and never that there is nothing', async () => {
    const loading = rows.connection.store.projectTokens.load();
    const [waiting, ...more] = rows.top(context({ saysAll: true }));
    assert.equal(waiting?.type === 'waiting' && waiting.wait === undefined, true);
    assert.deepEqual(more, []);
    await loading;
    assert.deepEqual(types({ saysAll: true }), ['empty']);
  });

  it('end with the next page, and with what cannot be read', async () => {
    magicBell.others = [{ token: aToken() }, { token: aToken({ id: tokenId('token-2') }) }];
    magicBell.pageSize = 1;
    await rows.connection.store.projectTokens.load();
    assert.deepEqual(types(), ['token', 'loadMore']);
    unreadableItems = 3;
    await rows.connection.store.projectTokens.refresh();
    rows.invalidate();
    assert.deepEqual(types(), ['token', 'loadMore', 'incomplete']);
    const last = rows.top(context()).at(-1);
    assert.deepEqual(last?.type === 'incomplete' && last.gap, { unreadableItems: 3, cutShort: undefined });
  });

  describe('with a value that waits to be copied', () => {
    const pendingOf = (id: string, token?: string): PendingIssuance => ({
      issuance: anIssuance({ id, ...(token === undefined ? {} : { tokenId: tokenId(token) }) }),
      status: 'undelivered',
      isStored: true,
    });
    const pending = pendingOf('a', 'token-1');

    it('have it on top, and its token nowhere else', async () => {
      magicBell.others = [
        { token: aToken() },
        { token: aToken({ id: tokenId('token-2') }) },
        { token: aTokenWithoutId() },
      ];
      await rows.connection.store.projectTokens.load();
      const shown = rows.top(context({ unsettled: [pending, pendingOf('b')] }));
      assert.deepEqual(
        shown.map((row) => (row.type === 'token' ? row.token.id : row.type)),
        ['undelivered', 'undelivered', undefined, 'token-2'],
      );
      const [first] = shown;
      assert.deepEqual(first, { type: 'undelivered', connection: rows.connection, pending });
      assert.equal(types({ unsettled: [pendingOf('b')] }).filter((type) => type === 'token').length, 3);
    });

    it('are not empty, and keep what else there is to say', async () => {
      await rows.connection.store.projectTokens.load();
      assert.deepEqual(types({ unsettled: [pending], saysAll: true }), ['undelivered']);
      await fail({ status: 429 });
      await rows.connection.store.projectTokens.refresh();
      assert.deepEqual(types({ unsettled: [pending] }), ['undelivered', 'failure']);
      magicBell.failure = undefined;
      magicBell.others = [{ token: aToken() }];
      await rows.connection.store.projectTokens.refresh();
      rows.invalidate();
      const revoked = { order: 'created', filter: 'revoked' } as const;
      assert.deepEqual(types({ unsettled: [pending], arrangement: revoked }), ['undelivered', 'noMatch']);
    });
  });

  const failWith = async ({ list }: ConnectionRows, reason: ErrorReason): Promise<void> => {
    magicBell.failure = new MagicBellError(reason, 'no', {});
    await list.load();
  };

  it('offer the next step where the API has no such list', async () => {
    await failWith(rows, 'notOffered');
    assert.deepEqual([types(), types({ saysAll: true })], [[], ['notOffered']]);
  });

  it('say what could not be loaded', async () => {
    const users = new ConnectionRows(rows.connection, 'user');
    await failWith(rows, 'notFound');
    await failWith(users, 'notFound');
    const hana = userId('user-1');
    const list = rows.connection.store.tokensOf(hana);
    await list.load();
    const [project] = rows.top(context({ saysAll: true }));
    const [user] = users.top(context({ saysAll: true }));
    const [below] = users.below(hana, context());
    const operations = ['fetchProjectTokens', 'listUsers', 'fetchUserTokens'] as const;
    const described = operations.map((operation) =>
      describeError(magicBell.failure, { operation, host: 'api.magicbell.com' }),
    );
    assert.notEqual(described[0]?.message, described[2]?.message, 'the sentences differ');
    assert.deepEqual(
      [project, user, below].map((row) => row?.type === 'failure' && row.description),
      described,
    );
    assert.deepEqual(below, {
      ...{ type: 'failure', connection: rows.connection, kind: 'user', list, user: hana },
      description: described[2],
    });
  });

  describe('of users', () => {
    const hana = aUser();
    const noor = aUser({ id: userId('user-2'), email: 'noor@example.com' });
    const ada = aUser({ id: userId('user-3'), email: 'ada@example.com' });
    const ofHana = aLedgerEntry('a', {
      recipient: { email: 'hana@example.com', externalId: undefined, userId: hana.id },
    });
    const ofNoor = aLedgerEntry('b', {
      recipient: { email: 'noor@example.com', externalId: undefined, userId: noor.id },
    });
    const mail = aLedgerEntry('c', { expiresAt: undefined });
    let users: ConnectionRows;
    const userToken = (id: string, parts: Partial<Token> = {}) => ({
      token: { ...aToken({ id: tokenId(id) }), ...parts, kind: 'user' } as Token,
      owner: hana.id,
    });
    const shown = (list: readonly Row[]): readonly unknown[] =>
      list.map((row) => (row.type === 'token' ? row.token.id : row.type === 'signed' ? row.entry.id : row.type));
    const below = (parts: Partial<RowContext> = {}): readonly unknown[] => shown(users.below(hana.id, context(parts)));

    beforeEach(async () => {
      magicBell.users = [hana, noor, ada];
      await rows.connection.store.users.load();
      users = new ConnectionRows(rows.connection, 'user');
    });

    it('have the pinned ones on top, in their own order', async () => {
      await rows.connection.users.pin(noor);
      await rows.connection.users.pin(hana);
      const byName = context({ arrangement: { order: 'name', filter: 'all' } });
      assert.deepEqual(
        users.top(byName).map((row) => row.type === 'user' && [row.user.email, row.isPinned]),
        [
          ['noor@example.com', true],
          ['hana@example.com', true],
          ['ada@example.com', false],
        ],
      );
      assert.equal(users.userRow(hana).isPinned, true);
      assert.equal(users.userRow(ada).isPinned, false);
    });

    it('are the same objects until something about them changes', () => {
      assert.equal(users.knownUserRow(hana.id), undefined);
      const row = users.userRow(hana, false);
      assert.equal(users.userRow(hana, false), row);
      assert.equal(users.knownUserRow(hana.id), row);
      const pinned = users.userRow(hana, true);
      assert.notEqual(pinned, row);
      assert.notEqual(users.userRow({ ...hana }, true), pinned);
      assert.equal(users.top(context())[1], users.top(context())[1]);
    });

    it('have their tokens below them, and those that were signed here for them', async () => {
      magicBell.others = [userToken('t-1'), userToken('t-2', { revokedAt: now })];
      await rows.connection.store.tokensOf(hana.id).load();
      const signed = [ofHana, ofNoor, mail];
      assert.deepEqual(below({ signed }), ['t-1', 't-2', 'a', 'c']);
      const active = { order: 'created', filter: 'neverExpires' } as const;
      users.invalidate();
      assert.deepEqual(below({ signed, arrangement: active }), ['t-1', 'c']);
      users.invalidate();
      const [token, , first] = users.below(hana.id, context({ signed }));
      assert.deepEqual(
        [token?.type === 'token' && token.user, first?.type === 'signed' && first.user],
        [hana.id, hana.id],
      );
      assert.equal(users.below(hana.id, context({ signed: [ofHana] })).at(-1), first, 'the same row');
    });

    it('have no signed token below them whose value waits on top', async () => {
      await rows.connection.store.tokensOf(hana.id).load();
      const unsettled = [
        { issuance: anIssuance({ id: 'a' }), status: 'undelivered', isStored: true },
        { issuance: anIssuance({ id: 'x' }), status: 'undelivered', isStored: true },
      ] as const;
      assert.deepEqual(below({ signed: [ofHana, mail], unsettled }), ['c']);
    });

    it('have a signed token also below a user who is not loaded, by its id', async () => {
      const stranger = userId('user-9');
      await rows.connection.store.tokensOf(stranger).load();
      const entry = aLedgerEntry('z', { recipient: { email: undefined, externalId: undefined, userId: stranger } });
      const [row] = users.below(stranger, context({ signed: [entry, ofHana] }));
      assert.deepEqual(row, { type: 'signed', connection: rows.connection, user: stranger, entry });
    });

    it('say below a user that there is nothing, that it is on its way, or that the filter hides it', async () => {
      const list = rows.connection.store.tokensOf(hana.id);
      const loading = list.load();
      assert.deepEqual(below({ signed: [ofHana] }), ['a', 'waiting']);
      await loading;
      assert.deepEqual(users.below(hana.id, context()), [
        { type: 'empty', connection: rows.connection, kind: 'user', list, user: hana.id },
      ]);
      assert.deepEqual(below({ signed: [ofHana] }), ['a']);
      magicBell.others = [userToken('t-1')];
      await list.refresh();
      users.invalidateList(list);
      const arrangement = { order: 'created', filter: 'revoked' } as const;
      assert.deepEqual(users.below(hana.id, context({ arrangement })), [
        { type: 'noMatch', connection: rows.connection, kind: 'user', list, user: hana.id },
      ]);
    });
  });

  it('give the row of a token, by the token or by its id, unless the filter hides it', async () => {
    const [first, second] = [aToken(), aToken({ id: tokenId('token-2') })];
    const without = aTokenWithoutId();
    magicBell.others = [{ token: first }, { token: second }, { token: without }];
    await rows.connection.store.projectTokens.load();
    assert.equal(rows.tokenRow(second, undefined, context())?.token, second);
    assert.equal(rows.tokenRow({ ...second, name: 'Renamed' }, undefined, context())?.token, second);
    assert.equal(rows.tokenRow(without, undefined, context())?.token, without);
    assert.equal(rows.tokenRow(aTokenWithoutId(), undefined, context()), undefined);
    assert.equal(rows.tokenRow(aToken({ id: tokenId('other') }), undefined, context()), undefined);
    assert.equal(rows.tokenRow(second, userId('user-1'), context()), undefined, 'of a user');
    rows.invalidate();
    const revoked = context({ arrangement: { order: 'created', filter: 'revoked' } });
    assert.equal(rows.tokenRow(second, undefined, revoked), undefined);
  });

  it('are told apart by what can be revoked, by connection', async () => {
    const [first, second] = [rows.connection, await another()];
    const of = (connection: Connection, token: Token): Row => ({ type: 'token', connection, token });
    const live = aToken();
    const shown: readonly Row[] = [
      of(first, live),
      of(first, aToken({ revokedAt: now })),
      of(first, aTokenWithoutId()),
      of(first, aToken({ id: tokenId('expired'), expiresAt: new Date(now.getTime() - 1) })),
      { type: 'signed', connection: first, user: undefined, entry: aLedgerEntry('a') },
      of(second, live),
      of(first, aToken({ id: tokenId('token-2') })),
    ];
    assert.deepEqual(
      [...revocableByConnection(shown)].map(([connection, tokens]) => [
        connection === first,
        tokens.map(({ id }) => id),
      ]),
      [
        [true, ['token-1', 'expired', 'token-2']],
        [false, ['token-1']],
      ],
    );
  });
});
