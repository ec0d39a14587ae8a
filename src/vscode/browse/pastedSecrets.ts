import * as vscode from 'vscode';
import { Secret } from '../../core/base/secret.ts';
import { mayBeSecret } from '../../core/checking/pastedSecret.ts';
import { commandIds } from '../ui/ids.ts';

const notSearchedFor = 'This looks like a token. It is not searched for.';

/** The choice that leads to "Check Token…". */
export interface CheckChoice {
  readonly type: 'check';
  readonly secret: Secret;
}

/** The rows for a pasted secret: what it is, and what can be done with it. */
export function secretItems(secret: Secret): (vscode.QuickPickItem & { readonly choice?: CheckChoice })[] {
  return [
    { label: notSearchedFor, alwaysShow: true },
    {
      label: '$(verified) Check Token…',
      description: 'which one it is, and until when it lives',
      alwaysShow: true,
      choice: { type: 'check', secret },
    },
  ];
}

/**
 * Watches the text typed into a pick. Text that may be a secret is removed from the box at once, so that it is neither
 * shown, kept nor sent; `onText` does not receive it.
 */
export function watchTyping(
  pick: Pick<vscode.QuickPick<vscode.QuickPickItem>, 'value' | 'onDidChangeValue'>,
  { onText, onSecret }: { readonly onText: (text: string) => void; readonly onSecret: (secret: Secret) => void },
): vscode.Disposable {
  let clearing = false;
  return pick.onDidChangeValue((text) => {
    if (mayBeSecret(text)) {
      clearing = true;
      pick.value = '';
      onSecret(new Secret(text));
    } else if (clearing && text === '') {
      // This event comes from clearing the box: the rows stay.
      clearing = false;
    } else {
      clearing = false;
      onText(text);
    }
  });
}

/** Removes a secret from an input box, and says why. */
export function refuseSecret(input: vscode.InputBox, onSecret: (secret: Secret) => void): vscode.Disposable {
  return input.onDidChangeValue((text) => {
    if (!mayBeSecret(text)) return;
    input.value = '';
    onSecret(new Secret(text));
  });
}

/** Says that the pasted text is not searched for, and offers to check it instead. */
export async function offerCheck(secret: Secret): Promise<void> {
  const [check] = secretItems(secret).filter(({ choice }) => choice !== undefined);
  if (check === undefined) return;
  const picked = await vscode.window.showQuickPick([check], { placeHolder: notSearchedFor });
  if (picked !== undefined) await checkPasted(secret);
}

/** Checks a secret that was pasted into another box. The command runs in this process: nothing is written to disk. */
export async function checkPasted(secret: Secret): Promise<void> {
  await vscode.commands.executeCommand(commandIds.checkToken, secret);
}
