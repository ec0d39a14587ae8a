import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { type DeliveryOutcome, copyToClipboard } from '../../../src/core/delivery/clipboard.ts';
import { type Place, placeKey } from '../../../src/core/delivery/place.ts';
import { type Issuance, type IssuanceRequest, isFinal, parseIssuance } from '../../../src/core/issuance/issuance.ts';
import { openPlaces } from '../../../src/core/issuance/places.ts';
import type { PendingIssuance } from '../../../src/core/issuance/pendingIssuance.ts';
import type { Secret } from '../../../src/core/base/secret.ts';
import type { ClipboardMode } from '../../support/fakeClipboard.ts';
import { type CreationMode, valuePrefix } from '../../support/fakeMagicBell.ts';
import type { SecretStoreMode } from '../../support/fakeSecretStore.ts';
import { type IssuanceWindow, Machine } from '../../support/issuanceWindow.ts';
import { settled } from '../../support/lifeline.ts';

/** `MODEL_RUNS=10000 npx mocha test/unit/issuance/issuanceModel.test.ts` for the long run. */
const runs = Number(process.env['MODEL_RUNS'] ?? 300);
const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
/** A delivery does not take longer: its clipboard calls are given up then. */
const deliveryLimitMs = 15 * secondMs;
const maxWindows = 3;

/** The machine with its windows, and what the user has seen and done there. */
class World {
  readonly machine: Machine;
  /** Whose delivery was reported as confirmed, or of which the user said so. */
  readonly confirmed = new Set<string>();
  /** Where a value has reached the clipboard, also when a crash came before the report. */
  readonly copied = new Map<string, IssuanceWindow>();
  readonly discarded = new Set<string>();
  /** Which place of which issuance has a value, and of which it was reported. */
  private readonly arrived = new Set<string>();
  private readonly reported = new Set<string>();
  private readonly delivering = new Map<string, IssuanceWindow>();
  private readonly answers: ((mode: CreationMode) => void)[] = [];
  private readonly deliveries: { readonly window: IssuanceWindow; readonly end: (outcome: DeliveryOutcome) => void }[] =
    [];
  private readonly errors: unknown[] = [];
  private readonly problems: string[] = [];
  private oldSlots = new Map<string, string>();
  private lostAnyWindow = false;

  constructor(isWeb: boolean) {
    this.machine = new Machine(isWeb);
  }

  /** The windows that a user can see. */
  get windows(): IssuanceWindow[] {
    return this.machine.livingWindows.filter(({ link }) => link === 'there');
  }

  window(index: number): IssuanceWindow | undefined {
    return this.windows[index % Math.max(1, this.windows.length)];
  }

  pending(window: IssuanceWindow, index: number): PendingIssuance | undefined {
    const { pending } = window.service;
    return pending[index % Math.max(1, pending.length)];
  }

  onDisk(id: string): Issuance | undefined {
    return parseIssuance(this.machine.folder.files.get(`${id}.json`)?.text ?? '');
  }

  /** Lets a window do something to its end, giving a storage or clipboard that hangs the time to be given up. */
  async perform(window: IssuanceWindow, work: () => Promise<unknown>, crashAfter?: number): Promise<void> {
    if (crashAfter !== undefined) window.life.dieAfter(crashAfter);
    let isOver = false;
    void work()
      .catch((error: unknown) => this.errors.push(error))
      .finally(() => {
        isOver = true;
      });
    await settled();
    for (let tries = 0; tries < 12 && !this.hasEnded(isOver) && window.life.isAlive; tries++)
      await this.machine.clock.advance(10 * secondMs);
    if (crashAfter !== undefined) this.kill(window);
    if (!this.hasEnded(isOver) && window.life.isAlive) this.problems.push('something never ended');
  }

  async open(): Promise<void> {
    if (this.windows.length >= maxWindows) return;
    await this.openAnyway();
  }

  private async openAnyway(): Promise<IssuanceWindow> {
    const window = this.machine.open();
    await this.perform(window, () => window.service.scan());
    window.followFolder();
    return window;
  }

  kill(window: IssuanceWindow): void {
    window.life.kill();
  }

  async create(
    window: IssuanceWindow,
    creation: CreationMode,
    { expirySeconds, places }: Pick<Partial<IssuanceRequest>, 'expirySeconds' | 'places'>,
    crashAfter?: number,
  ): Promise<void> {
    this.machine.magicBell.creation = creation;
    await this.perform(window, () => window.issue({ expirySeconds, places }), crashAfter);
  }

  /** Hands a value to one of the places that it was asked to go to. */
  async give(window: IssuanceWindow, index: number, how: DeliveryOutcome, crashAfter?: number): Promise<void> {
    const pending = this.pending(window, index);
    const [place] = pending === undefined ? [] : openPlaces(pending.issuance);
    if (pending === undefined || place === undefined) return;
    const { id, request } = pending.issuance;
    const key = (each: Place): string => `${id} ${placeKey(each)}`;
    const haveAll = (those: ReadonlySet<string>): boolean =>
      (request.places ?? []).every((each) => those.has(key(each)));
    const deliver = (): Promise<DeliveryOutcome> =>
      window.service.deliver(
        id,
        (value) =>
          window.life.step('give', () => {
            if (this.confirmed.has(id)) this.problems.push('b: a delivered value was delivered again');
            if (this.reported.has(key(place))) this.problems.push('b: a place got a value that it had');
            if (how === 'confirmed') this.arrived.add(key(place));
            if (haveAll(this.arrived)) this.copied.set(id, window);
            return value.reveal() === '' ? 'failed' : how;
          }),
        place,
      );
    await this.perform(
      window,
      async () => {
        if ((await deliver()) === 'confirmed') this.reported.add(key(place));
        if (haveAll(this.reported)) this.confirmed.add(id);
      },
      crashAfter,
    );
  }

  /** Sends a creation whose answer comes by a later command. */
  async startCreation(window: IssuanceWindow): Promise<void> {
    const { magicBell } = this.machine;
    const answer = new Promise<CreationMode>((resolve) => this.answers.push(resolve));
    const creating = window.service.issue(
      { id: 'connection-1', baseUrl: 'https://api.magicbell.com/v2' },
      { kind: 'project', name: 'CI deploy', expirySeconds: undefined },
      [],
      async (key) => {
        const mode = await answer;
        return window.life.step('POST token', () => {
          magicBell.creation = mode;
          return magicBell.create(key, 'project', 'CI deploy', undefined);
        });
      },
    );
    creating.catch((error: unknown) => this.errors.push(error));
    await settled();
  }

  async answerCreation(mode: CreationMode): Promise<void> {
    this.answers.shift()?.(mode);
    await settled();
  }

  deliver(window: IssuanceWindow, id: string, copy: (value: Secret) => Promise<DeliveryOutcome>): Promise<void> {
    return window.service
      .deliver(id, async (value) => {
        if (this.confirmed.has(id)) this.problems.push('b: a delivered value was delivered again');
        const before = this.copied.get(id);
        if (before?.life.isAlive === true) this.problems.push('e: a value was delivered by two windows');
        const other = this.delivering.get(id);
        if (other?.life.isAlive === true) this.problems.push('e: a value is being delivered twice at once');
        this.delivering.set(id, window);
        const outcome = await copy(value);
        this.delivering.delete(id);
        if (outcome === 'confirmed') this.copied.set(id, window);
        return outcome;
      })
      .then((outcome) => {
        if (outcome === 'confirmed') this.confirmed.add(id);
      });
  }

  async copy(window: IssuanceWindow, index: number, mode: ClipboardMode, crashAfter?: number): Promise<void> {
    const pending = this.pending(window, index);
    if (pending === undefined) return;
    window.clipboard.mode = mode;
    window.clipboard.content = 'something';
    const { id } = pending.issuance;
    const copy = (value: Secret): Promise<DeliveryOutcome> =>
      copyToClipboard(window.clipboard, value, this.machine.clock);
    await this.perform(window, () => this.deliver(window, id, copy), crashAfter);
  }

  /** A delivery that lasts until a later command ends it, at most as long as a real one. */
  async startDelivery(window: IssuanceWindow, index: number): Promise<void> {
    const pending = this.pending(window, index);
    if (pending === undefined) return;
    const outcome = new Promise<DeliveryOutcome>((end) => {
      this.deliveries.push({ window, end });
      this.machine.clock.after(deliveryLimitMs, () => end('failed'));
    });
    this.deliver(window, pending.issuance.id, () => outcome).catch((error: unknown) => this.errors.push(error));
    await settled();
  }

  async endDelivery(outcome: DeliveryOutcome): Promise<void> {
    this.deliveries.shift()?.end(outcome);
    await settled();
  }

  async haveIt(window: IssuanceWindow, index: number): Promise<void> {
    const pending = this.pending(window, index);
    if (pending?.status !== 'undelivered') return;
    const { id } = pending.issuance;
    await this.perform(window, async () => {
      await window.service.confirmDelivered(id);
      this.confirmed.add(id);
      this.copied.set(id, window);
    });
  }

  async discard(window: IssuanceWindow, index: number, crashAfter?: number): Promise<void> {
    const pending = this.pending(window, index);
    if (pending === undefined) return;
    const { id } = pending.issuance;
    this.discarded.add(id);
    await this.perform(window, () => window.service.resolve(id, 'discarded'), crashAfter);
  }

  async revoke(window: IssuanceWindow, index: number, crashAfter?: number): Promise<void> {
    const pending = this.pending(window, index);
    if (pending === undefined) return;
    const { id, tokenId } = pending.issuance;
    await this.perform(
      window,
      async () => {
        if (tokenId !== undefined) {
          await window.api.jwt.discardProjectJwt(tokenId);
          await window.service.resolveRevoked(tokenId, pending.issuance.connectionId);
          return;
        }
        // The user knows which one it is.
        const made = this.machine.magicBell.issued.get(id)?.token.id;
        const candidate = (await window.service.search(id, window.api))?.find((token) => token.id === made);
        if (candidate === undefined) return;
        await window.api.jwt.discardProjectJwt(candidate.id);
        await window.service.resolve(id, 'revoked');
      },
      crashAfter,
    );
  }

  /** A window's connection is lost, its extension host runs on. What it was copying fails. */
  async lose(window: IssuanceWindow): Promise<void> {
    window.link = 'lost';
    this.lostAnyWindow = true;
    for (const delivery of this.deliveries) if (delivery.window === window) delivery.end('failed');
    await settled();
  }

  rememberSlots(): void {
    this.oldSlots = new Map([...this.oldSlots, ...this.machine.disk.slots]);
  }

  bringSlotsBack(): void {
    for (const [key, value] of this.oldSlots) this.machine.disk.slots.set(key, value);
  }

  /** What holds at every moment. */
  check(): void {
    const { folder, magicBell, logger } = this.machine;
    assert.deepEqual(this.problems, []);
    for (const posts of magicBell.posts.values()) assert.equal(posts, 1, 'a: a POST was repeated');
    const written = [folder.text, logger.text, ...this.errors.map((error) => inspect(error))].join('\n');
    assert.ok(!written.includes(valuePrefix), 'd: a value is written where none may be');
    for (const window of this.windows) {
      for (const { issuance, status } of window.service.pending) {
        const isOffered = status === 'undelivered' && this.confirmed.has(issuance.id);
        // Until its next scan, a window that was without its link may show what another one has delivered.
        if (isOffered) assert.ok(this.lostAnyWindow, 'b: a delivered value is offered');
      }
    }
    for (const key of magicBell.issued.keys()) this.checkEnd(key);
  }

  /** What the journal says of an end is what happened. */
  private checkEnd(id: string): void {
    const issuance = this.onDisk(id);
    const token = this.machine.magicBell.issued.get(id)?.token;
    if (issuance?.phase === 'delivered') assert.ok(this.copied.has(id), 'delivered, says the journal, and was not');
    if (issuance?.resolution === 'notCreated') assert.fail('not created, says the journal, and it was');
    if (issuance?.resolution === 'discarded') assert.ok(this.discarded.has(id));
    if (issuance?.resolution === 'revoked') assert.ok(token?.revokedAt !== undefined);
    if (issuance?.resolution === 'expired') assert.ok(token?.expiresAt !== undefined);
  }

  /** What holds after everything has come to rest, with a window open. */
  async checkAtRest(): Promise<void> {
    const { magicBell, clock } = this.machine;
    while (this.answers.length > 0) await this.answerCreation('lostCreated');
    while (this.deliveries.length > 0) await this.endDelivery('failed');
    for (const { secrets } of this.machine.livingWindows) secrets.mode = 'ok';
    if (this.windows.length === 0) await this.openAnyway();
    await clock.advance(4 * minuteMs);
    for (const window of this.windows) await this.perform(window, () => window.service.scan());
    this.check();
    const listed = this.windows.flatMap((window) => window.service.pending.map((pending) => ({ window, pending })));
    for (const [id, { token }] of magicBell.issued) {
      const issuance = this.onDisk(id);
      const isGone = token.revokedAt !== undefined || (token.expiresAt !== undefined && token.expiresAt <= clock.now());
      const isOver = issuance !== undefined && isFinal(issuance);
      const isListed = listed.some(({ pending }) => pending.issuance.id === id);
      if (!isGone && !isOver) assert.ok(isListed, `c: silence about ${issuance?.phase ?? 'a token without a journal'}`);
      if (isOver) assert.ok(!isListed, 'b: what is over is listed');
      if (this.confirmed.has(id)) assert.ok(isOver, 'b: the journal does not know of a delivery');
      const offers = listed.filter(({ pending }) => pending.issuance.id === id && pending.status === 'undelivered');
      assert.ok(offers.length <= 1, 'e: two windows offer the same value');
    }
    for (const { window, pending } of listed) {
      if (pending.status !== 'undelivered') continue;
      await this.copy(window, window.service.pending.indexOf(pending), 'ok');
      assert.ok(this.confirmed.has(pending.issuance.id), 'what is offered can be had');
    }
    for (const window of this.machine.windows) this.kill(window);
    await this.openAnyway();
    this.check();
    for (const [id, { value }] of magicBell.issued) {
      const issuance = this.onDisk(id);
      const isOver = issuance === undefined || isFinal(issuance);
      if (isOver)
        assert.ok(!this.machine.keptValues.includes(value), 'f: the value of an issuance that is over is kept');
    }
  }

  // A function, so that the compiler does not take for granted what another turn changes.
  private hasEnded(isOver: boolean): boolean {
    return isOver;
  }
}

type Model = Record<string, never>;
type Command = fc.AsyncCommand<Model, World>;

function command(name: string, run: (world: World) => Promise<unknown>): Command {
  return {
    check: () => true,
    run: async (_model, world) => {
      await run(world);
      world.rememberSlots();
      world.check();
    },
    toString: () => name,
  };
}

/** A command of one window that a user can see. Where there is none, one is opened first. */
const inWindow = (
  name: string,
  index: number,
  run: (world: World, window: IssuanceWindow) => Promise<unknown>,
): Command =>
  command(`window ${index}: ${name}`, async (world) => {
    if (world.windows.length === 0) await world.open();
    const window = world.window(index);
    if (window !== undefined) await run(world, window);
  });

const windowIndex = fc.nat(maxWindows - 1);
const row = fc.nat(3);
const crash = fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(25) });
const creation = fc.constantFrom<CreationMode>('ok', 'ok', 'ok', 'refused', 'lostCreated', 'lostNotCreated', 'noValue');
const clipboardMode = fc.constantFrom<ClipboardMode>(
  'ok',
  'ok',
  'throws',
  'hangs',
  'unchanged',
  'replaced',
  'unreadable',
  'hangsOnRead',
);
const secretsMode = fc.constantFrom<SecretStoreMode>(
  'ok',
  'ok',
  'throws',
  'hangs',
  'lies',
  'throwsOnRead',
  'throwsOnStore',
  'throwsOnDelete',
);
const outcome = fc.constantFrom<DeliveryOutcome>('confirmed', 'confirmed', 'replaced', 'unreadable', 'failed');
const crashText = (count: number | undefined): string => (count === undefined ? '' : `, crash after ${count} steps`);

const openWindow = fc.constant(command('open a window', (world) => world.open()));
const placeAt = (path: string): Place => ({
  ...{ type: 'dotenv', folder: '/work', path, shown: path },
  ...{ variable: 'TOKEN', agreed: [] },
});
const somePlaces = [placeAt('/work/.env'), placeAt('/work/api/.env'), placeAt('/work/web/.env')];
const create = fc
  .tuple(
    windowIndex,
    creation,
    fc.constantFrom(undefined, undefined, 150),
    fc.constantFrom(undefined, somePlaces.slice(0, 1), somePlaces),
    crash,
  )
  .map(([w, mode, expirySeconds, places, crashAfter]) =>
    inWindow(
      `create (${mode}, expires in ${expirySeconds}, for ${places?.length ?? 0} places)${crashText(crashAfter)}`,
      w,
      (world, window) => world.create(window, mode, { expirySeconds, places }, crashAfter),
    ),
  );
const give = fc
  .tuple(windowIndex, row, fc.constantFrom<DeliveryOutcome>('confirmed', 'confirmed', 'confirmed', 'failed'), crash)
  .map(([w, index, how, crashAfter]) =>
    inWindow(`give ${index} to a place (${how})${crashText(crashAfter)}`, w, (world, window) =>
      world.give(window, index, how, crashAfter),
    ),
  );
const timePasses = fc
  .constantFrom(secondMs, 30 * secondMs, 2 * minuteMs, 4 * minuteMs)
  .map((ms) => command(`${ms / secondMs} s go by`, (world) => world.machine.clock.advance(ms)));

/** What stands here twice happens twice as often. */
const commands: fc.Arbitrary<Command>[] = [
  openWindow,
  openWindow,
  create,
  create,
  create,
  give,
  give,
  timePasses,
  timePasses,
  windowIndex.map((w) =>
    inWindow('kill', w, async (world, window) => {
      world.kill(window);
      await settled();
    }),
  ),
  windowIndex.map((w) =>
    inWindow('close', w, async (world, window) => {
      await world.perform(window, () => window.service.abandonAll());
      world.kill(window);
    }),
  ),
  windowIndex.map((w) => inWindow('lose the link', w, (world, window) => world.lose(window))),
  fc.constant(
    command('all links are back', (world) => {
      for (const window of world.machine.livingWindows) window.link = 'there';
      return Promise.resolve();
    }),
  ),
  windowIndex.map((w) => inWindow('send a creation', w, (world, window) => world.startCreation(window))),
  creation.map((mode) => command(`answer a creation (${mode})`, (world) => world.answerCreation(mode))),
  fc
    .tuple(windowIndex, row, clipboardMode, crash)
    .map(([w, index, mode, crashAfter]) =>
      inWindow(`copy ${index} (${mode})${crashText(crashAfter)}`, w, (world, window) =>
        world.copy(window, index, mode, crashAfter),
      ),
    ),
  fc
    .tuple(windowIndex, row)
    .map(([w, index]) => inWindow(`begin to copy ${index}`, w, (world, window) => world.startDelivery(window, index))),
  outcome.map((how) => command(`a delivery ends (${how})`, (world) => world.endDelivery(how))),
  fc
    .tuple(windowIndex, row)
    .map(([w, index]) => inWindow(`have ${index}`, w, (world, window) => world.haveIt(window, index))),
  fc
    .tuple(windowIndex, row, crash)
    .map(([w, index, crashAfter]) =>
      inWindow(`discard ${index}${crashText(crashAfter)}`, w, (world, window) =>
        world.discard(window, index, crashAfter),
      ),
    ),
  fc
    .tuple(windowIndex, row, crash)
    .map(([w, index, crashAfter]) =>
      inWindow(`revoke ${index}${crashText(crashAfter)}`, w, (world, window) =>
        world.revoke(window, index, crashAfter),
      ),
    ),
  fc.nat(5).map((index) =>
    command(`token ${index} is revoked elsewhere`, (world) => {
      const issued = [...world.machine.magicBell.issued.values()][index];
      if (issued !== undefined) world.machine.magicBell.revoke(issued.token.id);
      return Promise.resolve();
    }),
  ),
  fc
    .tuple(windowIndex, crash)
    .map(([w, crashAfter]) =>
      inWindow(`scan${crashText(crashAfter)}`, w, (world, window) =>
        world.perform(window, () => window.service.scan(), crashAfter),
      ),
    ),
  fc.constantFrom(30 * secondMs, 5 * minuteMs, 10 * hourMs, -10 * minuteMs).map((ms) =>
    command(ms > 0 ? `sleep ${ms / secondMs} s` : 'the clock is set back', async (world) => {
      world.machine.sleep(ms);
      await settled();
    }),
  ),
  fc.tuple(windowIndex, secretsMode).map(([w, mode]) =>
    inWindow(`secret storage: ${mode}`, w, (_world, window) => {
      window.secrets.mode = mode;
      return Promise.resolve();
    }),
  ),
  fc.constant(
    command('secret storage loses all', (world) => {
      world.machine.disk.slots.clear();
      return Promise.resolve();
    }),
  ),
  fc.constant(
    command('old slots come back', (world) => {
      world.bringSlotsBack();
      return Promise.resolve();
    }),
  ),
];

describe('the whole issuance, by a model', function () {
  this.timeout(20_000 + runs * 50);

  it(`keeps its promises over ${runs} random histories`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.commands(commands, { maxCommands: 20, size: 'max' }),
        async (isWeb, history) => {
          const world = new World(isWeb);
          await world.open();
          await fc.asyncModelRun(() => ({ model: {}, real: world }), history);
          await world.checkAtRest();
        },
      ),
      { numRuns: runs },
    );
  });
});
