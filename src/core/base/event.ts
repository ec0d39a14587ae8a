import type { Disposable } from './disposable.ts';

/** Subscribe to something that happens; the shape of VS Code's `Event`, without VS Code. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/**
 * The side that fires. A listener that throws keeps neither the others from hearing nor whoever fires from going on:
 * its error is thrown by itself, for the host to report.
 */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    // A wrapper of its own, so that one function subscribed twice is two subscriptions.
    const entry = (value: T): void => listener(value);
    this.listeners.add(entry);
    return { dispose: () => this.listeners.delete(entry) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  dispose(): void {
    this.listeners.clear();
  }
}
