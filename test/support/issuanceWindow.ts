import { CheckedSecretStore } from '../../src/core/base/secretStore.ts';
import { Leases } from '../../src/core/base/lease.ts';
import type { IssuanceRequest } from '../../src/core/issuance/issuance.ts';
import type { IssueResult } from '../../src/core/issuance/creations.ts';
import { IssuanceService } from '../../src/core/issuance/issuanceService.ts';
import { type DeliveryOutcome, copyToClipboard } from '../../src/core/delivery/clipboard.ts';
import { Journal } from '../../src/core/issuance/journal.ts';
import { ValueVault } from '../../src/core/issuance/valueVault.ts';
import type { MagicBellApi } from '../../src/core/magicbell/magicBellApi.ts';
import { Redactor } from '../../src/core/base/redaction.ts';
import type { Clock } from '../../src/core/base/clock.ts';
import { FakeClipboard } from './fakeClipboard.ts';
import { FakeClock } from './fakeClock.ts';
import { FakeMagicBell } from './fakeMagicBell.ts';
import { type FakeSecretStore, SecretDisk } from './fakeSecretStore.ts';
import { Lifeline, never, settled } from './lifeline.ts';
import { MemoryFolder } from './memoryJournalFiles.ts';
import { RecordingLogger } from './recordingLogger.ts';

/** What all windows of a machine share. */
export class Machine {
  readonly clock = new FakeClock(undefined, settled);
  readonly folder = new MemoryFolder(this.clock);
  readonly disk = new SecretDisk();
  readonly magicBell = new FakeMagicBell(this.clock);
  readonly logger = new RecordingLogger();
  readonly windows: IssuanceWindow[] = [];
  /** Whether SecretStorage is a map of each window, as in the web workbench. */
  readonly isWeb: boolean;

  constructor(isWeb = false) {
    this.isWeb = isWeb;
  }

  /** A new window. Its process is gone when its life is. */
  open(): IssuanceWindow {
    const window = new IssuanceWindow(this, this.windows.length + 1);
    this.windows.push(window);
    return window;
  }

  get livingWindows(): IssuanceWindow[] {
    return this.windows.filter(({ life }) => life.isAlive);
  }

  /** The machine sleeps: time goes by, and nothing else. */
  sleep(ms: number): void {
    this.clock.set(new Date(this.clock.now().getTime() + ms));
  }

  /** Slots of SecretStorage that hold a token's value. */
  get keptValues(): string[] {
    return [...this.disk.slots.values()].filter((value) => value.startsWith('VALUE-'));
  }
}

/** One window with all of the issuance's real parts on fakes. */
export class IssuanceWindow {
  readonly life = new Lifeline();
  readonly redactor = new Redactor();
  readonly secrets: FakeSecretStore;
  readonly clipboard = new FakeClipboard(this.life);
  readonly api: MagicBellApi;
  readonly leases: Leases;
  readonly journal: Journal;
  readonly service: IssuanceService;
  /** `lost`: the extension host runs on, and its window is gone. */
  link: 'there' | 'lost' | 'broken' = 'there';
  readonly pid: number;
  private readonly machine: Machine;

  constructor(machine: Machine, pid: number) {
    const { clock, folder, disk, logger } = machine;
    this.pid = pid;
    this.machine = machine;
    this.secrets = machine.isWeb ? disk.perWindow(this.life) : disk.shared(this.life);
    this.api = machine.magicBell.usedBy(this.life);
    const files = folder.openedBy(this.life);
    // The timers of a process that is gone do not fire.
    const ownClock: Clock = {
      now: () => clock.now(),
      after: (delayMs, callback) =>
        clock.after(delayMs, () => {
          if (this.life.isAlive) callback();
        }),
    };
    const isProcessAlive = (other: number): boolean => machine.windows.some((w) => w.pid === other && w.life.isAlive);
    this.leases = new Leases(files, { windowId: `window-${pid}`, pid, hostname: 'here' }, ownClock, isProcessAlive);
    this.journal = new Journal(files, logger);
    this.service = new IssuanceService({
      journal: this.journal,
      leases: this.leases,
      vault: new ValueVault(new CheckedSecretStore(this.secrets, ownClock)),
      clock: ownClock,
      logger,
      redactor: this.redactor,
      pingWindow: () => {
        if (this.link === 'broken') return Promise.reject(new Error('no window'));
        return this.link === 'lost' ? never : Promise.resolve();
      },
      startedAt: clock.now(),
    });
  }

  /** Scans soon after each change of the journal's folder, as the extension does. */
  followFolder(): void {
    const { folder, clock } = this.machine;
    let isDue = false;
    folder.openedBy(this.life).watch(() => {
      if (isDue || !this.life.isAlive) return;
      isDue = true;
      clock.after(500, () => {
        isDue = false;
        if (this.life.isAlive) this.service.scan().catch(() => undefined);
      });
    });
  }

  /** Issues a token through the window's client. */
  issue(request: Partial<IssuanceRequest> = {}, prepare?: (id: string) => Promise<void>): Promise<IssueResult> {
    const whole: IssuanceRequest = { kind: 'project', name: 'CI deploy', expirySeconds: undefined, ...request };
    return this.service.issue(
      { id: 'connection-1', baseUrl: 'https://api.magicbell.com/v2' },
      whole,
      [],
      (idempotencyKey) =>
        whole.kind === 'project'
          ? this.api.jwt.createProjectJwt(
              { name: whole.name ?? '', expirySeconds: whole.expirySeconds },
              { idempotencyKey },
            )
          : this.api.jwt.createUserJwt(
              {
                email: whole.recipient?.email,
                externalId: whole.recipient?.externalId,
                name: whole.name,
                expirySeconds: whole.expirySeconds,
              },
              { idempotencyKey },
            ),
      prepare,
    );
  }

  /** Copies a value to the window's clipboard. */
  copy(id: string, clock: Clock): Promise<DeliveryOutcome> {
    return this.service.deliver(id, (value) => copyToClipboard(this.clipboard, value, clock));
  }

  /** Id and status of what is pending here. */
  get statuses(): Record<string, string> {
    return Object.fromEntries(this.service.pending.map(({ issuance, status }) => [issuance.id, status]));
  }
}
