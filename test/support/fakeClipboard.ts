import type { Clipboard } from '../../src/core/delivery/clipboard.ts';
import { Lifeline, never } from './lifeline.ts';

/**
 * How a clipboard behaves.
 *
 * - `ok`
 * - `throws`, `hangs`: on writing
 * - `throwsAtOnce`: on writing, before there is a promise
 * - `unchanged`: takes a write and does nothing (Wayland)
 * - `replaced`: something else is on it right after a write
 * - `unreadable`, `hangsOnRead`: takes a write, cannot be read
 */
export type ClipboardMode =
  'ok' | 'throws' | 'throwsAtOnce' | 'hangs' | 'unchanged' | 'replaced' | 'unreadable' | 'hangsOnRead';

/** The clipboard of the user's machine. */
export class FakeClipboard implements Clipboard {
  content = 'what was there before';
  mode: ClipboardMode = 'ok';
  readonly writes: string[] = [];
  private readonly life: Lifeline;

  constructor(life = new Lifeline()) {
    this.life = life;
  }

  readText(): Promise<string> {
    return this.life.step('clipboard read', () => {
      if (this.mode === 'unreadable') throw new Error('Read permission denied.');
      return this.mode === 'hangsOnRead' ? never : this.content;
    });
  }

  writeText(text: string): Promise<void> {
    if (this.mode === 'throwsAtOnce') throw new Error(`cannot write ${text}`);
    return this.life.step('clipboard write', () => {
      this.writes.push(text);
      if (this.mode === 'throws') throw new Error(`cannot write ${text}`);
      if (this.mode === 'hangs') return never;
      if (this.mode === 'unchanged') return undefined;
      this.content = this.mode === 'replaced' ? 'a colleague’s address' : text;
      return undefined;
    });
  }
}
