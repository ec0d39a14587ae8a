import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import { mayBeSecret } from '../../core/checking/pastedSecret.ts';

/** How one step of a flow ended. Escape and a lost focus are both `cancelled`. */
export type StepResult<T> =
  { readonly type: 'done'; readonly value: T } | { readonly type: 'back' } | { readonly type: 'cancelled' };

/** The position of a step in a flow. */
export interface StepPosition {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack?: boolean;
}

export interface InputStep<T> extends StepPosition {
  readonly value?: string;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  /** A name is sent, stored and shown in clear: text that may be a secret is removed at once. */
  readonly isName?: boolean;
  /** Only where people switch to another window to copy something. */
  readonly ignoreFocusOut?: boolean;
  readonly onDidChangeValue?: (value: string) => void;
  /** The message below the box while typing: a problem, a hint, or nothing. */
  readonly check?: (value: string) => string | vscode.InputBoxValidationMessage | undefined;
  /** Accepts the value, or says what is wrong with it. The box then stays open with its text. */
  readonly accept: (value: string, signal: AbortSignal) => Accepted<T> | Promise<Accepted<T>>;
  /** Called with the open box, for example to add buttons; its result is disposed with the box. */
  readonly live?: (input: vscode.InputBox) => Disposable;
}

/** Runs steps forward and back. Resolves to the value of the last one; undefined when the user cancels. */
export async function runSteps(
  flow: readonly ((canGoBack: boolean) => Promise<StepResult<unknown>>)[],
): Promise<unknown> {
  let at = 0;
  for (;;) {
    const result = await flow[at]?.(at > 0);
    if (result === undefined || result.type === 'cancelled') return undefined;
    at += result.type === 'back' ? -1 : 1;
    if (at === flow.length && result.type === 'done') return result.value;
  }
}

type Accepted<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

function prepare(input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>, position: StepPosition): void {
  input.title = position.title;
  input.step = position.step;
  input.totalSteps = position.totalSteps;
  if (position.canGoBack === true) input.buttons = [vscode.QuickInputButtons.Back];
}

const secretAsName = 'This looks like a token or a key. It was removed: a name is shown in clear.';

/** Shows an input box until a value is accepted. */
export function showInputStep<T>(step: InputStep<T>): Promise<StepResult<T>> {
  return new Promise((resolve) => {
    const disposables = new DisposableStore();
    const aborter = new AbortController();
    const input = disposables.add(vscode.window.createInputBox());
    const end = (result: StepResult<T>): void => {
      resolve(result);
      aborter.abort();
      if (step.password === true) {
        // VS Code reuses the box for the next question, with its text.
        input.value = '';
        input.hide();
      }
      disposables.dispose();
    };
    prepare(input, step);
    input.value = step.value ?? '';
    input.prompt = step.prompt;
    input.placeholder = step.placeholder;
    input.password = step.password ?? false;
    input.ignoreFocusOut = step.ignoreFocusOut ?? false;
    let isRefused = false;
    const check = (): void => {
      input.validationMessage = isRefused ? secretAsName : step.check?.(input.value);
    };
    check();
    if (step.live !== undefined) disposables.add(step.live(input));
    disposables.add(
      input.onDidChangeValue((value) => {
        isRefused = step.isName === true && mayBeSecret(value);
        if (isRefused) input.value = '';
        check();
        step.onDidChangeValue?.(input.value);
      }),
    );
    disposables.add(
      input.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) end({ type: 'back' });
      }),
    );
    disposables.add(input.onDidHide(() => end({ type: 'cancelled' })));
    let isAccepting = false;
    const accept = async (): Promise<void> => {
      // An Enter right behind the paste must not accept the emptied box.
      if (isAccepting || isRefused) {
        isRefused = false;
        return;
      }
      isAccepting = true;
      input.busy = true;
      const value = input.value;
      const accepted = await step.accept(value, aborter.signal);
      isAccepting = false;
      input.busy = false;
      if (accepted.ok) end({ type: 'done', value: accepted.value });
      // If the text has changed meanwhile, its own check applies.
      else if (input.value === value) input.validationMessage = accepted.problem;
    };
    disposables.add(
      input.onDidAccept(() => {
        accept().catch((error: unknown) => {
          input.busy = false;
          isAccepting = false;
          input.validationMessage = `This did not work: ${(error as Error).name}`;
        });
      }),
    );
    input.show();
  });
}

export interface PickStep<T extends vscode.QuickPickItem> extends StepPosition {
  readonly items: readonly T[];
  readonly active?: T | undefined;
  readonly placeholder: string;
  /** The text that was typed before. */
  readonly value?: string;
  /** Rows for the typed text. They come first, and stay as long as the text does. */
  readonly typed?: (text: string) => readonly T[];
  /** Called with the open pick, to change it; its result is disposed with the pick. */
  readonly live?: (pick: vscode.QuickPick<T>) => Disposable;
  /** Buttons in the title. Pressing one chooses its item. */
  readonly titleButtons?: readonly { readonly button: vscode.QuickInputButton; readonly item: T }[];
}

/** Shows a list until one of its items is chosen. */
export function showPickStep<T extends vscode.QuickPickItem>(step: PickStep<T>): Promise<StepResult<T>> {
  return new Promise((resolve) => {
    const disposables = new DisposableStore();
    const pick = disposables.add(vscode.window.createQuickPick<T>());
    const end = (result: StepResult<T>): void => {
      resolve(result);
      disposables.dispose();
    };
    prepare(pick, step);
    pick.items = step.items;
    pick.placeholder = step.placeholder;
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    if (step.active !== undefined) pick.activeItems = [step.active];
    if (step.live !== undefined) disposables.add(step.live(pick));
    const { typed } = step;
    if (typed !== undefined) {
      const show = (text: string): void => {
        const rows = typed(text);
        pick.items = [...rows, ...step.items];
        if (rows.length > 0) pick.activeItems = rows.slice(0, 1);
      };
      disposables.add(pick.onDidChangeValue(show));
      if (step.value !== undefined && step.value !== '') {
        pick.value = step.value;
        show(step.value);
      }
    }
    const titleButtons = step.titleButtons ?? [];
    pick.buttons = [...pick.buttons, ...titleButtons.map(({ button }) => button)];
    disposables.add(
      pick.onDidTriggerButton((button) => {
        const chosen = titleButtons.find((each) => each.button === button);
        end(chosen === undefined ? { type: 'back' } : { type: 'done', value: chosen.item });
      }),
    );
    disposables.add(pick.onDidHide(() => end({ type: 'cancelled' })));
    disposables.add(
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (item !== undefined) end({ type: 'done', value: item });
      }),
    );
    pick.show();
  });
}

/** A row that can be ticked. */
export interface TickItem extends vscode.QuickPickItem {
  readonly isTicked: boolean;
}

export interface MultiPick<T extends TickItem> {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly T[];
}

/**
 * Shows a list whose rows can be ticked. Enter accepts the ticked rows, or the focused row when none is ticked.
 * Undefined when the user cancels.
 */
export function showMultiPick<T extends TickItem>(step: MultiPick<T>): Promise<readonly T[] | undefined> {
  return new Promise((resolve) => {
    const disposables = new DisposableStore();
    const pick = disposables.add(vscode.window.createQuickPick<T>());
    const end = (result: readonly T[] | undefined): void => {
      resolve(result);
      disposables.dispose();
    };
    pick.title = step.title;
    pick.placeholder = step.placeholder;
    pick.canSelectMany = true;
    pick.matchOnDescription = true;
    pick.items = step.items;
    pick.selectedItems = step.items.filter(({ isTicked }) => isTicked);
    // Rows that the typed text hides stay ticked. VS Code does not tell which ones those are.
    const sayHidden = (): void => {
      const count = pick.value === '' ? 0 : pick.selectedItems.length;
      pick.title = count === 0 ? step.title : `${step.title}: ${count} ticked, hidden rows included`;
    };
    disposables.add(pick.onDidChangeValue(sayHidden));
    disposables.add(pick.onDidChangeSelection(sayHidden));
    disposables.add(pick.onDidHide(() => end(undefined)));
    disposables.add(
      pick.onDidAccept(() => end(pick.selectedItems.length > 0 ? pick.selectedItems : pick.activeItems.slice(0, 1))),
    );
    pick.show();
  });
}
