import { createHash } from 'node:crypto';
import { type Clock, withTimeout } from '../base/clock.ts';
import type { Secret } from '../base/secret.ts';

/** `vscode.env.clipboard`: the clipboard of the user's own machine, also when the extension runs elsewhere. */
export interface Clipboard {
  readText(): PromiseLike<string>;
  writeText(text: string): PromiseLike<void>;
}

/**
 * What became of a value that was put on the clipboard.
 *
 * - `confirmed`: read back and equal
 * - `replaced`: something else is there by now; it is not overwritten
 * - `unreadable`: written, but the clipboard cannot be read
 * - `failed`: not written, whether it says so or is silently unchanged
 */
export type DeliveryOutcome = 'confirmed' | 'replaced' | 'unreadable' | 'failed';

const clipboardTimeoutMs = 5_000;
const unreadable = Symbol('unreadable');

async function readClipboard(clipboard: Clipboard, clock: Clock): Promise<string | typeof unreadable> {
  try {
    return await withTimeout(clock, clipboardTimeoutMs, clipboard.readText(), () => unreadable);
  } catch {
    return unreadable;
  }
}

/** Copies the text (the value as the user wants it) and finds out whether it arrived. Never throws. */
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
  if (after === unreadable) return 'unreadable';
  if (after === text.reveal()) return 'confirmed';
  // Some clipboards accept a write and do nothing (Wayland): then the old content is still there.
  return after === before ? 'failed' : 'replaced';
}

/** Enough to recognise a copied text later without keeping it. */
export class ClipboardMark {
  private readonly hash: string;

  constructor(text: Secret) {
    this.hash = hashOf(text.reveal());
  }

  /** Whether the clipboard still holds the text; undefined when it cannot be read. */
  async isOn(clipboard: Clipboard, clock: Clock): Promise<boolean | undefined> {
    const content = await readClipboard(clipboard, clock);
    return content === unreadable ? undefined : hashOf(content) === this.hash;
  }

  /** Empties the clipboard if it still holds the text. False when it holds something else or cannot be read or written. */
  async clear(clipboard: Clipboard, clock: Clock): Promise<boolean> {
    if ((await this.isOn(clipboard, clock)) !== true) return false;
    try {
      return await withTimeout(
        clock,
        clipboardTimeoutMs,
        Promise.resolve(clipboard.writeText('')).then(() => true),
        () => false,
      );
    } catch {
      return false;
    }
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');
