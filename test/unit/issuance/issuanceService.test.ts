import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { IssueResult } from '../../../src/core/issuance/creations.ts';
import { parseIssuance } from '../../../src/core/issuance/issuance.ts';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { anIssuance } from '../../support/builders.ts';
import { settle } from '../../support/fakeClock.ts';
import { valuePrefix } from '../../support/fakeMagicBell.ts';
import type { SecretStoreMode } from '../../support/fakeSecretStore.ts';
import { Machine, type IssuanceWindow } from '../../support/issuanceWindow.ts';
import { fileError } from '../../support/memoryJournalFiles.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

describe('IssuanceService', () => {
  let machine: Machine;
  let window: IssuanceWindow;
  const valueGone = { name: 'IssuanceError', reason: 'valueGone' };

  beforeEach(() => {
    machine = new Machine();
    window = machine.open();
  });

  /** The id of a token that was issued and waits to be delivered. */
  async function issued(by = window, request: Parameters<IssuanceWindow['issue']>[0] = {}): Promise<string> {
    const result = await by.issue(request);
    assert.equal(result.outcome, 'issued');
    return result.issuance.id;
  }

  /** The machine after a crash: a new window on the same files and secrets. */
  async function restarted(): Promise<IssuanceWindow> {
    for (const { life } of machine.livingWindows) life.kill();
    const next = machine.open();
    await next.service.scan();
    return next;
  }

  const onDisk = (id: string) => parseIssuance(machine.folder.files.get(`${id}.json`)?.text ?? '');
  const claimsOf = (id: string) => [...machine.folder.files.keys()].filter((name) => name.startsWith(`${id}.`)).sort();

  /** For operations that wait for a storage that hangs. */
  async function inTime<T>(promise: Promise<T>): Promise<T> {
    const ended = promise.then(
      () => true,
      () => true,
    );
    for (let tries = 0; tries < 20; tries++) {
      if (await Promise.race([ended, settle().then(() => false)])) return promise;
      await machine.clock.advance(5_000);
    }
    throw new Error('never ended');
  }

  describe('issue', () => {
    it('goes from the answer to the storage, and offers the value only then', async () => {
      const seen: string[] = [];
      window.service.onDidChange(() => {
        for (const { status, isStored } of window.service.pending) seen.push(`${status}${isStored ? ', stored' : ''}`);
      });
      const id = await issued();
      assert.deepEqual(seen, ['inProgress', 'undelivered, stored']);
      assert.equal(onDisk(id)?.phase, 'stored');
      assert.equal(onDisk(id)?.tokenId, 'id-1');
      assert.deepEqual(machine.keptValues.length, 1);
      assert.equal(window.service.find(id)?.isStored, true);
    });

    it('writes the journal before it sends anything', async () => {
      await issued();
      const { steps } = window.life;
      const written = steps.findIndex((step) => step.startsWith('replace'));
      assert.ok(written >= 0 && written < steps.indexOf('POST token'));
    });

    it('sends nothing when the journal cannot be written', async () => {
      for (const operation of ['replace', 'createExclusively', 'list'] as const) {
        machine.folder.failures.clear();
        machine.folder.failures.set(operation, { code: 'ENOSPC' });
        await assert.rejects(window.issue(), { name: 'IssuanceError', reason: 'journalUnavailable' });
      }
      assert.equal(machine.magicBell.posts.size, 0);
      assert.deepEqual(window.statuses, {});
      assert.match(machine.logger.text, /the journal cannot be written \(ENOSPC\)/);
      assert.doesNotMatch(machine.logger.text, /hana/);
    });

    it('prepares once the journal knows of it and before it is sent', async () => {
      const seen: unknown[] = [];
      await window.issue({}, (id) => {
        seen.push(onDisk(id)?.phase, machine.magicBell.posts.size);
        return Promise.resolve();
      });
      assert.deepEqual(seen, ['intended', 0]);
      assert.equal(machine.magicBell.posts.size, 1);
    });

    it('sends nothing and leaves nothing to ask about when it cannot be prepared', async () => {
      const prepare = () => Promise.reject(fileError('ENOSPC'));
      await assert.rejects(window.issue({}, prepare), { reason: 'journalUnavailable' });
      assert.equal(machine.magicBell.posts.size, 0);
      assert.deepEqual({ ...window.statuses, ...(await restarted()).statuses }, {});
    });

    it('says at once that the journal cannot be written, though secret storage hangs', async () => {
      window.secrets.mode = 'hangs';
      machine.folder.failures.set('replace', { code: 'ENOSPC' });
      await assert.rejects(window.issue(), { reason: 'journalUnavailable' });
    });

    it('leaves nothing to ask about when what failed came after the writing', async () => {
      const { magicBell, folder } = machine;
      const create = window.journal.create.bind(window.journal);
      window.journal.create = async (issuance) => {
        await create(issuance);
        throw fileError('EIO');
      };
      await assert.rejects(window.issue(), { reason: 'journalUnavailable' });
      window.journal.create = create;
      const next = await restarted();
      await machine.clock.advance(2 * minuteMs);
      assert.deepEqual({ ...window.statuses, ...next.statuses }, {});
      assert.equal(magicBell.posts.size, 0);
      assert.doesNotMatch([...folder.files.keys()].join(), /claim/);
    });

    it('passes a refusal on and leaves nothing pending', async () => {
      machine.magicBell.creation = 'refused';
      window.redactor.remember(new Secret('the key of the connection'));
      await assert.rejects(window.issue(), { reason: 'forbidden' });
      assert.deepEqual(window.statuses, {});
      const [name = ''] = machine.folder.files.keys();
      assert.equal(onDisk(name.replace('.json', ''))?.resolution, 'notCreated');
      assert.deepEqual((await restarted()).statuses, {});
    });

    it('passes a refusal on at once when secret storage hangs', async () => {
      window.secrets.mode = 'hangs';
      machine.magicBell.creation = 'refused';
      await assert.rejects(window.issue(), { reason: 'forbidden' });
    });

    for (const creation of ['lostCreated', 'lostNotCreated'] as const) {
      it(`says that the outcome is unknown when the answer is lost (${creation})`, async () => {
        machine.magicBell.creation = creation;
        const result = await window.issue();
        assert.equal(result.outcome, 'unknown');
        const { id } = result.issuance;
        assert.deepEqual(window.statuses, { [id]: 'unknown' });
        assert.equal(window.service.find(id)?.isStored, false);
        assert.deepEqual(onDisk(id)?.outcomeUnknownSince, machine.clock.now());
        assert.deepEqual((await restarted()).statuses, { [id]: 'unknown' });
        assert.equal(machine.magicBell.posts.get(id), 1);
      });
    }

    it('counts an error that nobody knows as an unknown outcome', async () => {
      const connection = { id: 'c', baseUrl: 'https://x' };
      const request = { kind: 'project', name: 'x', expirySeconds: undefined } as const;
      const result = await window.service.issue(connection, request, [], () => Promise.reject(new TypeError('oops')));
      assert.equal(result.outcome, 'unknown');
    });

    it('names the token when an answer without a value says which it is', async () => {
      machine.magicBell.creation = 'noValue';
      const { issuance } = await window.issue();
      assert.deepEqual(window.statuses, { [issuance.id]: 'orphaned' });
      assert.equal(window.service.find(issuance.id)?.issuance.tokenId, 'id-1');
      const next = await restarted();
      assert.deepEqual(next.statuses, { [issuance.id]: 'orphaned' });
    });

    it('sends the POST once for each creation', async () => {
      for (const creation of ['ok', 'refused', 'lostCreated', 'lostNotCreated', 'noValue'] as const) {
        machine.magicBell.creation = creation;
        await window.issue().catch(() => undefined);
        await window.service.scan();
        await restarted();
        window = await restarted();
      }
      assert.deepEqual([...machine.magicBell.posts.values()], [1, 1, 1, 1, 1]);
    });

    for (const mode of ['throws', 'throwsOnStore', 'lies', 'hangs'] satisfies SecretStoreMode[]) {
      it(`keeps the value in memory when secret storage ${mode}`, async () => {
        window.secrets.mode = mode;
        const result = await inTime(window.issue());
        assert.equal(result.outcome, 'issued');
        assert.equal(result.isStored, false);
        assert.match(machine.logger.text, /is in memory only \(secret storage (failed|lies|hangs): /);
        const { id } = result.issuance;
        assert.equal(await inTime(window.copy(id, machine.clock)), 'confirmed');
        assert.match(window.clipboard.content, /^VALUE-/);
      });

      it(`names the orphan after a crash when secret storage ${mode}`, async () => {
        window.secrets.mode = mode;
        const { issuance } = await inTime(window.issue());
        const next = await restarted();
        assert.deepEqual(next.statuses, { [issuance.id]: 'orphaned' });
      });
    }

    it('keeps the value over every failure of the journal after the answer', async () => {
      const sent = window.api.jwt.createProjectJwt.bind(window.api.jwt);
      const result = await window.service.issue(
        { id: 'c', baseUrl: 'https://x' },
        { kind: 'project', name: 'x', expirySeconds: undefined },
        [],
        async (idempotencyKey) => {
          const token = await sent({ name: 'x', expirySeconds: undefined }, { idempotencyKey });
          machine.folder.failures.set('replace', { code: 'ENOSPC' });
          return token;
        },
      );
      assert.deepEqual(window.statuses, { [result.issuance.id]: 'undelivered' });
      machine.folder.failures.clear();
      const next = await restarted();
      assert.deepEqual(next.statuses, { [result.issuance.id]: 'undelivered' });
      assert.equal(await next.copy(result.issuance.id, machine.clock), 'confirmed');
    });

    it('is not taken for left behind by a scan that comes in between', async () => {
      const connection = { id: 'c', baseUrl: 'https://x' };
      const request = { kind: 'project', name: 'x', expirySeconds: undefined } as const;
      let seen: string[] = [];
      const issuing = window.service.issue(connection, request, [], async () => {
        await window.service.scan();
        seen = Object.values(window.statuses);
        throw new MagicBellError('forbidden', '');
      });
      await assert.rejects(issuing, { reason: 'forbidden' });
      assert.deepEqual(seen, ['inProgress']);
    });
  });

  describe('a creation whose answer is awaited', () => {
    let answer: () => void;
    let issuing: Promise<IssueResult>;
    let id: string;

    beforeEach(async () => {
      const held = new Promise<void>((resolve) => {
        answer = resolve;
      });
      const { jwt } = window.api;
      issuing = window.service.issue(
        { id: 'c', baseUrl: 'https://x' },
        { kind: 'project', name: 'x', expirySeconds: undefined },
        [],
        async (idempotencyKey) => {
          await held;
          return jwt.createProjectJwt({ name: 'x', expirySeconds: undefined }, { idempotencyKey });
        },
      );
      issuing.catch(() => undefined);
      await settle();
      id = window.service.pending[0]?.issuance.id ?? '';
    });

    it('leaves no value anywhere when it was discarded meanwhile', async () => {
      await window.service.resolve(id, 'discarded');
      answer();
      await assert.rejects(issuing, valueGone);
      assert.deepEqual(window.statuses, {});
      assert.ok(!window.life.steps.includes('secret store'), 'it is not even stored for a moment');
      assert.match(window.redactor.redact(`${valuePrefix}1-${'x'.repeat(30)}`), /VALUE/);
      assert.deepEqual((await restarted()).statuses, {});
    });

    it('leaves no value anywhere when it was discarded and the journal could not say so', async () => {
      machine.folder.failures.set('replace', { code: 'ENOSPC' });
      await window.service.resolve(id, 'discarded');
      answer();
      await assert.rejects(issuing, valueGone);
      assert.deepEqual(machine.keptValues, []);
      assert.deepEqual(window.statuses, {});
    });

    it('leaves no value anywhere when another window ended it meanwhile', async () => {
      await machine.open().journal.advance(id, { phase: 'resolved', resolution: 'discarded' });
      answer();
      await assert.rejects(issuing, valueGone);
      assert.deepEqual(window.statuses, {});
      assert.deepEqual(machine.keptValues, []);
    });

    it('is not brought back by a lost answer when it was discarded', async () => {
      machine.magicBell.creation = 'lostCreated';
      await window.service.resolve(id, 'discarded');
      answer();
      assert.equal((await issuing).outcome, 'unknown');
      assert.deepEqual(window.statuses, {});
    });

    it('stays with its window while that one closes, and is free as soon as its value is stored', async () => {
      await window.service.abandonAll();
      const other = machine.open();
      await other.service.scan();
      assert.deepEqual(other.statuses, {});
      answer();
      await issuing;
      await other.service.scan();
      assert.deepEqual(other.statuses, { [id]: 'undelivered' });
    });

    it('clears the slot when it is discarded while the value is being stored', async () => {
      const store = window.secrets.store.bind(window.secrets);
      window.secrets.store = async (key, value) => {
        await window.service.resolve(id, 'discarded');
        await store(key, value);
      };
      answer();
      await assert.rejects(issuing, valueGone);
      assert.deepEqual(machine.keptValues, []);
      assert.deepEqual(window.statuses, {});
    });

    it('is not given up by its window when another one took over', async () => {
      window.link = 'lost';
      const other = machine.open();
      await other.service.scan();
      await machine.clock.advance(5 * minuteMs);
      assert.deepEqual(other.statuses, { [id]: 'unknown' });
      window.link = 'there';
      await machine.clock.advance(minuteMs);
      answer();
      await issuing;
      // The value is stored: the window that holds the claim finds it.
      await other.service.scan();
      assert.deepEqual(other.statuses, { [id]: 'undelivered' });
      await assert.rejects(window.copy(id, machine.clock), valueGone);
      assert.equal(await other.copy(id, machine.clock), 'confirmed');
    });

    it('ends as not created in the journal, too, when another window took over', async () => {
      const other = machine.open();
      await other.service.scan();
      window.link = 'lost';
      await machine.clock.advance(5 * minuteMs);
      machine.magicBell.creation = 'refused';
      answer();
      await assert.rejects(issuing, { reason: 'forbidden' });
      await other.service.scan();
      assert.deepEqual(other.statuses, {});
    });

    it('cannot be delivered before it is stored', async () => {
      window.secrets.mode = 'hangs';
      answer();
      await settle();
      await assert.rejects(window.copy(id, machine.clock), valueGone);
      await inTime(issuing);
      assert.equal(await inTime(window.copy(id, machine.clock)), 'confirmed');
    });

    it('is taken over when its window closed and did not see the end', async () => {
      await window.service.abandonAll();
      window.life.kill();
      const other = machine.open();
      await other.service.scan();
      assert.deepEqual(other.statuses, { [id]: 'unknown' });
    });
  });

  describe('a crash', () => {
    /** The steps of one whole issuance with its delivery, counted on a machine of its own. */
    async function steps(): Promise<readonly string[]> {
      const model = new Machine().open();
      const result = await model.issue();
      await model.copy(result.issuance.id, machine.clock);
      return model.life.steps;
    }

    it('before any step leads to silence only where nothing is left to say', async () => {
      const all = await steps();
      const seen = new Set<string>();
      for (let count = 0; count < all.length; count++) {
        machine = new Machine();
        window = machine.open();
        window.life.dieAfter(count);
        let delivered = false;
        void window.issue().then(async (result) => {
          await window.copy(result.issuance.id, machine.clock);
          delivered = true;
        });
        await settle();
        assert.equal(window.life.isAlive, false, `step ${count}`);
        assert.equal(delivered, false);
        const next = await restarted();
        const created = [...machine.magicBell.issued.keys()];
        const [status] = Object.values(next.statuses);
        const phase = onDisk(created[0] ?? '')?.phase;
        seen.add(`${all[count]?.split(' ')[0]}: ${status ?? phase ?? 'nothing'}`);
        if (created.length > 0 && phase !== 'delivered') assert.ok(status !== undefined, `silence at step ${count}`);
        if (phase === 'delivered') assert.equal(status, undefined, `offered again at step ${count}`);
        if (status === 'undelivered') {
          assert.equal(await next.copy(created[0] ?? '', machine.clock), 'confirmed');
          assert.match(next.clipboard.content, /^VALUE-/);
        }
        if (phase === 'delivered' || status === 'undelivered') assert.deepEqual(machine.keptValues, []);
        assert.ok([...machine.magicBell.posts.values()].every((posts) => posts === 1));
      }
      for (const expected of [/nothing/, /unknown/, /orphaned/, /undelivered/, /: delivered/]) {
        assert.match([...seen].join('\n'), expected);
      }
    });

    it('leaves a claim that was never filled to its lease', async () => {
      const id = await issued();
      machine.folder.write(`${id}.2.claim`, '');
      window.life.kill();
      const next = machine.open();
      await next.service.scan();
      assert.deepEqual(next.statuses, {});
      await machine.clock.advance(3 * minuteMs);
      assert.deepEqual(next.statuses, { [id]: 'undelivered' });
    });
  });

  describe('deliver', () => {
    it('records a confirmed delivery, clears the slot, and forgets the value', async () => {
      const id = await issued();
      assert.equal(await window.copy(id, machine.clock), 'confirmed');
      assert.equal(onDisk(id)?.phase, 'delivered');
      assert.deepEqual(machine.keptValues, []);
      assert.deepEqual(window.statuses, {});
      assert.deepEqual(claimsOf(id), [`${id}.json`]);
      assert.match(window.redactor.redact(window.clipboard.content), /VALUE/, 'the redactor still knows it');
      assert.doesNotMatch(inspect(window.service, { depth: 20, showHidden: true }), /VALUE-/);
    });

    for (const [mode, outcome] of [
      ['throws', 'failed'],
      ['unchanged', 'failed'],
      ['replaced', 'replaced'],
      ['unreadable', 'unreadable'],
    ] as const) {
      it(`keeps the value when the clipboard is ${mode}`, async () => {
        const id = await issued();
        window.clipboard.mode = mode;
        assert.equal(await window.copy(id, machine.clock), outcome);
        assert.deepEqual(window.statuses, { [id]: 'undelivered' });
        assert.equal(machine.keptValues.length, 1);
        window.clipboard.mode = 'ok';
        assert.equal(await window.copy(id, machine.clock), 'confirmed');
      });
    }

    it('is over when the user has it', async () => {
      const id = await issued();
      window.clipboard.mode = 'unreadable';
      await window.copy(id, machine.clock);
      await window.service.confirmDelivered(id);
      assert.equal(onDisk(id)?.phase, 'delivered');
      assert.deepEqual(machine.keptValues, []);
      await assert.rejects(window.copy(id, machine.clock), valueGone);
    });

    for (const end of ['confirmDelivered', 'discarded', 'revoked'] as const) {
      it(`lets the redactor forget a value of an earlier window after ${end}`, async () => {
        const id = await issued();
        const next = await restarted();
        next.clipboard.mode = 'unreadable';
        await next.copy(id, machine.clock);
        const value = next.clipboard.content;
        assert.equal(next.redactor.redact(value), '<redacted>');
        if (end === 'confirmDelivered') await next.service.confirmDelivered(id);
        else await next.service.resolve(id, end);
        assert.equal(next.redactor.redact(value), value);
      });
    }

    it('does one thing at a time', async () => {
      const id = await issued();
      const results = await Promise.allSettled([window.copy(id, machine.clock), window.copy(id, machine.clock)]);
      assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      assert.equal(window.clipboard.writes.length, 1);
    });

    it('can be tried again after the delivery itself threw', async () => {
      const id = await issued();
      await assert.rejects(
        window.service.deliver(id, () => Promise.reject(new Error('no'))),
        /no/,
      );
      assert.equal(await window.copy(id, machine.clock), 'confirmed');
    });

    it('is never offered again, whatever secret storage brings back', async () => {
      const id = await issued();
      const slots = new Map(machine.disk.slots);
      await window.copy(id, machine.clock);
      machine.disk.slots = new Map(slots);
      await window.service.scan();
      assert.deepEqual(window.statuses, {});
      assert.deepEqual(machine.keptValues, [], 'the resurrected slot is cleared');
      machine.disk.slots = new Map(slots);
      const next = await restarted();
      assert.deepEqual(next.statuses, {});
      assert.deepEqual(machine.keptValues, []);
    });

    it('is never offered again when the journal could not be written', async () => {
      const id = await issued();
      const other = machine.open();
      machine.folder.failures.set('replace', { code: 'ENOSPC' });
      window.secrets.mode = 'throwsOnDelete';
      assert.equal(await window.copy(id, machine.clock), 'confirmed');
      await window.service.scan();
      await machine.clock.advance(5 * minuteMs);
      await other.service.scan();
      assert.deepEqual([window.statuses, other.statuses], [{}, {}]);
      assert.equal(onDisk(id)?.phase, 'stored');
      // As soon as the disk works again it is written, and then nothing is left to do.
      machine.folder.failures.clear();
      window.secrets.mode = 'ok';
      await machine.clock.advance(minuteMs);
      assert.equal(onDisk(id)?.phase, 'delivered');
      assert.deepEqual(machine.keptValues, []);
      assert.deepEqual(claimsOf(id), [`${id}.json`]);
      assert.deepEqual((await restarted()).statuses, {});
    });

    it('is no other window’s to name as an orphan while the journal cannot be written', async () => {
      const id = await issued();
      const other = machine.open();
      machine.folder.failures.set('replace', { code: 'ENOSPC' });
      await window.copy(id, machine.clock);
      await other.service.scan();
      await machine.clock.advance(5 * minuteMs);
      assert.deepEqual([window.statuses, other.statuses], [{}, {}]);
    });

    it('asks the journal first: what has ended there is not delivered, whoever holds the claim', async () => {
      const id = await issued();
      await machine.open().journal.advance(id, { phase: 'delivered' });
      await assert.rejects(window.copy(id, machine.clock), valueGone);
      assert.deepEqual(window.clipboard.writes, []);
      assert.deepEqual(window.statuses, {});
    });

    it('writes the end that the journal does not hold yet at the next scan', async () => {
      const id = await issued();
      machine.folder.failures.set('replace', { code: 'ENOSPC' });
      await window.copy(id, machine.clock);
      machine.folder.failures.clear();
      await window.service.scan();
      assert.equal(onDisk(id)?.phase, 'delivered');
      assert.deepEqual(window.statuses, {});
      assert.deepEqual(claimsOf(id), [`${id}.json`]);
    });

    it('writes the end later by itself, and cares for what else is pending meanwhile', async () => {
      const id = await issued();
      const stays = await issued();
      machine.folder.failures.set('replace', { code: 'ENOSPC', name: new RegExp(`^${id}`) });
      await window.copy(id, machine.clock);
      assert.match(machine.logger.text, /the end of .* cannot be written to the journal \(ENOSPC\)/);
      await machine.clock.advance(5 * minuteMs);
      const other = machine.open();
      await other.service.scan();
      await other.service.abandonAll();
      machine.folder.failures.clear();
      await machine.clock.advance(minuteMs);
      assert.equal(onDisk(id)?.phase, 'delivered');
      assert.deepEqual(claimsOf(id), [`${id}.json`]);
      assert.deepEqual([window.statuses, other.statuses], [{ [stays]: 'undelivered' }, {}]);
    });

    it('says that the value is gone when the journal does not know it any more', async () => {
      const id = await issued();
      machine.folder.files.delete(`${id}.json`);
      await assert.rejects(window.copy(id, machine.clock), valueGone);
    });

    it('stays with its window while that one closes', async () => {
      const id = await issued();
      let end: (outcome: 'failed') => void = () => undefined;
      const delivering = window.service.deliver(id, () => new Promise((resolve) => (end = resolve)));
      await settle();
      await window.service.abandonAll();
      const other = machine.open();
      await other.service.scan();
      assert.deepEqual(other.statuses, {});
      end('failed');
      await delivering;
    });

    it('is confirmed though a slot cannot be cleared, which is done by the next scan', async () => {
      const id = await issued();
      window.secrets.mode = 'throwsOnDelete';
      assert.equal(await window.copy(id, machine.clock), 'confirmed');
      assert.equal(machine.keptValues.length, 1);
      assert.match(machine.logger.text, /its slot is cleared at the next start \(secret storage failed: delete\)/);
      const next = await restarted();
      assert.deepEqual(next.statuses, {});
      assert.deepEqual(machine.keptValues, []);
    });

    it('says that the value is gone when its slot was lost', async () => {
      const id = await issued();
      const next = await restarted();
      machine.disk.slots.clear();
      await assert.rejects(next.copy(id, machine.clock), valueGone);
      assert.deepEqual(next.statuses, { [id]: 'orphaned' });
    });

    it('goes on when a listener of its changes throws', async () => {
      const id = await issued();
      const listeners = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException');
      const thrown: unknown[] = [];
      process.on('uncaughtException', (error) => thrown.push(error));
      try {
        window.service.onDidChange(() => {
          throw new Error('a view is broken');
        });
        assert.equal(await window.copy(id, machine.clock), 'confirmed');
        await settle();
      } finally {
        process.removeAllListeners('uncaughtException');
        for (const listener of listeners) process.on('uncaughtException', listener);
      }
      assert.deepEqual(machine.keptValues, []);
      assert.equal(thrown.length, 1);
    });
  });

  describe('after a restart', () => {
    it('offers what was not delivered, once', async () => {
      const id = await issued();
      const next = await restarted();
      assert.deepEqual(next.statuses, { [id]: 'undelivered' });
      assert.equal(next.service.find(id)?.isStored, true);
      assert.equal(await next.copy(id, machine.clock), 'confirmed');
      assert.deepEqual((await restarted()).statuses, {});
    });

    it('does not bring back what is handled while secret storage takes its time', async () => {
      const id = await issued();
      const next = await restarted();
      const get = next.secrets.get.bind(next.secrets);
      next.secrets.get = async (key) => {
        next.secrets.get = get;
        const value = await get(key);
        await next.service.resolve(id, 'discarded');
        return value;
      };
      await next.service.scan();
      assert.deepEqual(next.statuses, {});
    });

    it('does not know whether there is a token when secret storage throws and no answer came', async () => {
      machine.magicBell.creation = 'lostCreated';
      const { issuance } = await window.issue();
      window.life.kill();
      const next = machine.open();
      next.secrets.mode = 'throws';
      await next.service.scan();
      assert.deepEqual(next.statuses, { [issuance.id]: 'unknown' });
    });

    it('names an orphan when secret storage was lost', async () => {
      const id = await issued();
      machine.disk.slots.clear();
      assert.deepEqual((await restarted()).statuses, { [id]: 'orphaned' });
    });

    for (const mode of ['throws', 'throwsOnRead', 'hangs'] satisfies SecretStoreMode[]) {
      it(`does not call a value lost when secret storage ${mode}, and offers it when that works again`, async () => {
        const id = await issued();
        window.life.kill();
        const next = machine.open();
        next.secrets.mode = mode;
        await inTime(next.service.scan());
        assert.deepEqual(next.statuses, { [id]: 'unreadable' });
        assert.match(machine.logger.text, /secret storage cannot be read \(secret storage (failed|hangs): get\)/);
        next.secrets.mode = 'ok';
        await machine.clock.advance(20_000);
        await next.service.scan();
        assert.deepEqual(next.statuses, { [id]: 'undelivered' });
      });
    }

    it('finds a value that was stored before the journal could say so', async () => {
      const id = await issued();
      const issuance = onDisk(id);
      assert.ok(issuance);
      await window.journal.create({ ...issuance, phase: 'answered' });
      assert.deepEqual((await restarted()).statuses, { [id]: 'undelivered' });
    });

    it('does not let one unreadable file hide the others', async () => {
      const first = await issued();
      const second = await issued();
      machine.folder.failures.set('read', { code: 'EACCES', name: new RegExp(`^${first}.json`) });
      const next = await restarted();
      assert.deepEqual(next.statuses, { [second]: 'undelivered' });
      machine.folder.failures.clear();
      await next.service.scan();
      assert.deepEqual(next.statuses, { [first]: 'undelivered', [second]: 'undelivered' });
    });

    it('does not let one claim that fails hide the others', async () => {
      const first = await issued();
      const second = await issued();
      machine.folder.failures.set('createExclusively', { code: 'EIO', name: new RegExp(`^${first}`) });
      const next = await restarted();
      assert.deepEqual(next.statuses, { [second]: 'undelivered' });
      assert.match(machine.logger.text, new RegExp(`${first} is left for the next scan \\(EIO\\)`));
      machine.folder.failures.clear();
      await machine.clock.advance(minuteMs);
      assert.deepEqual(next.statuses, { [first]: 'undelivered', [second]: 'undelivered' });
    });

    it('leaves a file alone that is not its own', async () => {
      machine.folder.write('foreign.json', '{"version":99}');
      machine.folder.write('torn.json', '{"version":1,"id":"torn"');
      assert.deepEqual((await restarted()).statuses, {});
      assert.ok(machine.folder.files.has('foreign.json') && machine.folder.files.has('torn.json'));
    });

    it('keeps a tombstone for a week, and then no longer', async () => {
      const id = await issued();
      await window.copy(id, machine.clock);
      machine.sleep(7 * dayMs - minuteMs);
      await restarted();
      assert.ok(machine.folder.files.has(`${id}.json`));
      machine.sleep(2 * minuteMs);
      await restarted();
      assert.equal(machine.folder.files.size, 0);
    });

    it('keeps no tombstone that does not say since when', async () => {
      await window.journal.create(anIssuance({ phase: 'delivered' }));
      await window.service.scan();
      assert.equal(machine.folder.files.size, 0);
    });

    it('writes nothing to secret storage for what has no slot', async () => {
      const id = await issued();
      await window.copy(id, machine.clock);
      const next = await restarted();
      assert.ok(!next.life.steps.includes('secret delete'));
    });

    it('keeps the tombstone as long as its slot cannot be cleared', async () => {
      const id = await issued();
      window.secrets.mode = 'throwsOnDelete';
      await window.copy(id, machine.clock);
      machine.sleep(8 * dayMs);
      window.life.kill();
      const next = machine.open();
      next.secrets.mode = 'lies';
      await next.service.scan();
      assert.ok(machine.folder.files.has(`${id}.json`));
    });
  });

  describe('a second window', () => {
    it('stays quiet while the first one lives', async () => {
      const id = await issued();
      const other = machine.open();
      await other.service.scan();
      await machine.clock.advance(10 * minuteMs);
      assert.deepEqual(other.statuses, {});
      assert.deepEqual(window.statuses, { [id]: 'undelivered' });
    });

    it('takes over by itself when the first one is gone', async () => {
      const id = await issued();
      const other = machine.open();
      await other.service.scan();
      window.life.kill();
      await machine.clock.advance(minuteMs);
      assert.deepEqual(other.statuses, { [id]: 'undelivered' });
    });

    it('takes over at once when the first one closed in good order', async () => {
      const id = await issued();
      await window.service.abandonAll();
      const other = machine.open();
      await other.service.scan();
      assert.deepEqual(other.statuses, { [id]: 'undelivered' });
      await assert.rejects(window.copy(id, machine.clock), valueGone);
    });

    it('takes nothing over from a sleep, however the windows wake up', async () => {
      const id = await issued();
      const other = machine.open();
      await other.service.scan();
      machine.sleep(8 * 60 * minuteMs);
      await other.service.scan();
      await other.service.scan();
      assert.deepEqual(other.statuses, {});
      await machine.clock.advance(10 * minuteMs);
      assert.deepEqual(other.statuses, {});
      assert.equal(await window.copy(id, machine.clock), 'confirmed');
    });

    it('takes nothing over because the clock was set back', async () => {
      await issued();
      const other = machine.open();
      await other.service.scan();
      machine.sleep(-30 * dayMs);
      await other.service.scan();
      await machine.clock.advance(10 * minuteMs);
      assert.deepEqual(other.statuses, {});
      assert.equal(Object.keys(window.statuses).length, 1);
    });

    it('takes over from a host that lost its window, which then gives it up', async () => {
      const id = await issued();
      const other = machine.open();
      await other.service.scan();
      window.link = 'broken';
      await machine.clock.advance(4 * minuteMs);
      assert.deepEqual(other.statuses, { [id]: 'undelivered' });
      window.link = 'there';
      await machine.clock.advance(minuteMs);
      assert.deepEqual(window.statuses, {});
      await assert.rejects(window.copy(id, machine.clock), valueGone);
      assert.equal(await other.copy(id, machine.clock), 'confirmed');
    });

    it('takes back what it gave up when the other one is gone, too', async () => {
      const id = await issued();
      const other = machine.open();
      await other.service.scan();
      window.link = 'broken';
      await machine.clock.advance(4 * minuteMs);
      window.link = 'there';
      await machine.clock.advance(minuteMs);
      assert.deepEqual(window.statuses, {});
      other.life.kill();
      await machine.clock.advance(2 * minuteMs);
      assert.deepEqual(window.statuses, { [id]: 'undelivered' });
    });

    it('does not deliver from memory what another one may have revoked as lost', async () => {
      const id = await issued();
      const other = machine.open();
      await other.service.scan();
      window.link = 'broken';
      machine.disk.slots.clear();
      await machine.clock.advance(4 * minuteMs);
      assert.deepEqual(other.statuses, { [id]: 'orphaned' });
      await assert.rejects(window.copy(id, machine.clock), valueGone);
    });

    it('does not make a host give up the only copy of a value', async () => {
      window.secrets.mode = 'throws';
      const { issuance } = await window.issue();
      const other = machine.open();
      await other.service.scan();
      window.link = 'broken';
      await machine.clock.advance(4 * minuteMs);
      assert.deepEqual(Object.keys(other.statuses), [issuance.id]);
      window.link = 'there';
      await machine.clock.advance(5 * minuteMs);
      assert.deepEqual(window.statuses, { [issuance.id]: 'undelivered' });
      assert.equal(await window.copy(issuance.id, machine.clock), 'confirmed');
      await other.service.scan();
      assert.deepEqual(other.statuses, {});
    });

    it('does not deliver from memory what may be in secret storage after all', async () => {
      window.secrets.mode = 'storesLate';
      const { issuance } = await inTime(window.issue());
      assert.equal(window.service.find(issuance.id)?.isStored, false);
      window.secrets.mode = 'ok';
      const other = machine.open();
      await other.service.scan();
      window.link = 'broken';
      await machine.clock.advance(4 * minuteMs);
      assert.deepEqual(other.statuses, { [issuance.id]: 'undelivered' });
      await assert.rejects(window.copy(issuance.id, machine.clock), valueGone);
      assert.equal(await other.copy(issuance.id, machine.clock), 'confirmed');
    });

    it('does not offer what was delivered between its reading of the journal and its claim', async () => {
      const id = await issued();
      const other = machine.open();
      other.secrets.get = () => Promise.resolve(`${valuePrefix}stale`);
      const take = other.leases.take.bind(other.leases);
      const offered: string[] = [];
      other.service.onDidChange(() => offered.push(...Object.values(other.statuses)));
      other.leases.take = async (taken) => {
        await window.copy(id, machine.clock);
        return take(taken);
      };
      await other.service.scan();
      assert.deepEqual(offered, []);
      assert.deepEqual(other.statuses, {});
      assert.deepEqual(claimsOf(id), [`${id}.json`]);
    });

    it('leaves no claim of what was removed before it could take it', async () => {
      const id = await issued();
      window.life.kill();
      const other = machine.open();
      const take = other.leases.take.bind(other.leases);
      other.leases.take = (taken) => {
        machine.folder.files.delete(`${id}.json`);
        return take(taken);
      };
      await other.service.scan();
      assert.deepEqual(claimsOf(id), []);
    });

    it('sees what another one has changed while a scan ran, by one more scan', async () => {
      const readAll = window.journal.readAll.bind(window.journal);
      let scans = 0;
      let goOn: () => void = () => undefined;
      window.journal.readAll = async () => {
        scans += 1;
        const read = await readAll();
        if (scans === 1) await new Promise<void>((resolve) => (goOn = resolve));
        return read;
      };
      const first = window.service.scan();
      await settle();
      const other = machine.open();
      const id = await issued(other);
      other.life.kill();
      const next = [window.service.scan(), window.service.scan()];
      goOn();
      await Promise.all([first, ...next]);
      assert.deepEqual(window.statuses, { [id]: 'undelivered' });
      assert.equal(scans, 2);
    });

    it('takes nothing over when it is closing itself', async () => {
      const other = machine.open();
      await issued();
      await other.service.abandonAll();
      window.life.kill();
      await other.service.scan();
      assert.deepEqual(other.statuses, {});
    });

    it('with a stale copy of secret storage asks for a reload, which tells', async () => {
      machine = new Machine(true);
      window = machine.open();
      const other = machine.open();
      await machine.clock.advance(1000);
      const id = await issued();
      window.life.kill();
      await other.service.scan();
      assert.deepEqual(other.statuses, { [id]: 'unreadable' });
      other.life.kill();
      const reloaded = machine.open();
      await reloaded.service.scan();
      assert.deepEqual(reloaded.statuses, { [id]: 'undelivered' });
    });

    it('whose copy of secret storage brings a delivered value back changes nothing', async () => {
      machine = new Machine(true);
      window = machine.open();
      const id = await issued();
      const other = machine.open();
      await window.copy(id, machine.clock);
      await other.secrets.store('something else', 'x');
      assert.equal(machine.keptValues.length, 1, 'the other window has written its whole map');
      const next = await restarted();
      assert.deepEqual(next.statuses, {});
      assert.deepEqual(machine.keptValues, []);
    });
  });

  describe('resolve', () => {
    for (const resolution of ['revoked', 'discarded', 'expired'] as const) {
      it(`ends it as ${resolution} and forgets the value`, async () => {
        const id = await issued();
        await window.service.resolve(id, resolution);
        assert.equal(onDisk(id)?.resolution, resolution);
        assert.deepEqual(machine.keptValues, []);
        assert.deepEqual((await restarted()).statuses, {});
      });
    }

    it('refuses what is not pending', async () => {
      await assert.rejects(window.service.resolve('no such', 'discarded'), valueGone);
      await assert.rejects(window.service.confirmDelivered('no such'), valueGone);
    });

    it('follows a token that was revoked by another way', async () => {
      const id = await issued();
      const untouched = await issued();
      await window.service.resolveRevoked(tokenId('id-1'), 'connection-1');
      await window.service.resolveRevoked(tokenId('unknown'), 'connection-1');
      assert.deepEqual(window.statuses, { [untouched]: 'undelivered' });
      assert.equal(onDisk(id)?.resolution, 'revoked');
    });

    it('follows a token that was revoked in another window', async () => {
      await issued();
      const other = machine.open();
      await other.service.scan();
      await other.service.resolveRevoked(tokenId('id-1'), 'connection-1');
      await window.service.scan();
      assert.deepEqual(window.statuses, {});
      assert.deepEqual(machine.keptValues, []);
    });

    it('follows a revocation while it is being delivered, and when the journal cannot be read', async () => {
      const id = await issued();
      await window.service.deliver(id, async () => {
        await window.service.resolveRevoked(tokenId('id-1'), 'connection-1');
        return 'failed';
      });
      assert.deepEqual(window.statuses, {});
      await issued();
      machine.folder.failures.set('list', { code: 'EIO' });
      await window.service.resolveRevoked(tokenId('id-2'), 'connection-1');
      assert.deepEqual(window.statuses, {});
    });
  });

  describe('search', () => {
    it('finds what a lost answer made, and keeps what it found', async () => {
      machine.magicBell.creation = 'lostCreated';
      const { issuance } = await window.issue();
      const found = await window.service.search(issuance.id, window.api);
      assert.deepEqual(
        found?.map(({ id }) => id),
        ['id-1'],
      );
      assert.deepEqual(window.service.find(issuance.id)?.candidates, found);
      await window.service.scan();
      assert.deepEqual(window.service.find(issuance.id)?.candidates, found);
    });

    it('does not take another issuance’s token for this one', async () => {
      await issued();
      machine.magicBell.creation = 'lostNotCreated';
      const { issuance } = await window.issue();
      assert.deepEqual(await window.service.search(issuance.id, window.api), []);
      const next = await restarted();
      assert.deepEqual(await next.service.search(issuance.id, next.api), []);
    });

    it('offers a candidate no more once it is revoked, even while the list still has it', async () => {
      machine.magicBell.creation = 'lostCreated';
      const first = (await window.issue()).issuance.id;
      const second = (await window.issue()).issuance.id;
      const offered = (): unknown =>
        [first, second].map((id) => window.service.find(id)?.candidates?.map((token) => token.id));
      for (const id of [first, second]) await window.service.search(id, window.api);
      assert.deepEqual(offered(), [
        ['id-1', 'id-2'],
        ['id-1', 'id-2'],
      ]);
      await window.service.resolveRevoked(tokenId('id-1'), 'connection-1');
      assert.deepEqual(offered(), [['id-2'], ['id-2']]);
      for (const id of [first, second]) await window.service.search(id, window.api);
      assert.deepEqual(offered(), [['id-2'], ['id-2']]);
    });

    it('passes errors on and stays as it was', async () => {
      machine.magicBell.creation = 'lostCreated';
      const { issuance } = await window.issue();
      machine.magicBell.failure = new MagicBellError('offline', '');
      await assert.rejects(window.service.search(issuance.id, window.api), { reason: 'offline' });
      assert.equal(window.service.find(issuance.id)?.candidates, undefined);
    });

    it('does not bring back what ended while it was looking', async () => {
      machine.magicBell.creation = 'lostCreated';
      const { issuance } = await window.issue();
      const { api } = window;
      const fetchProjectTokens: typeof api.jwt.fetchProjectTokens = async (page) => {
        await window.service.resolve(issuance.id, 'discarded');
        return api.jwt.fetchProjectTokens(page);
      };
      await window.service.search(issuance.id, { ...api, jwt: { ...api.jwt, fetchProjectTokens } });
      assert.deepEqual(window.statuses, {});
    });

    it('is not for what is known, or over', async () => {
      const id = await issued();
      assert.equal(await window.service.search(id, window.api), undefined);
      assert.equal(await window.service.search('no such', window.api), undefined);
    });
  });

  describe('expiry', () => {
    it('drops a value when its token expires', async () => {
      const id = await issued(window, { expirySeconds: 3600 });
      await machine.clock.advance(3600_000 - 1);
      assert.deepEqual(window.statuses, { [id]: 'undelivered' });
      await machine.clock.advance(2);
      assert.deepEqual(window.statuses, {});
      assert.equal(onDisk(id)?.resolution, 'expired');
      assert.deepEqual(machine.keptValues, []);
    });

    it('drops nothing else then', async () => {
      await issued(window, { expirySeconds: 3600 });
      const others = [await issued(window, { expirySeconds: 7200 }), await issued()];
      await machine.clock.advance(3600_000 + 1);
      assert.deepEqual(Object.keys(window.statuses), others);
    });

    it('keeps it for its whole lifetime where the server’s clock is hours behind this one', async () => {
      machine.magicBell.offsetMs = -2 * 3600_000;
      const id = await issued(window, { expirySeconds: 3600 });
      await machine.clock.advance(3600_000 - 1);
      assert.deepEqual(window.statuses, { [id]: 'undelivered' });
      assert.deepEqual((await restarted()).statuses, { [id]: 'undelivered' });
      await machine.clock.advance(2);
      assert.equal(onDisk(id)?.resolution, 'expired');
    });

    it('drops it at the start when it expired meanwhile', async () => {
      const id = await issued(window, { expirySeconds: 3600 });
      machine.sleep(60 * minuteMs);
      const next = await restarted();
      assert.deepEqual(next.statuses, {});
      assert.equal(onDisk(id)?.resolution, 'expired');
      assert.deepEqual(machine.keptValues, []);
    });

    it('waits, without spinning, until a delivery under way has ended', async () => {
      const id = await issued(window, { expirySeconds: 60 });
      let fail: (outcome: 'failed') => void = () => undefined;
      const delivering = window.service.deliver(id, () => new Promise((resolve) => (fail = resolve)));
      await machine.clock.advance(90_000);
      assert.deepEqual(Object.keys(window.statuses), [id]);
      fail('failed');
      await delivering;
      await machine.clock.advance(2_000);
      assert.deepEqual(window.statuses, {});
    });

    it('of a hundred years is no matter for a timer', async () => {
      const id = await issued(window, { expirySeconds: 100 * 365 * 86_400 });
      await machine.clock.advance(minuteMs);
      assert.deepEqual(window.statuses, { [id]: 'undelivered' });
    });
  });

  describe('timers', () => {
    it('are none when nothing is pending', async () => {
      await window.service.scan();
      assert.equal(machine.clock.timerCount, 0);
      const id = await issued(window, { expirySeconds: 3600 });
      assert.equal(machine.clock.timerCount, 2);
      await window.copy(id, machine.clock);
      assert.equal(machine.clock.timerCount, 0);
    });

    it('are none in a window that watches nothing of others', async () => {
      const id = await issued();
      const other = machine.open();
      await other.service.scan();
      const mine = machine.clock.timerCount;
      await window.copy(id, machine.clock);
      await other.service.scan();
      assert.ok(mine > machine.clock.timerCount);
      assert.equal(machine.clock.timerCount, 0);
    });

    it('are none after the end', async () => {
      await issued();
      window.service.dispose();
      assert.equal(machine.clock.timerCount, 0);
      assert.doesNotMatch(window.redactor.redact(machine.keptValues[0] ?? ''), /redacted/);
    });

    it('renew leases however often something changes', async () => {
      await issued();
      for (let count = 0; count < 20; count++) {
        await machine.clock.advance(10_000);
        await window.service.scan();
      }
      const [claim = ''] = [...machine.folder.files.keys()].filter((name) => name.endsWith('.claim'));
      const renewedAt = machine.folder.files.get(claim)?.modifiedAt ?? 0;
      assert.ok(machine.clock.now().getTime() - renewedAt <= 30_000);
    });

    it('take a claim anew whose file is gone', async () => {
      const id = await issued();
      machine.folder.files.delete(`${id}.1.claim`);
      await machine.clock.advance(minuteMs);
      assert.deepEqual(window.statuses, { [id]: 'undelivered' });
      assert.equal(await window.copy(id, machine.clock), 'confirmed');
    });

    it('renew the other leases when one fails', async () => {
      const first = await issued();
      await issued();
      machine.folder.failures.set('touch', { code: 'EIO', name: new RegExp(`^${first}`) });
      await machine.clock.advance(5 * minuteMs);
      const other = machine.open();
      await other.service.scan();
      await machine.clock.advance(40_000);
      assert.deepEqual(Object.keys(other.statuses), [first]);
    });

    it('go on after a scan that failed', async () => {
      const id = await issued();
      const other = machine.open();
      await other.service.scan();
      machine.folder.failures.set('list', { code: 'EIO' });
      await machine.clock.advance(minuteMs);
      machine.folder.failures.clear();
      window.life.kill();
      await machine.clock.advance(2 * minuteMs);
      assert.deepEqual(other.statuses, { [id]: 'undelivered' });
    });
  });

  describe('preflight', () => {
    it('leaves nothing behind', async () => {
      await window.service.preflight();
      assert.equal(machine.disk.slots.size, 0);
    });

    for (const mode of ['throws', 'hangs', 'lies', 'throwsOnRead', 'throwsOnStore', 'throwsOnDelete'] as const) {
      it(`fails in time when secret storage ${mode}`, async () => {
        window.secrets.mode = mode;
        await assert.rejects(inTime(window.service.preflight()), { name: 'SecretStorageError' });
      });
    }
  });

  describe('forget', () => {
    it('removes the records of a connection as far as they are settled, and no others', async () => {
      const settled = await issued();
      await window.copy(settled, machine.clock);
      const open = await issued();
      await window.journal.create(anIssuance({ id: 'elsewhere', connectionId: 'connection-2', phase: 'delivered' }));
      await window.service.forget('connection-1');
      assert.deepEqual((await window.journal.readAll()).map(({ id }) => id).sort(), ['elsewhere', open].sort());
    });

    it('keeps a record as long as its slot cannot be cleared', async () => {
      const id = await issued();
      window.secrets.mode = 'throwsOnDelete';
      await window.copy(id, machine.clock);
      await window.service.forget('connection-1');
      assert.equal(onDisk(id)?.phase, 'delivered');
    });
  });

  it('lists what is pending oldest first', async () => {
    const first = await issued();
    await machine.clock.advance(1000);
    const second = await issued();
    await window.journal.create(anIssuance({ id: 'oldest', intendedAt: new Date('2020-01-01') }));
    await window.service.scan();
    assert.deepEqual(
      window.service.pending.map(({ issuance }) => issuance.id),
      ['oldest', first, second],
    );
  });

  it('writes no value to the journal, the log or an error', async () => {
    const errors: unknown[] = [];
    for (const mode of ['ok', 'throws', 'lies'] as const) {
      for (const clipboard of ['ok', 'throws', 'unreadable'] as const) {
        window.secrets.mode = mode;
        window.clipboard.mode = clipboard;
        const { issuance } = await window.issue();
        await window.copy(issuance.id, machine.clock).catch((error: unknown) => errors.push(error));
        await window.service.resolve(issuance.id, 'discarded').catch((error: unknown) => errors.push(error));
      }
    }
    assert.doesNotMatch(machine.folder.text + machine.logger.text + inspect(errors, { depth: 9 }), /VALUE-/);
  });
});
