import assert from 'node:assert/strict';
import { Redactor } from '../../../src/core/base/redaction.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { CheckedSecretStore } from '../../../src/core/base/secretStore.ts';
import type { Connection } from '../../../src/core/connections/connection.ts';
import { Connections } from '../../../src/core/connections/connections.ts';
import { ConnectionVault } from '../../../src/core/connections/vault.ts';
import type { BaseUrl } from '../../../src/core/magicbell/baseUrl.ts';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { aToken } from '../../support/builders.ts';
import { FakeClock, settle } from '../../support/fakeClock.ts';
import { FakeMagicBell } from '../../support/fakeMagicBell.ts';
import { type FakeSecretStore, SecretDisk } from '../../support/fakeSecretStore.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

const here = 'https://api.magicbell.com/v2' as BaseUrl;
const elsewhere = 'https://elsewhere.example' as BaseUrl;
const key = new Secret('KEY-0123456789-first');
const otherKey = new Secret('KEY-0123456789-other');

describe('Connections', () => {
  let disk: SecretDisk;
  let store: FakeSecretStore;
  let redactor: Redactor;
  let logger: RecordingLogger;
  let magicBell: FakeMagicBell;
  let created: string[];
  let createApi: () => Promise<MagicBellApi>;
  let connections: Connections;
  let changes: string[];

  beforeEach(() => {
    disk = new SecretDisk();
    magicBell = new FakeMagicBell(new FakeClock());
    magicBell.others = [{ token: aToken() }];
    createApi = () => Promise.resolve(magicBell.usedBy());
    ({ connections, store, redactor, logger, created, changes } = open());
  });

  /** One window with connections of its own. */
  function open() {
    const window = {
      store: disk.shared(),
      redactor: new Redactor(),
      logger: new RecordingLogger(),
      created: [] as string[],
      changes: [] as string[],
    };
    const state = new Map<string, unknown>();
    const opened = new Connections({
      vault: new ConnectionVault(new CheckedSecretStore(window.store, new FakeClock())),
      createApi: (record) => {
        window.created.push(`${record.baseUrl} ${record.key.reveal()}`);
        return createApi();
      },
      state: {
        get: (name) => state.get(name),
        update: (name, value) => {
          state.set(name, value);
          return Promise.resolve();
        },
      },
      now: () => new Date('2026-11-25T12:00:00Z'),
      pageSize: () => 100,
      redactor: window.redactor,
      logger: window.logger,
    });
    opened.onDidChange(() => window.changes.push(said(opened)));
    return { connections: opened, ...window };
  }

  const said = ({ all, state }: Connections): string =>
    `${state}: ${all.map(({ label, key: each, isUnsaved }) => `${label} ${each.reveal().slice(-5)}${isUnsaved ? ' unsaved' : ''}`).join(', ')}`;

  it('are not known before SecretStorage was read, and then read once for several that ask', async () => {
    let reads = 0;
    const get = store.get.bind(store);
    store.get = (slot) => {
      reads += 1;
      return get(slot);
    };
    assert.equal(connections.state, 'unknown');
    await Promise.all([connections.start(), connections.start()]);
    assert.deepEqual([reads, changes], [1, ['known: ']]);
  });

  it('keep the order in which they were added, whatever is changed of them', async () => {
    const first = await connections.add({ baseUrl: here, key, name: 'A' });
    await connections.add({ baseUrl: here, key: otherKey, name: 'B' });
    await connections.change(first, { name: 'Z', isProduction: true });
    await connections.change(first, { baseUrl: here, key: new Secret('KEY-0123456789-newer') });
    assert.equal(said(connections), 'known: Z newer, B other');
    const later = open().connections;
    await later.start();
    assert.equal(said(later), 'known: Z newer, B other');
    assert.deepEqual([later.all[0]?.id, later.all[0]?.isProduction], [first.id, true]);
  });

  it('each use their own key at their own address, and one client each', async () => {
    const a = await connections.add({ baseUrl: here, key });
    const b = await connections.add({ baseUrl: elsewhere, key: otherKey });
    await Promise.all([b.api(), a.api(), b.api()]);
    assert.deepEqual(created, [`${elsewhere} ${otherKey.reveal()}`, `${here} ${key.reveal()}`]);
  });

  it('have the time of their own server, once its answers have told it', async () => {
    const ours = new Date('2026-11-25T12:00:00Z');
    const a = await connections.add({ baseUrl: here, key });
    magicBell.offsetMs = 3 * 3_600_000;
    assert.deepEqual(a.now(), ours);
    await a.api();
    const ahead = new Date('2026-11-25T15:00:00Z');
    createApi = () => Promise.resolve(new FakeMagicBell(new FakeClock()).usedBy());
    const b = await connections.add({ baseUrl: elsewhere, key: otherKey });
    await b.api();
    const times = (): readonly Date[] => [a.now(), b.now(), connections.nowOf(a.id), connections.nowOf('unknown')];
    assert.deepEqual(times(), [ahead, ours, ahead, ours]);
    // Another key at the same address: the same clock. Another address: another one.
    await connections.change(a, { baseUrl: here, key: new Secret('KEY-0123456789-newer') });
    assert.deepEqual(a.now(), ahead);
    await connections.change(a, { baseUrl: elsewhere, key: otherKey });
    assert.deepEqual(a.now(), ours);
  });

  it('begin with empty lists after another key, and only then', async () => {
    const connection = await connections.add({ baseUrl: here, key });
    await connection.store.projectTokens.load();
    await connections.change(connection, { name: 'Renamed', isProduction: true });
    assert.equal(connection.store.projectTokens.items.length, 1);
    await connections.change(connection, { baseUrl: here, key: otherKey });
    assert.deepEqual([connection.store.projectTokens.isLoaded, connection.store.projectTokens.items], [false, []]);
    await connection.api();
    assert.equal(created.at(-1), `${here} ${otherKey.reveal()}`);
  });

  it('remove one and its key, leave the others as they are, and send nothing for it any more', async () => {
    const a = await connections.add({ baseUrl: here, key, name: 'A' });
    const b = await connections.add({ baseUrl: here, key: otherKey, name: 'B' });
    await b.store.projectTokens.load();
    const held = await a.api();
    await connections.remove(a);
    assert.equal(said(connections), 'known: B other');
    await assert.rejects(held.jwt.discardProjectJwt(tokenId('t')), { reason: 'connectionRemoved' });
    assert.equal(b.store.projectTokens.items.length, 1);
    await assert.rejects(a.api(), { reason: 'connectionRemoved' });
    await a.store.projectTokens.load();
    assert.equal(a.store.projectTokens.error?.reason, 'connectionRemoved');
    assert.deepEqual([connections.find(a.id), connections.find(b.id)], [undefined, b]);
    assert.deepEqual([connections.hasForgotten(a.id), connections.hasForgotten(b.id)], [true, false]);
    assert.equal(open().connections.hasForgotten(a.id), false, 'not known before storage was read');
    assert.equal(redactor.redact(key.reveal()), key.reveal(), 'the redactor still knows the key');
    await connections.remove(b);
    assert.equal(disk.slots.size, 0);
  });

  it('are removed here also when storage fails, which is said', async () => {
    const a = await connections.add({ baseUrl: here, key });
    store.mode = 'throws';
    await assert.rejects(connections.remove(a), { name: 'SecretStorageError' });
    assert.deepEqual([connections.all, a.isRemoved], [[], true]);
  });

  it('follow another window, and keep the objects of those that stay', async () => {
    const a = await connections.add({ baseUrl: here, key, name: 'A' });
    const other = open().connections;
    await other.start();
    await other.add({ baseUrl: here, key: otherKey, name: 'B' });
    await connections.reload();
    assert.equal(connections.all[0], a);
    assert.equal(said(connections), 'known: A first, B other');
    const [first] = other.all;
    assert.ok(first, 'the other window has none');
    await other.remove(first);
    await connections.reload();
    assert.equal(said(connections), 'known: B other');
    assert.equal(a.isRemoved, true);
  });

  describe('changed here, after another window did something that was not heard of yet', () => {
    let other: Connections;
    let theirs: Connection;
    let ours: Connection;

    beforeEach(async () => {
      ours = await connections.add({ baseUrl: here, key, name: 'A' });
      other = open().connections;
      [theirs = assert.fail('the other window has none')] = await other.start();
    });

    it('are not stored again when their key was forgotten', async () => {
      await other.remove(theirs);
      await assert.rejects(connections.change(ours, { name: 'Renamed' }), { reason: 'connectionRemoved' });
      await assert.rejects(connections.change(ours, { baseUrl: here, key: otherKey }), { reason: 'connectionRemoved' });
      assert.deepEqual([await open().connections.start(), ours.isRemoved], [[], true]);
    });

    it('keep a newer key and its address', async () => {
      await other.change(theirs, { baseUrl: elsewhere, key: otherKey });
      await connections.change(ours, { isProduction: true });
      const later = open();
      const [stored] = await later.connections.start();
      assert.equal(said(later.connections), 'known: A other');
      assert.deepEqual([stored?.baseUrl, stored?.isProduction], [`${elsewhere}/v2`, true]);
    });
  });

  it('say nothing of a reading that brings nothing new', async () => {
    await connections.add({ baseUrl: here, key });
    const before = changes.length;
    await connections.reload();
    await connections.reload();
    assert.equal(changes.length, before);
  });

  it('tell which of them has changed lists', async () => {
    const told: string[] = [];
    connections.onDidChangeStore(({ connection, change }) => told.push(`${connection.label} ${change.list}`));
    const a = await connections.add({ baseUrl: here, key, name: 'A' });
    await connections.add({ baseUrl: here, key: otherKey, name: 'B' });
    await a.store.projectTokens.load();
    assert.deepEqual(new Set(told), new Set(['A projectTokens']));
  });

  describe('where SecretStorage fails', () => {
    for (const mode of ['throws', 'lies', 'hangs', 'throwsOnStore'] as const) {
      it(`are there for this window when it ${mode}`, async () => {
        await connections.start();
        store.mode = mode;
        const adding = connections.add({ baseUrl: here, key });
        const clockless = mode === 'hangs' ? undefined : await adding;
        if (clockless === undefined) return;
        assert.equal(clockless.isUnsaved, true);
        await clockless.api();
        assert.equal(disk.slots.size, 0);
        assert.ok(!logger.text.includes(key.reveal()), 'the key is in the log');
      });
    }

    it('stay known, and are read again when asked', async () => {
      await connections.add({ baseUrl: here, key, name: 'A' });
      store.mode = 'throwsOnRead';
      await connections.reload();
      assert.equal(said(connections), 'storageFailed: A first');
      await connections.reload();
      assert.equal(logger.text.split('cannot be read').length, 2, 'said once');
      store.mode = 'ok';
      await connections.reload();
      assert.equal(said(connections), 'known: A first');
    });

    it('a change that was not stored stands for the stored record, until another window changes that', async () => {
      const a = await connections.add({ baseUrl: here, key, name: 'A' });
      store.mode = 'throwsOnStore';
      await connections.change(a, { baseUrl: here, key: otherKey });
      await connections.reload();
      assert.equal(said(connections), 'known: A other unsaved');
      const other = open().connections;
      await other.start();
      const [same] = other.all;
      assert.ok(same, 'the other window has none');
      await other.change(same, { name: 'Changed' });
      await connections.reload();
      assert.equal(said(connections), 'known: Changed first');
    });

    it('one that was never stored is forgotten without touching what is', async () => {
      await connections.add({ baseUrl: here, key, name: 'A' });
      store.mode = 'throwsOnStore';
      const b = await connections.add({ baseUrl: here, key: otherKey, name: 'B' });
      store.mode = 'ok';
      await connections.remove(b);
      const later = open().connections;
      await later.start();
      assert.equal(said(later), 'known: A first');
    });
  });

  it('drop what was read before something was added', async () => {
    let answer: (text: string | undefined) => void = () => undefined;
    const get = store.get.bind(store);
    store.get = () => new Promise((resolve) => (answer = resolve));
    const reading = connections.reload();
    store.get = get;
    await connections.add({ baseUrl: here, key, name: 'A' });
    answer(undefined);
    await reading;
    assert.equal(said(connections), 'known: A first');
  });

  describe('the redactor', () => {
    it('knows a key as long as a connection has it', async () => {
      const a = await connections.add({ baseUrl: here, key });
      const b = await connections.add({ baseUrl: here, key: new Secret(key.reveal()) });
      await connections.remove(a);
      assert.equal(redactor.redact(key.reveal()), '<redacted>');
      await connections.change(b, { baseUrl: here, key: otherKey });
      assert.equal(redactor.redact(key.reveal()), key.reveal());
      assert.equal(redactor.redact(otherKey.reveal()), '<redacted>');
    });

    it('knows a key while it is checked, and then lets go of it, unless it is in use', async () => {
      let during = '';
      await connections.tryKey({ baseUrl: here, key }, () => {
        during = redactor.redact(key.reveal());
        return Promise.resolve();
      });
      assert.deepEqual([during, redactor.redact(key.reveal())], ['<redacted>', key.reveal()]);
      await connections.add({ baseUrl: here, key });
      await assert.rejects(
        connections.tryKey({ baseUrl: here, key }, () => Promise.reject(new MagicBellError('offline', ''))),
        { reason: 'offline' },
      );
      assert.equal(redactor.redact(key.reveal()), '<redacted>');
    });
  });

  describe('what the API offers', () => {
    it('is learned for each connection, and asked for again when told to', async () => {
      const a = await connections.add({ baseUrl: here, key, name: 'A' });
      const b = await connections.add({ baseUrl: here, key: otherKey, name: 'B' });
      magicBell.failure = new MagicBellError('notOffered', '', { status: 405, allow: ['OPTIONS'] });
      await a.store.projectTokens.load();
      assert.deepEqual([a.isMissing('fetchProjectTokens'), a.isMissing('createProjectJwt')], [true, true]);
      assert.deepEqual([a.isMissing('listUsers'), b.isMissing('fetchProjectTokens')], [false, false]);
      a.askAgain();
      assert.equal(a.isMissing('fetchProjectTokens'), false);
    });

    it('is no news where everything is there', async () => {
      const a = await connections.add({ baseUrl: here, key });
      const before = changes.length;
      await a.store.projectTokens.load();
      assert.equal(changes.length, before);
      magicBell.failure = new MagicBellError('notOffered', '', { status: 405 });
      await a.store.users.load();
      assert.equal(changes.length, before + 1);
    });
  });

  it('build a client anew after that failed', async () => {
    const connection = await connections.add({ baseUrl: here, key });
    const works = createApi;
    createApi = () => Promise.reject(new Error('chunk'));
    await assert.rejects(connection.api(), /chunk/);
    createApi = works;
    await connection.api();
    assert.equal(created.length, 2);
  });

  it('are silent after the end', async () => {
    const connection = await connections.add({ baseUrl: here, key });
    connections.dispose();
    const before = changes.length;
    await connection.store.projectTokens.load();
    await settle();
    assert.equal(changes.length, before);
  });
});
