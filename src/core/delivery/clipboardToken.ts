import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import type { Secret } from '../base/secret.ts';
import type { WallClock } from '../base/wallClock.ts';
import { type Clipboard, ClipboardMark } from './clipboard.ts';

export interface ClipboardTokenDependencies {
  readonly clipboard: Clipboard;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  /** 0: it stays until somebody clears it. */
  readonly settings: { readonly clearClipboardAfterMinutes: number };
  /** Where it is said that a value is on the clipboard. */
  readonly indicator: { setOnClipboard(isOnClipboard: boolean): void };
}

/**
 * A token's value on the clipboard, until it is cleared. It knows the copied text by its hash only, and reads the
 * clipboard only when asked to clear it. Disposing it clears nothing: the clipboard may hold the only copy.
 */
export class ClipboardToken implements Disposable {
  private readonly deps: ClipboardTokenDependencies;
  private readonly timer = new DisposableStore();
  private mark: ClipboardMark | undefined;

  constructor(deps: ClipboardTokenDependencies) {
    this.deps = deps;
  }

  /** A token's value was copied. */
  show(text: Secret): void {
    const { clock, wallClock, settings, indicator } = this.deps;
    this.mark = new ClipboardMark(text);
    indicator.setOnClipboard(true);
    this.timer.clear();
    const minutes = settings.clearClipboardAfterMinutes;
    if (minutes === 0) return;
    const due = new Date(clock.now().getTime() + minutes * 60_000);
    this.timer.add(wallClock.at(due, () => void this.clear()));
  }

  /** Clears the clipboard if it still holds the value. False when it holds something else, which is left alone. */
  async clear(): Promise<boolean> {
    const { mark } = this;
    this.forget();
    return (await mark?.clear(this.deps.clipboard, this.deps.clock)) ?? false;
  }

  /** Says no longer that there is one, and leaves the clipboard alone. */
  forget(): void {
    this.mark = undefined;
    this.timer.clear();
    this.deps.indicator.setOnClipboard(false);
  }

  dispose(): void {
    this.timer.dispose();
  }
}
