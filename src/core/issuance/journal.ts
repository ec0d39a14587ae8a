import { Emitter } from '../base/event.ts';
import type { Logger } from '../base/logger.ts';
import { type Issuance, isFinal, parseIssuance, serializeIssuance } from './issuance.ts';
import { codeOf } from './issuanceError.ts';
import type { SharedFolder } from '../base/sharedFolder.ts';

const suffix = '.json';

/**
 * Every issuance with its phase, one file each. The journal decides what may be offered: SecretStorage may be stale or
 * gone, and VS Code writes its global state seconds late.
 */
export class Journal {
  private readonly files: SharedFolder;
  private readonly logger: Logger;
  private queue: Promise<unknown> = Promise.resolve();
  private readonly advanceEmitter = new Emitter<Issuance>();

  /** This window has written a new phase of an issuance, or that its outcome is unknown. */
  readonly onDidAdvance = this.advanceEmitter.event;

  constructor(files: SharedFolder, logger: Logger) {
    this.files = files;
    this.logger = logger;
  }

  async readAll(): Promise<readonly Issuance[]> {
    const names = (await this.files.list()).filter((name) => name.endsWith(suffix));
    const issuances = await Promise.all(names.map((name) => this.readOrSkip(name.slice(0, -suffix.length))));
    return issuances.filter((issuance) => issuance !== undefined);
  }

  /** A file that cannot be read does not hide the others. */
  private async readOrSkip(id: string): Promise<Issuance | undefined> {
    try {
      return await this.read(id);
    } catch (error) {
      this.logger.warn(`journal: ${id} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'failed'})`);
      return undefined;
    }
  }

  async read(id: string): Promise<Issuance | undefined> {
    const text = await this.files.read(id + suffix);
    if (text === undefined) return undefined;
    const issuance = parseIssuance(text);
    if (issuance === undefined) this.logger.warn(`journal: ${id} cannot be read and is left alone`);
    return issuance;
  }

  /** @throws when it cannot be written: then nothing may be sent. */
  async create(issuance: Issuance): Promise<void> {
    await this.files.replace(issuance.id + suffix, serializeIssuance(issuance));
    this.logger.debug(`journal: ${issuance.id} ${issuance.phase}`);
  }

  /**
   * Records progress and returns what the journal holds now. Final phases stay: a window that slept through another's
   * delivery cannot undo it. Undefined when the issuance is no longer in the journal.
   */
  advance(id: string, progress: Partial<Issuance>): Promise<Issuance | undefined> {
    return this.inTurn(async () => {
      const current = await this.read(id);
      if (current === undefined || isFinal(current)) return current;
      const next = { ...current, ...progress };
      await this.create(next);
      if (next.phase !== current.phase || next.outcomeUnknownSince !== current.outcomeUnknownSince)
        this.advanceEmitter.fire(next);
      return next;
    });
  }

  /** Records progress without failing: the value is safe elsewhere by then, or soon will be. */
  async record(issuance: Issuance, progress: Partial<Issuance>): Promise<Issuance> {
    try {
      return (await this.advance(issuance.id, progress)) ?? { ...issuance, ...progress };
    } catch (error) {
      this.logger.error(`issuance: the journal of ${issuance.id} cannot be written (${codeOf(error)})`);
      return { ...issuance, ...progress };
    }
  }

  remove(id: string): Promise<void> {
    return this.inTurn(() => this.files.remove(id + suffix));
  }

  /** Serialises this window's read-change-write steps. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }
}
