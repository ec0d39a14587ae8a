import type { Clock } from '../core/clock.ts';
import { type Disposable, DisposableStore } from '../core/disposable.ts';
import { type Clipboard, ClipboardMark } from '../core/issuance/delivery.ts';
import type { Secret } from '../core/secret.ts';
import type { WallClock } from '../core/wallClock.ts';
import { ContextKey } from './contextKey.ts';
import { contextKeys } from './ids.ts';
import type { Settings } from './settings.ts';
import type { StatusItem } from './statusItem.ts';

/**
 * The status item "Token on clipboard · Clear". It knows the copied text by its hash only, and reads the clipboard
 * only when asked to clear it.
 */
export class ClipboardToken implements Disposable {
  private readonly clipboard: Clipboard;
  private readonly clock: Clock;
  private readonly wallClock: WallClock;
  private readonly settings: Settings;
  private readonly disposables = new DisposableStore();
  private readonly timer = this.disposables.add(new DisposableStore());
  private readonly item: StatusItem;
  private readonly contextKey = new ContextKey<boolean>(contextKeys.tokenOnClipboard);
  private mark: ClipboardMark | undefined;

  constructor(clipboard: Clipboard, clock: Clock, wallClock: WallClock, settings: Settings, item: StatusItem) {
    this.clipboard = clipboard;
    this.clock = clock;
    this.wallClock = wallClock;
    this.settings = settings;
    this.item = item;
  }

  /** A token's value was copied. */
  show(text: Secret): void {
    this.mark = new ClipboardMark(text);
    this.item.setOnClipboard(true);
    this.contextKey.set(true);
    this.timer.clear();
    const minutes = this.settings.clearClipboardAfterMinutes;
    if (minutes === 0) return;
    const due = new Date(this.clock.now().getTime() + minutes * 60_000);
    this.timer.add(this.wallClock.at(due, () => void this.clear()));
  }

  /** Clears the clipboard if it still holds the value. False when it holds something else, which is left alone. */
  async clear(): Promise<boolean> {
    const { mark } = this;
    this.forget();
    return (await mark?.clear(this.clipboard, this.clock)) ?? false;
  }

  /** Takes the item away and leaves the clipboard alone. */
  forget(): void {
    this.mark = undefined;
    this.timer.clear();
    this.item.setOnClipboard(false);
    this.contextKey.set(false);
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
