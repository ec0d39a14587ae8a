import assert from 'node:assert/strict';
import { CheckedSecretStore } from '../../../src/core/base/secretStore.ts';
import { ConnectionVault } from '../../../src/core/connections/vault.ts';
import { Session } from '../../../src/core/connections/session.ts';
import type { BaseUrl } from '../../../src/core/magicbell/baseUrl.ts';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import { Redactor } from '../../../src/core/base/redaction.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { FakeClock, settle } from '../../support/fakeClock.ts';
import { FakeMagicBell } from '../../support/fakeMagicBell.ts';
import { type FakeSecretStore, SecretDisk } from '../../support/fakeSecretStore.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

const here = 'https://api.magicbell.com/v2' as BaseUrl;
const elsewhere = 'https://elsewhere.example' as BaseUrl;
const key = new Secret('KEY-0123456789-first');
const otherKey = new Secret('KEY-0123456789-other');

describe('Session', () => {
  let disk: SecretDisk;
  let store: FakeSecretStore;
  let configured: BaseUrl | undefined;
  let redactor: Redactor;
  let logger: RecordingLogger;
  let magicBell: FakeMagicBell;
  let created: string[];
  let createApi: () => Promise<MagicBellApi>;
  let session: Session;
  let changes: string[];

  beforeEach(() => {
    disk = new SecretDisk();
    configured = here;
    magicBell = new FakeMagicBell(new FakeClock());
    createApi = () => Promise.resolve(magicBell.usedBy());
    ({ session, store, redactor, logger, created, changes } = open());
  });

  /** One window with a session of its own. */
  function open() {
    const window = {
      store: disk.shared(),
      redactor: new Redactor(),
      logger: new RecordingLogger(),
      created: [] as string[],
      changes: [] as string[],
    };
    const opened = new Session({
      vault: new ConnectionVault(new CheckedSecretStore(window.store, new FakeClock())),
      configuredBaseUrl: () => configured,
      createApi: (connection) => {
        window.created.push(`${connection.baseUrl} ${connection.key.reveal()}`);
        return createApi();
      },
      redactor: window.redactor,
      logger: window.logger,
    });
    opened.onDidChange(() => window.changes.push(said(opened)));
    return { session: opened, ...window };
  }

  function said({ state }: Session): string {
    if (state.status === 'signedIn')
      return `signedIn ${state.connection.key.reveal()}${state.isForThisSession ? ' now' : ''}`;
    return state.status === 'signedOut' && state.because !== undefined ? `signedOut ${state.because}` : state.status;
  }

  function idOf({ state }: Session): string {
    assert.ok(state.status === 'signedIn');
    return state.connection.id;
  }

  const inFirst = `signedIn ${key.reveal()}`;
  const inOther = `signedIn ${otherKey.reveal()}`;

  it('does not know before it has read', async () => {
    assert.equal(session.state.status, 'unknown');
    assert.deepEqual(await session.start(), { status: 'signedOut' });
    assert.deepEqual(changes, ['signedOut']);
  });

  it('reads once for several that start at once', async () => {
    let reads = 0;
    const get = store.get.bind(store);
    store.get = (slot) => {
      reads += 1;
      return get(slot);
    };
    await Promise.all([session.start(), session.start(), session.api().catch(() => undefined)]);
    assert.equal(reads, 1);
  });

  it('is signed in by a key, and again after a restart', async () => {
    assert.equal(await session.signIn(here, key), true);
    assert.deepEqual(changes, [inFirst]);
    const next = open().session;
    await next.start();
    assert.equal(said(next), inFirst);
  });

  it('forgets, and says what', async () => {
    await session.signIn(here, key);
    const { state } = session;
    assert.ok(state.status === 'signedIn');
    assert.equal(await session.signOut(), state.connection.id);
    assert.deepEqual(changes, [inFirst, 'signedOut']);
    assert.equal(await session.signOut(), undefined);
    assert.equal(disk.slots.size, 0);
    assert.equal(redactor.redact(key.reveal()), key.reveal(), 'the redactor still knows the key');
    await assert.rejects(session.api(), { reason: 'unauthorized' });
  });

  it('forgets the one in use though another one is stored', async () => {
    await session.signIn(here, key);
    const stored = idOf(session);
    configured = elsewhere;
    await session.reload();
    store.mode = 'throwsOnStore';
    await session.signIn(elsewhere, otherKey);
    const used = idOf(session);
    assert.notEqual(used, stored);
    assert.equal(await session.signOut(), used);
  });

  it('forgets the one that another base URL has signed out', async () => {
    await session.signIn(here, key);
    const stored = idOf(session);
    configured = elsewhere;
    await session.reload();
    assert.equal(said(session), 'signedOut urlChanged');
    assert.equal(await session.signOut(), stored);
    assert.equal(disk.slots.size, 0);
  });

  it('is signed out by another base URL, and in again by the old one', async () => {
    await session.signIn(here, key);
    configured = elsewhere;
    await session.reload();
    configured = undefined;
    await session.reload();
    await assert.rejects(session.api(), { reason: 'unauthorized' });
    configured = here;
    await session.reload();
    assert.deepEqual(changes, [inFirst, 'signedOut urlChanged', inFirst]);
    assert.deepEqual(created, []);
  });

  it('sends a key only to the base URL it was entered for', async () => {
    await session.signIn(here, key);
    await session.api();
    configured = elsewhere;
    await session.reload();
    await session.signIn(elsewhere, otherKey);
    await session.api();
    assert.deepEqual(created, [`${here} ${key.reveal()}`, `${elsewhere} ${otherKey.reveal()}`]);
  });

  it('says once that storage fails, without a stack, and tries again when asked', async () => {
    const failed = 'session: secret storage cannot be read (secret storage failed: get)';
    store.mode = 'throws';
    await session.start();
    await session.reload();
    await session.api().catch(() => undefined);
    await session.reload();
    assert.deepEqual(changes, ['signedOut storageFailed']);
    assert.deepEqual(logger.lines, [{ level: 'warn', message: failed }]);
    store.mode = 'ok';
    await session.reload();
    store.mode = 'throws';
    await session.reload();
    assert.deepEqual(changes, ['signedOut storageFailed', 'signedOut', 'signedOut storageFailed']);
    assert.equal(logger.text, `${failed}\n${failed}`);
  });

  it('has the log know a key that was kept by an earlier window', async () => {
    await session.signIn(here, key);
    const next = open();
    await next.session.start();
    assert.equal(next.redactor.redact(key.reveal()), '<redacted>');
  });

  for (const mode of ['throws', 'throwsOnStore', 'lies'] as const) {
    it(`has the key for this session when storage ${mode}`, async () => {
      store.mode = mode;
      assert.equal(await session.signIn(here, key), false);
      await session.reload();
      assert.deepEqual(changes, [`${inFirst} now`]);
      assert.match(logger.text, /the key is not kept \(secret storage (failed|lies): /);
      assert.doesNotMatch(logger.text, /KEY-/);
      assert.doesNotThrow(() => session.state);
    });
  }

  it('goes by the key of this session though an older one is stored', async () => {
    await session.signIn(here, key);
    store.mode = 'throwsOnStore';
    await session.signIn(here, otherKey);
    await session.reload();
    assert.deepEqual(changes, [inFirst, `${inOther} now`]);
  });

  it('goes by a key that another window has stored since', async () => {
    await session.signIn(here, key);
    store.mode = 'throwsOnStore';
    await session.signIn(here, otherKey);
    const other = open().session;
    await other.start();
    await other.signIn(here, new Secret('KEY-third-0123456789'));
    await session.reload();
    assert.equal(said(session), 'signedIn KEY-third-0123456789');
  });

  for (const mode of ['throws', 'throwsOnDelete', 'lies'] as const) {
    it(`forgets here, and says what is left, when storage ${mode}`, async () => {
      await session.signIn(here, key);
      store.mode = mode;
      await assert.rejects(session.signOut(), { name: 'SecretStorageError' });
      assert.equal(said(session), 'signedOut storageFailed');
      assert.equal(redactor.redact(key.reveal()), key.reveal());
    });
  }

  it('forgets a key of this session', async () => {
    store.mode = 'throws';
    await session.signIn(here, key);
    await assert.rejects(session.signOut());
    await session.reload();
    assert.equal(session.state.status, 'signedOut');
  });

  it('follows another window, with events twice, late or without a change', async () => {
    const other = open();
    await session.start();
    await other.session.signIn(here, key);
    await Promise.all([session.reload(), session.reload()]);
    await session.reload();
    await other.session.signOut();
    await session.reload();
    assert.deepEqual(changes, ['signedOut', inFirst, 'signedOut']);
  });

  it('is signed out when storage loses the key', async () => {
    await session.signIn(here, key);
    disk.slots.clear();
    await session.reload();
    assert.deepEqual(changes, [inFirst, 'signedOut']);
  });

  it('drops what was read before somebody signed in', async () => {
    const { reading, release } = heldReading();
    await session.signIn(here, key);
    release();
    await reading;
    assert.deepEqual(changes, [inFirst]);
  });

  it('drops what could not be read before somebody signed in', async () => {
    let fail: () => void = () => undefined;
    const get = store.get.bind(store);
    store.get = () => new Promise((_resolve, reject) => (fail = () => reject(new Error('locked'))));
    const reading = session.reload();
    store.get = get;
    await session.signIn(here, key);
    fail();
    await reading;
    assert.deepEqual(changes, [inFirst]);
  });

  it('drops what was read before somebody signed out', async () => {
    await session.signIn(here, key);
    const { reading, release } = heldReading();
    await session.signOut();
    release();
    await reading;
    assert.deepEqual(changes, [inFirst, 'signedOut']);
  });

  it('knows after a start that was overtaken', async () => {
    const { reading, release } = heldReading();
    const starting = session.start();
    await session.reload();
    release();
    await Promise.all([reading, starting]);
    assert.equal((await starting).status, 'signedOut');
  });

  /** A reading whose answer, what is stored now, comes when it is released. */
  function heldReading(): { reading: Promise<void>; release: () => void } {
    const get = store.get.bind(store);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    store.get = async (slot) => {
      const answer = await get(slot);
      await held;
      return answer;
    };
    const reading = session.reload();
    store.get = get;
    return { reading, release };
  }

  it('changes the key without forgetting the new one', async () => {
    await session.signIn(here, key);
    await session.signIn(here, otherKey);
    assert.equal(redactor.redact(`${key.reveal()} ${otherKey.reveal()}`), `${key.reveal()} <redacted>`);
    await session.signIn(here, otherKey);
    assert.equal(redactor.redact(otherKey.reveal()), '<redacted>');
  });

  describe('verify', () => {
    const signal = new AbortController().signal;

    it('makes a real call, which the person can cancel, for one row', async () => {
      const asked: unknown[] = [];
      const api = magicBell.usedBy();
      const fetchProjectTokens: typeof api.jwt.fetchProjectTokens = (page, options) => {
        asked.push(page, options);
        return api.jwt.fetchProjectTokens(page);
      };
      createApi = () => Promise.resolve({ ...api, jwt: { ...api.jwt, fetchProjectTokens } });
      await session.verify(here, key, signal);
      assert.deepEqual(asked, [{ limit: 1 }, { signal }]);
    });

    it('makes it through the same client, and keeps nothing', async () => {
      await session.verify(here, key, signal);
      assert.deepEqual(created, [`${here} ${key.reveal()}`]);
      assert.equal(redactor.redact(key.reveal()), key.reveal());
      assert.equal(disk.slots.size, 0);
    });

    it('passes on why not', async () => {
      magicBell.failure = new MagicBellError('unauthorized', '');
      await assert.rejects(session.verify(here, key, signal), { reason: 'unauthorized' });
    });

    it('does not make the log forget the key in use', async () => {
      await session.signIn(here, key);
      await session.verify(here, key, signal);
      assert.equal(redactor.redact(key.reveal()), '<redacted>');
    });

    it('has the log know the key during the call', async () => {
      createApi = () => {
        assert.equal(redactor.redact(key.reveal()), '<redacted>');
        return Promise.resolve(magicBell.usedBy());
      };
      await session.verify(here, key, signal);
    });
  });

  it('builds one client for a connection', async () => {
    await session.signIn(here, key);
    assert.equal(await session.api(), await session.api());
    assert.equal(created.length, 1);
  });

  it('builds a client anew after that failed', async () => {
    await session.signIn(here, key);
    createApi = () => Promise.reject(new Error('the chunk cannot be loaded'));
    await assert.rejects(session.api());
    createApi = () => Promise.resolve(magicBell.usedBy());
    await session.api();
    assert.equal(created.length, 2);
  });

  describe('with several connections', () => {
    const third = new Secret('KEY-0123456789-third');
    const used = async (by = session): Promise<string | undefined> => {
      const state = await by.start();
      return state.status === 'signedIn' ? state.connection.id : undefined;
    };

    it('keeps the connection when its key is replaced, and makes a new one for another address', async () => {
      await session.signIn(here, key);
      const id = await used();
      await session.editConnection({ name: 'Shop', isProduction: true });
      await session.signIn(here, otherKey);
      await session.replaceKey(third);
      assert.deepEqual(session.state, {
        status: 'signedIn',
        connection: { id, baseUrl: here, key: third, name: 'Shop', isProduction: true },
        isForThisSession: false,
      });
      await session.signIn(elsewhere, key);
      assert.notEqual(await used(), id);
      assert.equal((await session.connections()).length, 1);
    });

    it('tells of each change of a name and of what is careful', async () => {
      await session.signIn(here, key);
      await session.editConnection({ name: 'Shop', isProduction: undefined });
      await session.editConnection({ name: 'Shop', isProduction: true });
      await session.editConnection({ name: 'Shop', isProduction: true });
      assert.equal(changes.length, 3);
    });

    it('tells when a key is kept in the end', async () => {
      store.mode = 'throwsOnStore';
      await session.signIn(here, key);
      store.mode = 'ok';
      assert.equal(await session.replaceKey(key), true);
      assert.deepEqual(changes, [`${inFirst} now`, inFirst]);
    });

    it('edits nothing when signed out', async () => {
      await session.start();
      await assert.rejects(session.editConnection({ name: 'x', isProduction: true }), { reason: 'unauthorized' });
      await assert.rejects(session.replaceKey(key), { reason: 'unauthorized' });
      assert.equal(disk.slots.size, 0);
    });

    it('adds one beside the others, at an address of its own, and switches between them', async () => {
      await session.signIn(here, key);
      const first = await used();
      assert.equal(
        await session.addConnection({ baseUrl: elsewhere, key: otherKey, name: 'Staging', hasOwnUrl: true }),
        true,
      );
      const second = await used();
      assert.ok(first !== undefined && second !== undefined && first !== second);
      await session.reload();
      assert.equal(await used(), second, 'it follows no setting');
      await session.switchTo(first);
      assert.equal(await used(), first);
      assert.deepEqual(
        (await session.connections()).map(({ id, name, hasOwnUrl }) => [id, name, hasOwnUrl]),
        [
          [first, undefined, undefined],
          [second, 'Staging', true],
        ],
      );
      assert.equal(redactor.redact(otherKey.reveal()), otherKey.reveal());
    });

    it('lets go of a key of this session by switching to a kept one', async () => {
      await session.signIn(here, key);
      const first = (await used()) ?? '';
      store.mode = 'throwsOnStore';
      await session.addConnection({ baseUrl: here, key: otherKey });
      await session.switchTo(first);
      assert.deepEqual(changes, [inFirst, `${inOther} now`, inFirst]);
    });

    it('goes on with another one when one is forgotten', async () => {
      await session.signIn(here, key);
      await session.addConnection({ baseUrl: here, key: otherKey });
      await session.signOut();
      assert.deepEqual(changes, [inFirst, inOther, 'signedOut', inFirst]);
    });

    it('has the client that something was made with', async () => {
      await session.signIn(here, key);
      const first = (await used()) ?? '';
      await session.addConnection({ baseUrl: here, key: otherKey });
      const second = (await used()) ?? '';
      const api = await session.api();
      assert.equal(await session.apiOf(second), api);
      await session.apiOf(first);
      assert.deepEqual(created, [`${here} ${otherKey.reveal()}`, `${here} ${key.reveal()}`]);
      assert.equal(await session.apiOf('replaced since'), api);
    });

    it('has the client of a kept one also while another address is configured', async () => {
      await session.signIn(here, key);
      const first = (await used()) ?? '';
      configured = elsewhere;
      await session.reload();
      await session.apiOf(first);
      assert.deepEqual(created, [`${here} ${key.reveal()}`]);
      await assert.rejects(session.apiOf('no such'), { reason: 'unauthorized' });
    });

    it('goes by the key of this session though several are kept, until another window uses another', async () => {
      await session.signIn(here, key);
      await session.addConnection({ baseUrl: here, key: otherKey });
      store.mode = 'throwsOnStore';
      await session.replaceKey(third);
      await session.reload();
      assert.equal(said(session), `signedIn ${third.reveal()} now`);
    });
  });

  it('is silent after the end', async () => {
    session.dispose();
    await session.signIn(here, key);
    await settle();
    assert.deepEqual(changes, []);
  });
});
