import { createHash } from 'node:crypto';
import { type Clock, withTimeout } from '../base/clock.ts';
import type { Secret } from '../base/secret.ts';

/** `vscode.env.clipboard`: the clipboard of the user's own machine, also when the extension runs elsewhere. */
export interface Clipboard {
  readText(): PromiseLike<string>;
  writeText(text: string): PromiseLike<void>;
}

/**
 * The result of copying a value to the clipboard.
 *
 * - `confirmed`: read back and equal
 * - `replaced`: the clipboard holds other content by now, which is not overwritten
 * - `unreadable`: written, but the clipboard cannot be read
 * - `failed`: not written; the clipboard reported an error, or silently kept its old content
 */
export type DeliveryOutcome = 'confirmed' | 'replaced' | 'unreadable' | 'failed';

const clipboardTimeoutMs = 5_000;

/** The result of clearing a value from the clipboard. With other content it is left alone; `failed`: not written. */
export type ClearOutcome = 'cleared' | 'otherContent' | 'unreadable' | 'failed';

/** The clipboard's text; undefined when it cannot be read. */
export async function readClipboard(clipboard: Clipboard, clock: Clock): Promise<string | undefined> {
  try {
    return await withTimeout(clock, clipboardTimeoutMs, clipboard.readText(), () => undefined);
  } catch {
    return undefined;
  }
}

/** Copies the text (the formatted value) and reads it back. Never throws. */
export async function copyToClipboard(clipboard: Clipboard, text: Secret, clock: Clock): Promise<DeliveryOutcome> {
  const before = await readClipboard(clipboard, clock);
  const failed = Symbol('failed');
  try {
    const written = await withTimeout(clock, clipboardTimeoutMs, clipboard.writeText(text.reveal()), () => failed);
    if (written === failed) return 'failed';
  } catch {
    return 'failed';
  }
  const after = await readClipboard(clipboard, clock);
  if (after === undefined) return 'unreadable';
  if (after === text.reveal()) return 'confirmed';
  // Some clipboards (Wayland) accept a write and ignore it, so the old content is still there.
  return after === before ? 'failed' : 'replaced';
}

/** The hash of a copied text, by which it is recognised later. The text itself is not kept. */
export class ClipboardMark {
  private readonly hash: string;

  constructor(text: Secret) {
    this.hash = hashOf(text.reveal());
  }

  /** Whether the clipboard still holds the text; undefined when it cannot be read. */
  async isOn(clipboard: Clipboard, clock: Clock): Promise<boolean | undefined> {
    const content = await readClipboard(clipboard, clock);
    return content === undefined ? undefined : hashOf(content) === this.hash;
  }

  /** Empties the clipboard if it still holds the text. */
  async clear(clipboard: Clipboard, clock: Clock): Promise<ClearOutcome> {
    const isThere = await this.isOn(clipboard, clock);
    if (isThere !== true) return isThere === undefined ? 'unreadable' : 'otherContent';
    try {
      return await withTimeout(
        clock,
        clipboardTimeoutMs,
        Promise.resolve(clipboard.writeText('')).then((): ClearOutcome => 'cleared'),
        (): ClearOutcome => 'failed',
      );
    } catch {
      return 'failed';
    }
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');
