import assert from 'node:assert/strict';
import type * as vscodeApi from 'vscode';
import type { MessageOptions } from 'vscode';
import { eventually } from '../eventually.ts';
import { replace } from './replace.ts';

type Window = typeof vscodeApi.window;

/** A notification or a dialogue that waits for its answer. */
interface Message {
  readonly text: string;
  readonly detail: string;
  readonly isModal: boolean;
  readonly buttons: readonly string[];
  readonly answer: (button: string | undefined) => void;
}

/**
 * The extension's notifications and dialogues, read and answered from inside the host. VS Code itself refuses dialogues
 * to a run of tests; that they look right is shown by the tests in a window.
 */
export class Messages {
  /** All since the last `clear`, in order. */
  readonly all: Message[] = [];
  private readonly restore: (() => void)[];

  constructor(window: Window) {
    const show = (text: string, ...rest: (MessageOptions | string)[]): Promise<string | undefined> => {
      const [first] = rest;
      const options = typeof first === 'object' ? first : {};
      const buttons = rest.filter((each) => typeof each === 'string');
      return new Promise((resolve) => {
        const { detail = '', modal = false } = options;
        this.all.push({ text, detail, isModal: modal, buttons, answer: resolve });
      });
    };
    this.restore = (['showInformationMessage', 'showWarningMessage', 'showErrorMessage'] as const).map((name) =>
      replace(window, name, show),
    );
  }

  /** Waits for a message. */
  shown(text: RegExp): Promise<Message> {
    return eventually(() => {
      const found = this.all.find((each) => text.test(each.text));
      assert.ok(found, `no message ${String(text)} among ${JSON.stringify(this.all.map((each) => each.text))}`);
      return found;
    });
  }

  /** Waits for a message, and presses one of its buttons. */
  async press(text: RegExp, button: string): Promise<Message> {
    const message = await this.shown(text);
    assert.ok(message.buttons.includes(button), `no button “${button}” but ${JSON.stringify(message.buttons)}`);
    message.answer(button);
    this.all.splice(this.all.indexOf(message), 1);
    return message;
  }

  /** Presses the first button of all dialogues that wait. False when none does. */
  agree(): boolean {
    const waiting = this.all.filter(({ isModal, buttons }) => isModal && buttons.length > 0);
    for (const message of waiting) {
      message.answer(message.buttons[0]);
      this.all.splice(this.all.indexOf(message), 1);
    }
    return waiting.length > 0;
  }

  /** Closes all that is open. */
  clear(): void {
    for (const message of this.all.splice(0)) message.answer(undefined);
  }

  release(): void {
    for (const restore of this.restore) restore();
  }
}
