import type { Clock } from '../../src/core/base/clock.ts';
import type { Disposable } from '../../src/core/base/disposable.ts';
import type { SharedFolder } from '../../src/core/base/sharedFolder.ts';
import { Lifeline } from './lifeline.ts';

type Operation = Exclude<keyof SharedFolder, 'watch'>;

/** An error as the file system throws it. */
export function fileError(code: string): Error {
  return Object.assign(new Error(`${code}: failed, '/home/hana/journal'`), { code });
}

/** The journal's folder in memory, shared by any number of windows. */
export class MemoryFolder {
  readonly files = new Map<string, { text: string; modifiedAt: number }>();
  /** Operations that fail from now on, in every window: with which code, and for which names (default: all). */
  readonly failures = new Map<Operation, { readonly code: string; readonly name?: RegExp }>();
  private readonly listeners = new Set<() => void>();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** All that is written there, names included. */
  get text(): string {
    return [...this.files].map(([name, { text }]) => `${name}\n${text}`).join('\n');
  }

  /** The folder as one window sees it. */
  openedBy(life = new Lifeline()): SharedFolder {
    const step = <T>(operation: Operation, name: string, work: () => T | PromiseLike<T>): Promise<T> =>
      life.step(`${operation} ${name}`, () => {
        const failure = this.failures.get(operation);
        if (failure !== undefined && (failure.name?.test(name) ?? true)) throw fileError(failure.code);
        return work();
      });
    return {
      list: () => step('list', '', () => [...this.files.keys()]),
      read: (name) => step('read', name, () => this.files.get(name)?.text),
      replace: (name, text) => step('replace', name, () => this.write(name, text)),
      createExclusively: (name, text) =>
        step('createExclusively', name, async () => {
          if (this.files.has(name)) return false;
          // On disk the file is there before its content is.
          this.write(name, '');
          await life.step(`fill ${name}`, () => this.write(name, text));
          return true;
        }),
      touch: (name, at) =>
        step('touch', name, () => {
          const file = this.files.get(name);
          if (file === undefined) return false;
          file.modifiedAt = at.getTime();
          this.tell();
          return true;
        }),
      modifiedAt: (name) => step('modifiedAt', name, () => this.files.get(name)?.modifiedAt),
      remove: (name) =>
        step('remove', name, () => {
          if (this.files.delete(name)) this.tell();
        }),
      watch: (listener): Disposable => {
        this.listeners.add(listener);
        return { dispose: () => this.listeners.delete(listener) };
      },
    };
  }

  write(name: string, text: string): void {
    this.files.set(name, { text, modifiedAt: this.clock.now().getTime() });
    this.tell();
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
