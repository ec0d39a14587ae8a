import type { Disposable } from './disposable.ts';

/** A function that subscribes a listener. Has the shape of VS Code's `Event`, without VS Code. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/**
 * Fires an event. An error of a listener reaches neither the other listeners nor the caller of `fire`: it is thrown in a
 * microtask, for the host to report.
 */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    // A wrapper per subscription, so that the same function can be subscribed twice.
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
