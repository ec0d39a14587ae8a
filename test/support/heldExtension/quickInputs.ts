import assert from 'node:assert/strict';
import type * as vscodeApi from 'vscode';
import {
  commands,
  type Disposable,
  type Event,
  type InputBox,
  type QuickInputButton,
  type QuickPick,
  type QuickPickItem,
  QuickPickItemKind,
} from 'vscode';
import { eventually } from '../eventually.ts';
import { replace } from './replace.ts';

type Window = typeof vscodeApi.window;
type Input = InputBox | QuickPick<QuickPickItem>;

/**
 * Answers the extension's real input boxes and lists from inside the host: finds the one that is open, changes it, and
 * accepts it by VS Code's own command.
 */
export class QuickInputs {
  private readonly open = new Set<Input>();
  /** What hears of typing: VS Code itself tells nothing of a box's text that the extension has set. */
  private readonly listeners = new WeakMap<InputBox, ((value: string) => unknown)[]>();
  /** What hears of a press on a button in the title. */
  private readonly buttonListeners = new WeakMap<Input, ((button: QuickInputButton) => unknown)[]>();
  private readonly restore: (() => void)[];

  constructor(window: Window) {
    const createInputBox = window.createInputBox.bind(window);
    const createQuickPick = window.createQuickPick.bind(window);
    const follow = <T extends Input>(input: T): T => {
      const show = input.show.bind(input);
      const dispose = input.dispose.bind(input);
      input.show = () => {
        this.open.add(input);
        show();
      };
      input.dispose = () => {
        this.open.delete(input);
        dispose();
      };
      input.onDidHide(() => this.open.delete(input));
      const { event, listeners } = heard(input.onDidTriggerButton);
      this.buttonListeners.set(input, listeners);
      return Object.assign(input, { onDidTriggerButton: event });
    };
    const createFollowedBox = (): InputBox => {
      const input = follow(createInputBox());
      const { event, listeners } = heard(input.onDidChangeValue);
      this.listeners.set(input, listeners);
      return Object.assign(input, { onDidChangeValue: event });
    };
    this.restore = [
      replace(window, 'createInputBox', createFollowedBox),
      replace(window, 'createQuickPick', () => follow(createQuickPick<QuickPickItem>())),
    ];
  }

  /** Puts a text into the input box of that title, and accepts it; the next step may have the same title. */
  async type(title: string, text: string): Promise<void> {
    const input = await this.enter(title, text);
    await eventually(() => assert.ok(!this.open.has(input), `“${title}” is not accepted`));
  }

  /** Puts a text into the input box of that title, and presses Enter, whatever comes of it. */
  async enter(title: string, text: string): Promise<InputBox> {
    const input = await this.find(title, (each): each is InputBox => !('items' in each));
    input.value = text;
    for (const listener of this.listeners.get(input) ?? []) listener(text);
    await pressEnter();
    return input;
  }

  /** Chooses the row of that label, and description, in the list of that title, as soon as it is there. */
  async pick(title: string, label: string, description = /^/): Promise<void> {
    const pick = await this.pickOf(title);
    const item = await eventually(() => {
      const found = pick.items.find((each) => each.label === label && description.test(each.description ?? ''));
      assert.ok(found, `no “${label}” in ${JSON.stringify(pick.items.map((each) => each.label))}`);
      return found;
    });
    pick.activeItems = [item];
    await pressEnter();
    await eventually(() => assert.ok(!this.open.has(pick), `“${title}” is not accepted`));
  }

  /** Accepts the row of the list of that title that is active. */
  async acceptAsItIs(title: string): Promise<void> {
    const pick = await this.pickOf(title);
    await pressEnter();
    await eventually(() => assert.ok(!this.open.has(pick), `“${title}” is not accepted`));
  }

  /** Types into the list of that title; its rows may follow later. */
  async search(title: string, text: string): Promise<void> {
    (await this.pickOf(title)).value = text;
  }

  /** What is typed in the list of that title. */
  async typed(title: string): Promise<string> {
    return (await this.pickOf(title)).value;
  }

  /** Presses a button in the title of what is open, by its tooltip; Back has none. */
  async press(title: string, tooltip?: string): Promise<void> {
    const input = await this.find(title, (each): each is Input => each.buttons.length > 0);
    const button = input.buttons.find((each) => each.tooltip === tooltip);
    assert.ok(button, `no button “${tooltip}”`);
    for (const listener of this.buttonListeners.get(input) ?? []) listener(button);
    await eventually(() => assert.ok(!this.open.has(input), `“${title}” stays open`));
  }

  /** The labels of the list of that title. */
  async labels(title: string): Promise<string[]> {
    return (await this.pickOf(title)).items.map(({ label }) => label);
  }

  /** What stands beside the labels of the list of that title. */
  async descriptions(title: string): Promise<string[]> {
    return (await this.pickOf(title)).items.map(({ description = '' }) => description);
  }

  /** Labels and second lines of the list of that title. */
  async details(title: string): Promise<Record<string, string>> {
    return Object.fromEntries((await this.pickOf(title)).items.map(({ label, detail = '' }) => [label, detail]));
  }

  /** Accepts the list of that title, in which rows can be checked, as it stands. */
  async acceptChecked(title: string): Promise<void> {
    assert.equal((await this.pickOf(title)).canSelectMany, true);
    await pressEnter();
  }

  /** Leaves what is open, as Escape does. */
  async leave(title: string): Promise<void> {
    const isOpen = (): boolean => [...this.open].some((each) => each.title === title);
    await eventually(() => assert.ok(isOpen(), `“${title}” is not open`));
    await commands.executeCommand('workbench.action.closeQuickOpen');
    await eventually(() => assert.ok(!isOpen(), `“${title}” stays open`));
  }

  /**
   * Answers whatever is open as a person in a hurry would: the row of that label where there is one, else what is
   * active or comes first; in a box the text for its title. False when nothing is open.
   */
  async answer(preferred: string, textFor: (title: string) => string): Promise<boolean> {
    const [input] = this.open;
    if (input === undefined) return false;
    if ('items' in input) {
      const choices = input.items.filter(({ kind }) => kind !== separator);
      const wanted = choices.find(({ label }) => label === preferred) ?? input.activeItems[0] ?? choices[0];
      if (wanted !== undefined) input.activeItems = [wanted];
    } else if (input.value === '') {
      input.value = textFor(input.title ?? '');
      for (const listener of this.listeners.get(input) ?? []) listener(input.value);
    }
    await pressEnter();
    return true;
  }

  /** Of all that is open. */
  get titles(): string[] {
    return [...this.open].map(({ title }) => title ?? '');
  }

  clear(): void {
    for (const input of this.open) input.hide();
    this.open.clear();
  }

  release(): void {
    for (const restore of this.restore) restore();
  }

  private pickOf(title: string): Promise<QuickPick<QuickPickItem>> {
    return this.find(title, (each): each is QuickPick<QuickPickItem> => 'items' in each);
  }

  private find<T extends Input>(title: string, isWanted: (each: Input) => each is T): Promise<T> {
    return eventually(() => {
      const found = [...this.open].filter(isWanted).find((each) => each.title === title);
      assert.ok(found, `“${title}” is not open, but ${JSON.stringify([...this.open].map((each) => each.title))}`);
      return found;
    });
  }
}

const { Separator: separator } = QuickPickItemKind;

/** VS Code sends changes of an input at the end of a turn, so that this has to come later than they do. */
async function pressEnter(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
}

/** An event that remembers its listeners, to call them as VS Code would. */
function heard<T>(original: Event<T>): { readonly event: Event<T>; readonly listeners: ((value: T) => unknown)[] } {
  const listeners: ((value: T) => unknown)[] = [];
  const event = (listener: (value: T) => unknown): Disposable => {
    listeners.push(listener);
    return original(listener);
  };
  return { event, listeners };
}
