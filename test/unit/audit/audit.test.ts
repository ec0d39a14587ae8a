import assert from 'node:assert/strict';
import { Audit } from '../../../src/core/audit/audit.ts';
import { auditText } from '../../../src/core/audit/auditText.ts';
import { AuditBook, type AuditedToken } from '../../../src/core/audit/auditBook.ts';
import { type ErrorReason, MagicBellError } from '../../../src/core/magicbell/errors.ts';
import { leaseMs, Leases } from '../../../src/core/base/lease.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { MemoryFolder } from '../../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';
import { plantedValue, SimulatedProject } from '../../support/simulatedProject.ts';

const minuteMs = 60_000;
const sharePerMinute = 120;

describe('The audit of users’ tokens', function () {
  this.timeout(60_000);
  let clock: FakeClock;
  let folder: MemoryFolder;
  let project: SimulatedProject;
  let alive: Set<number>;
  let open: Audit[];
  let logger: RecordingLogger;
  /** When each attempt began. */
  let attempts: number[];
  /** Takes the place of the client of an attempt. */
  let refusing: (attempt: number) => Error | undefined;

  beforeEach(() => {
    clock = new FakeClock();
    folder = new MemoryFolder(clock);
    project = new SimulatedProject(clock, 240);
    alive = new Set();
    open = [];
    logger = new RecordingLogger();
    attempts = [];
    refusing = () => undefined;
  });
  afterEach(() => open.forEach((audit) => audit.dispose()));

  /** The audit as one window has it. */
  function audit(pid = 1): Audit {
    alive.add(pid);
    const files = folder.openedBy();
    const api = project.api();
    const owner = { windowId: `window ${pid}`, pid, hostname: 'here' };
    const made = new Audit({
      connectionId: 'connection-1',
      api: () => {
        attempts.push(clock.now().getTime());
        const refused = refusing(attempts.length);
        return refused === undefined ? Promise.resolve(api) : Promise.reject(refused);
      },
      book: new AuditBook(files, logger),
      leases: new Leases(files, owner, clock, (other) => alive.has(other)),
      clock,
      logger,
      pageSize: () => 100,
      sharePerMinute: () => sharePerMinute,
    });
    open.push(made);
    return made;
  }

  /** Moves the clock until the audit has ended, and returns how long that took. */
  async function finish(made: Audit, withinMs = 60 * minuteMs): Promise<number> {
    const begun = clock.now().getTime();
    while (made.state === 'running' || made.state === 'waiting') {
      assert.ok(clock.now().getTime() - begun < withinMs, `not over after ${withinMs} ms`);
      await clock.advance(1000);
    }
    return clock.now().getTime() - begun;
  }

  async function found(made: Audit): Promise<readonly AuditedToken[]> {
    const tokens: AuditedToken[] = [];
    const book = new AuditBook(folder.openedBy(), new RecordingLogger());
    if (made.record !== undefined) for await (const page of book.tokens(made.record)) tokens.push(...page);
    return tokens;
  }

  const owners = (tokens: readonly AuditedToken[]): readonly string[] => tokens.map(({ owner }) => owner.id).sort();

  it('finds each user’s tokens, once, and keeps no value', async () => {
    const made = audit();
    await made.start();
    await finish(made);
    assert.equal(made.state, 'done');
    assert.deepEqual(owners(await found(made)), [...project.users].sort());
    const { userCount, readCount, tokenCount, failedCount, looks } = made.record ?? {};
    assert.deepEqual([userCount, readCount, tokenCount, failedCount, looks], [240, 240, 240, 0, 2]);
    assert.ok(!folder.text.includes(plantedValue), 'a value was written');
  });

  for (const roundTripMs of [20, 400, 1800]) {
    it(`uses its share of the reads, and no more, when an answer takes ${roundTripMs} ms`, async () => {
      project = new SimulatedProject(clock, 1200);
      project.roundTripMs = roundTripMs;
      const made = audit();
      await made.start();
      const tookMs = await finish(made);
      const used = project.reads.length / (tookMs / minuteMs) / sharePerMinute;
      assert.ok(used >= 0.95, `${used} of its share`);
      assert.equal(project.refusals, 0);
      for (const at of project.reads) {
        const within = project.reads.filter((each) => each >= at && each < at + minuteMs).length;
        // What a slow answer has cost for a moment is caught up on.
        assert.ok(within <= sharePerMinute * 1.1, `${within} within a minute`);
      }
    });
  }

  it('says how many users there are, and how long the rest takes', async () => {
    project = new SimulatedProject(clock, 600);
    const made = audit();
    await made.start();
    await clock.advance(2 * minuteMs);
    assert.equal(made.record?.userCount, 600);
    assert.equal(made.record.phase, 'reading');
    const leftMs = made.leftMs ?? 0;
    const tookMs = await finish(made);
    assert.ok(Math.abs(leftMs - tookMs) < 10_000, `${leftMs} was said, ${tookMs} it took`);
  });

  it('slows down when production needs the reads, and comes back to its share', async () => {
    project = new SimulatedProject(clock, 900);
    const made = audit();
    await made.start();
    for (let minute = 0; minute < 4; minute += 1) {
      project.use(220);
      await clock.advance(minuteMs);
    }
    const refused = project.refusals;
    assert.ok(refused > 0, 'production did not need them');
    assert.ok(refused < 30, `${refused} requests were refused`);
    await finish(made);
    assert.equal(made.state, 'done');
    assert.equal(new Set(owners(await found(made))).size, 900);
    const last = project.reads.filter((at) => at > clock.now().getTime() - minuteMs).length;
    assert.ok(last > sharePerMinute * 0.6, `${last} in its last minute`);
  });

  it('lets a click through at once', async () => {
    const made = audit();
    const api = project.api();
    await made.start();
    await clock.advance(30_000);
    let isAnswered = false;
    const call = api.users.listUsers('hana', { limit: 1 }).then(() => (isAnswered = true));
    await clock.advance(project.roundTripMs + 1);
    assert.equal(isAnswered, true);
    await call;
    await made.pause();
  });

  it('finds users whom those who went have moved to an earlier page, and counts nobody twice', async () => {
    let pages = 0;
    project.onRequest = ({ pathname }) => {
      if (!pathname.endsWith('/users')) return;
      pages += 1;
      // Before the second page of the first list: user-100 moves to the first page, which was read already.
      if (pages === 2) {
        project.users.splice(0, 1);
        project.users.push('newcomer');
      }
    };
    const made = audit();
    await made.start();
    await finish(made);
    const all = owners(await found(made));
    assert.equal(new Set(all).size, all.length, 'somebody was counted twice');
    assert.deepEqual(
      project.users.filter((user) => !all.includes(user)),
      [],
    );
    assert.equal(made.record?.failedCount, 0);
  });

  it('goes on when a user has gone', async () => {
    project.onRequest = ({ pathname }) => {
      if (pathname.endsWith('user-7')) project.users = project.users.filter((user) => user !== 'user-7');
    };
    const made = audit();
    await made.start();
    await finish(made);
    assert.equal(made.state, 'done');
    assert.equal((await found(made)).length, 239);
  });

  it('says of whom not all tokens could be read, and keeps those that could', async () => {
    const row = (id: string) => ({ id, name: 'Inbox', created_at: '2026-01-01T00:00:00Z' });
    let pages = 0;
    project.answerOf = (user, url) => {
      const next = (to: string) => ({ next: `${url.origin}${url.pathname}?starting_after=${to}` });
      if (user === 'user-3') return { data: [row('circle')], links: next('again') };
      if (user === 'user-5') return { data: [row('readable'), 'no row'], links: { next: null } };
      if (user !== 'user-7') return undefined;
      pages += 1;
      return { data: [row(`endless ${pages}`)], links: next(String(pages)) };
    };
    const made = audit();
    await made.start();
    await finish(made);
    assert.deepEqual([made.state, made.record?.failedCount], ['done', 3]);
    assert.match(auditText(made, 'api.magicbell.com'), /The tokens of 3 users could not all be read\./);
    const names = (await found(made)).map(({ token }) => token.id);
    for (const id of ['circle', 'readable', `endless ${pages}`])
      assert.ok(
        names.some((name) => name === id),
        id,
      );
    assert.ok(pages <= 200, `${pages} pages`);
  });

  it('goes on from the disk after a restart, and reads hardly anybody again', async () => {
    const first = audit(1);
    await first.start();
    await clock.advance(1.5 * minuteMs);
    await first.pause();
    assert.equal(first.state, 'paused');
    const before = project.readsOf.size;
    assert.ok(before > 100 && before < 240, `${before} users were read`);
    alive.delete(1);

    const second = audit(2);
    await second.check();
    assert.equal(second.state, 'paused');
    assert.equal(second.record?.readCount, before);
    await second.start();
    await finish(second);
    assert.equal(second.state, 'done');
    assert.deepEqual(owners(await found(second)), [...project.users].sort());
    assert.ok([...project.readsOf.values()].every((times) => times === 1));
  });

  it('goes on after a crash with the page that was being read', async () => {
    const first = audit(1);
    await first.start();
    await clock.advance(1.5 * minuteMs);
    // Nothing is written any more.
    folder.failures.set('replace', { code: 'EIO' });
    first.dispose();
    await first.ended();
    folder.failures.clear();
    alive.delete(1);
    const second = audit(2);
    await second.start();
    await finish(second);
    assert.deepEqual(owners(await found(second)), [...project.users].sort());
  });

  it('runs in one window, and in another when that has gone', async () => {
    const [first, second] = [audit(1), audit(2)];
    assert.equal(await first.start(), true);
    assert.equal(await second.start(), false);
    assert.equal(second.state, 'elsewhere');
    await clock.advance(minuteMs);
    assert.equal(await second.start(), false, 'the lease was not renewed');
    alive.delete(1);
    first.dispose();
    assert.equal(await second.start(), true);
    await finish(second);
    assert.equal(second.state, 'done');
  });

  it('stops when another window has taken over while the computer slept', async () => {
    const first = audit(1);
    await first.start();
    await clock.advance(10_000);
    folder.files.set('audit-connection-1.2.claim', {
      text: JSON.stringify({ windowId: 'other', pid: 3, hostname: 'here' }),
      modifiedAt: clock.now().getTime(),
    });
    await clock.advance(leaseMs);
    assert.equal(first.state, 'elsewhere');
  });

  it('tries again by itself when MagicBell cannot be reached', async () => {
    const made = audit();
    await made.start();
    await clock.advance(30_000);
    project.isOffline = true;
    await clock.advance(30_000);
    assert.equal(made.state, 'waiting');
    assert.equal(made.error?.reason, 'offline');
    project.isOffline = false;
    await finish(made);
    assert.equal(made.state, 'done');
    assert.deepEqual(owners(await found(made)), [...project.users].sort());
  });

  it('says that the API has no user tokens', async () => {
    project.hasUserTokens = false;
    const made = audit();
    await made.start();
    const tookMs = await finish(made);
    assert.equal(made.record?.scope, 'noUserTokens');
    assert.ok(tookMs < 15_000, `${tookMs} ms`);
    assert.ok(project.readsOf.size === 0);
  });

  it('says nothing when a look brings nothing new', async () => {
    const made = audit();
    let changes = 0;
    made.onDidChange(() => (changes += 1));
    await made.check();
    await made.check();
    assert.equal(changes, 0);
  });

  const seconds = (): readonly number[] => attempts.map((at) => (at - (attempts[0] ?? 0)) / 1000);
  const mbError = (reason: ErrorReason): MagicBellError => new MagicBellError(reason, `the ${reason}`);

  for (const reason of [
    'offline',
    'dns',
    'proxy',
    'timeout',
    'connectionLost',
    'serverError',
    'rateLimited',
  ] as const) {
    it(`waits when the reason is ${reason}`, async () => {
      refusing = (attempt) => (attempt === 1 ? mbError(reason) : undefined);
      const made = audit();
      await made.start();
      await clock.advance(0);
      assert.deepEqual([made.state, made.error?.reason, made.leftMs], ['waiting', reason, undefined]);
      await finish(made);
      assert.deepEqual([made.state, made.error], ['done', undefined]);
      assert.deepEqual(seconds(), [0, 30]);
    });
  }

  for (const reason of ['unauthorized', 'forbidden', 'tls', 'notFound', 'connectionRemoved'] as const) {
    it(`fails when the reason is ${reason}, and goes on when it is started again`, async () => {
      refusing = (attempt) => (attempt === 1 ? mbError(reason) : undefined);
      const made = audit();
      await made.start();
      await made.ended();
      assert.deepEqual([made.state, made.error?.reason], ['failed', reason]);
      assert.deepEqual(logger.lines, [{ level: 'warn', message: `audit: stopped (${reason})` }]);
      await clock.advance(10 * minuteMs);
      assert.equal(attempts.length, 1);
      await made.start();
      await finish(made);
      assert.deepEqual([made.state, made.error], ['done', undefined]);
    });
  }

  it('stays failed when the disk is looked at', async () => {
    refusing = (attempt) => (attempt === 2 ? mbError('unauthorized') : undefined);
    const made = audit();
    await made.start();
    await clock.advance(30_000);
    await made.pause();
    await made.start();
    await made.ended();
    await made.check();
    assert.deepEqual([made.state, made.error?.reason], ['failed', 'unauthorized']);
  });

  it('fails without an error of MagicBell’s when the fault is its own', async () => {
    refusing = () => new Error('no such thing');
    const made = audit();
    await made.start();
    await made.ended();
    assert.deepEqual([made.state, made.error], ['failed', undefined]);
    assert.equal(logger.text, 'audit: stopped (no such thing)');
  });

  it('waits longer each time, up to five minutes', async () => {
    refusing = () => mbError('offline');
    const made = audit();
    await made.start();
    await clock.advance(20 * minuteMs);
    assert.deepEqual(seconds(), [0, 30, 90, 210, 450, 750, 1050]);
  });

  it('waits as short as at first again once it has got on', async () => {
    refusing = (attempt) => (attempt <= 2 ? mbError('offline') : undefined);
    const made = audit();
    await made.start();
    await clock.advance(150_000);
    assert.deepEqual([made.state, attempts.length], ['running', 3]);
    project.isOffline = true;
    while (made.state === 'running') await clock.advance(1000);
    const since = clock.now().getTime();
    project.isOffline = false;
    while (attempts.length === 3) await clock.advance(1000);
    assert.ok(Math.abs((attempts[3] ?? 0) - since - 30_000) <= 1000, `${(attempts[3] ?? 0) - since} ms`);
  });

  it('tries no more once it is paused while it waits', async () => {
    refusing = () => mbError('offline');
    const made = audit();
    await made.start();
    await clock.advance(1000);
    await made.pause();
    assert.deepEqual([made.state, made.error, clock.timerCount], ['paused', undefined, 0]);
    await clock.advance(60 * minuteMs);
    assert.equal(attempts.length, 1);
  });

  it('is not begun twice', async () => {
    const made = audit();
    assert.equal(await made.start(), true);
    assert.equal(await made.start(), true);
    await clock.advance(minuteMs);
    assert.equal(attempts.length, 1);
    await made.pause();
    assert.equal(made.state, 'paused');
  });

  it('tells that it cannot begin when nothing can be written, and can later', async () => {
    folder.failures.set('createExclusively', { code: 'ENOSPC' });
    const made = audit();
    await assert.rejects(made.start(), { code: 'ENOSPC' });
    assert.deepEqual([made.state, attempts.length], ['none', 0]);
    await made.pause();
    assert.equal(made.state, 'none');
    folder.failures.clear();
    assert.equal(await made.start(), true);
    const { startedAt } = made.record ?? {};
    assert.deepEqual(made.record, {
      ...{ id: 'connection-1', startedAt, phase: 'listing', scope: 'everything', isCutShort: false },
      ...{ pageCount: 0, userCount: 0, readCount: 0, tokenCount: 0, failedCount: 0, looks: 0 },
    });
    await finish(made);
    assert.equal(made.state, 'done');
  });

  it('says how long the rest takes only while it reads', async () => {
    const made = audit();
    assert.equal(made.leftMs, undefined);
    await made.start();
    assert.equal(made.leftMs, undefined, 'the users are being listed');
    await clock.advance(30_000);
    const { userCount = 0, readCount = 0, pageCount = 0 } = made.record ?? {};
    assert.equal(made.leftMs, ((userCount - readCount + pageCount) / sharePerMinute) * minuteMs);
    await made.pause();
    assert.equal(made.leftMs, undefined);
    await made.start();
    await finish(made);
    assert.equal(made.leftMs, undefined);
  });

  it('tells of each step, and of none after it is paused', async () => {
    const made = audit();
    const states: string[] = [];
    made.onDidChange(() => states.push(`${made.state} ${made.record?.readCount}`));
    await made.start();
    await clock.advance(30_000);
    assert.ok(states.length > 20 && states.every((state) => state.startsWith('running')), states.join());
    await made.pause();
    const told = states.length;
    assert.match(states.at(-1) ?? '', /^paused/);
    await clock.advance(minuteMs);
    assert.equal(states.length, told);
  });

  it('is known to another window when it is done, and begins anew when it is started again', async () => {
    const [first, second] = [audit(1), audit(2)];
    await first.start();
    await finish(first);
    await first.ended();
    assert.ok(![...folder.files.keys()].some((name) => name.endsWith('.claim')), 'a claim was left');
    let changes = 0;
    second.onDidChange(() => (changes += 1));
    await second.check();
    await second.check();
    assert.deepEqual([second.state, second.record?.readCount, changes], ['done', 240, 1]);
    const before = second.record?.startedAt;
    assert.equal(await second.start(), true);
    assert.deepEqual([second.record?.phase, second.record?.readCount], ['listing', 0]);
    assert.notDeepEqual(second.record?.startedAt, before);
  });

  it('lets another window go on at once when it is paused', async () => {
    const [first, second] = [audit(1), audit(2)];
    await first.start();
    await clock.advance(30_000);
    await first.pause();
    assert.equal(await second.start(), true);
  });

  it('stays the one of the other window when the disk is looked at', async () => {
    const [first, second] = [audit(1), audit(2)];
    await first.start();
    await clock.advance(30_000);
    await second.start();
    await second.check();
    assert.equal(second.state, 'elsewhere');
    await first.check();
    assert.equal(first.state, 'running');
  });

  it('goes on when its lease cannot be renewed for once, and says so in the log', async () => {
    const made = audit();
    await made.start();
    folder.failures.set('touch', { code: 'EIO' });
    await clock.advance(leaseMs / 3);
    assert.match(logger.text, /^audit: the lease was not renewed \(EIO/);
    folder.failures.clear();
    await clock.advance(leaseMs / 2);
    assert.equal(made.state, 'running');
    assert.equal(await audit(2).start(), false, 'it was renewed at the next time');
  });

  it('ends even if its lease cannot be given back, and says so in the log', async () => {
    const made = audit();
    await made.start();
    await clock.advance(1000);
    folder.failures.set('touch', { code: 'EIO' });
    await made.pause();
    assert.equal(made.state, 'paused');
    assert.match(logger.text, /^audit: the lease was not given back \(EIO/);
  });

  it('forgets everything when it is cancelled', async () => {
    const made = audit();
    await made.start();
    await clock.advance(30_000);
    await made.cancel();
    assert.equal(made.state, 'none');
    assert.deepEqual([...folder.files.keys()], []);
  });
});
