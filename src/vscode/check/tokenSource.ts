import * as vscode from 'vscode';
import { Secret } from '../../core/base/secret.ts';
import { decodeToken } from '../../core/checking/decodeToken.ts';
import { unwrapSecret } from '../../core/checking/pastedSecret.ts';
import { showInputStep, showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';

export const title = 'Check Token';

interface SourceItem extends vscode.QuickPickItem {
  readonly secret?: Secret;
}

/** Asks for the token to check: the selection, the clipboard or pasted text. Undefined if cancelled. */
export async function askForToken({ clipboard }: Services): Promise<Secret | undefined> {
  const editor = vscode.window.activeTextEditor;
  const selected = tokenIn(editor?.document.getText(editor.selection));
  const copied = tokenIn(await Promise.resolve(clipboard.readText()).catch(() => undefined));
  if (selected === undefined && copied === undefined) return paste();
  const items: SourceItem[] = [
    ...(selected === undefined ? [] : [{ label: '$(selection) Selected in the Editor', secret: selected }]),
    ...(copied === undefined ? [] : [{ label: '$(clippy) On the Clipboard', secret: copied }]),
    { label: '$(edit) Paste…', description: 'into a masked box' },
  ];
  const picked = await showPickStep<SourceItem>({
    title,
    items,
    placeholder: 'Which token? It is decoded here and sent nowhere.',
  });
  if (picked.type !== 'done') return undefined;
  return picked.value.secret ?? paste();
}

/** A token in a text, without quotes, `Bearer` and the like around it. */
function tokenIn(text: string | undefined): Secret | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const unwrapped = unwrapSecret(text, 'token');
  return decodeToken(unwrapped).ok ? new Secret(unwrapped) : undefined;
}

async function paste(): Promise<Secret | undefined> {
  const pasted = await showInputStep<Secret>({
    title,
    prompt: 'Paste a token. It is decoded here, and sent nowhere unless you ask for it.',
    placeholder: 'eyJ…',
    password: true,
    // The user may go to another window to copy the token.
    ignoreFocusOut: true,
    accept: (text) => {
      const unwrapped = unwrapSecret(text, 'token');
      return unwrapped === ''
        ? { ok: false, problem: 'Paste a token (it starts with eyJ).' }
        : { ok: true, value: new Secret(text) };
    },
  });
  return pasted.type === 'done' ? pasted.value : undefined;
}
