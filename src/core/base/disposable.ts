/** Owns a resource to release: a listener, a timer, a request. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables. Adding to a disposed store disposes at once, so that work that ends late leaks nothing. */
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
        // Dispose the others before throwing.
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
