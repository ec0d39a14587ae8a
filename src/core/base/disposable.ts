/** Whatever holds something that must be let go: a listener, a timer, a request. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables. What is added after the store was disposed is disposed at once, so that nothing leaks from late work. */
export class DisposableStore implements Disposable {
  private readonly owned = new Set<Disposable>();
  private isDisposed = false;

  add<T extends Disposable>(disposable: T): T {
    if (this.isDisposed) disposable.dispose();
    else this.owned.add(disposable);
    return disposable;
  }

  /** Disposes everything owned so far; the store stays usable. */
  clear(): void {
    const owned = [...this.owned].reverse();
    this.owned.clear();
    const failures: unknown[] = [];
    for (const disposable of owned) {
      try {
        disposable.dispose();
      } catch (error) {
        // The others are let go all the same.
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  dispose(): void {
    this.isDisposed = true;
    this.clear();
  }
}
