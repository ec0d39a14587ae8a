import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Secret } from '../base/secret.ts';
import type { TokenId } from '../model/token.ts';
import type { WallClock } from '../base/wallClock.ts';
import { type ClearOutcome, type Clipboard, ClipboardMark, readClipboard } from './clipboard.ts';

export interface ClipboardTokenDependencies {
  readonly clipboard: Clipboard;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  /** 0: the clipboard is not cleared automatically. */
  readonly settings: { readonly clearClipboardAfterMinutes: number };
  /** Shows whether a value is on the clipboard. */
  readonly indicator: { setOnClipboard(isOnClipboard: boolean): void };
  /** Recognises a value from here that another window has copied, or this one before a reload. Never rejects. */
  readonly recognise: (text: string) => Promise<RecognisedValue | undefined>;
}

/** The token whose value is on the clipboard. */
export interface CopiedToken {
  /** The display name. */
  readonly name: string;
  readonly connectionId: string;
  readonly tokenId: TokenId | undefined;
}

export interface RecognisedValue {
  readonly token: CopiedToken;
  /** Whether the value is kept until it is delivered, and so can be copied again. */
  readonly isKept: boolean;
}

/**
 * A token's value on the clipboard, until it is cleared or replaced by other content. Keeps only a hash of the copied
 * text, and reads the clipboard only in `clear`, `check` and `onlyCopy`. `dispose` does not clear the clipboard, which
 * may hold the only copy.
 */
export class ClipboardToken implements Disposable {
  private readonly deps: ClipboardTokenDependencies;
  private readonly timer = new DisposableStore();
  private copied: { readonly mark: ClipboardMark; readonly token: CopiedToken } | undefined;

  constructor(deps: ClipboardTokenDependencies) {
    this.deps = deps;
  }

  /** Call after a token's value was copied. */
  show(text: Secret, token: CopiedToken): void {
    const { clock, wallClock, settings, indicator } = this.deps;
    this.copied = { mark: new ClipboardMark(text), token };
    indicator.setOnClipboard(true);
    this.timer.clear();
    const minutes = settings.clearClipboardAfterMinutes;
    if (minutes === 0) return;
    const due = new Date(clock.now().getTime() + minutes * 60_000);
    this.timer.add(wallClock.at(due, () => void this.clearCopied()));
  }

  /** Clears the clipboard if it holds a value from here, whichever window has copied it. */
  async clear(): Promise<ClearOutcome> {
    const outcome = await this.clearCopied();
    if (outcome !== 'otherContent') return outcome;
    const { clipboard, clock, recognise } = this.deps;
    const content = await readClipboard(clipboard, clock);
    if (content === undefined) return 'unreadable';
    if ((await recognise(content)) === undefined) return 'otherContent';
    return new ClipboardMark(new Secret(content)).clear(clipboard, clock);
  }

  /**
   * The token whose value is still on the clipboard, or may be when the clipboard cannot be read. Turns the indicator
   * off when the clipboard holds other content.
   */
  async check(): Promise<CopiedToken | undefined> {
    const { copied } = this;
    if (copied === undefined) return undefined;
    const isThere = await copied.mark.isOn(this.deps.clipboard, this.deps.clock);
    // Another value may have been copied during the read.
    if (isThere === false && this.copied === copied) this.forget();
    return this.copied?.token;
  }

  /**
   * As `check`, and also the token of a value that another window has copied, or this one before a reload. Not of one
   * that can be copied again.
   */
  async onlyCopy(): Promise<CopiedToken | undefined> {
    const token = await this.check();
    if (token !== undefined) return token;
    const content = await readClipboard(this.deps.clipboard, this.deps.clock);
    const found = content === undefined ? undefined : await this.deps.recognise(content);
    return found?.isKept === true ? undefined : found?.token;
  }

  /** Call when the token was revoked: its value is useless now. */
  forgetToken(tokenId: TokenId): void {
    if (this.copied?.token.tokenId === tokenId) this.forget();
  }

  forgetConnection(connectionId: string): void {
    if (this.copied?.token.connectionId === connectionId) this.forget();
  }

  /** Clears what this window has copied. Forgets it only when it is known to be gone. */
  private async clearCopied(): Promise<ClearOutcome> {
    const { copied } = this;
    if (copied === undefined) return 'otherContent';
    const outcome = await copied.mark.clear(this.deps.clipboard, this.deps.clock);
    const isGone = outcome === 'cleared' || outcome === 'otherContent';
    // Another value may have been copied meanwhile.
    if (isGone && this.copied === copied) this.forget();
    return outcome;
  }

  /** Turns the indicator off and leaves the clipboard unchanged. */
  private forget(): void {
    this.copied = undefined;
    this.timer.clear();
    this.deps.indicator.setOnClipboard(false);
  }

  dispose(): void {
    this.timer.dispose();
  }
}
