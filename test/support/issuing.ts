import assert from 'node:assert/strict';
import type { LocalApi } from '../server/localApi.ts';
import type { Workbench } from './vscode/workbench.ts';

/** Goes through "Create Project Token…" by keyboard, with the expiry that is preselected unless one is named. */
export async function createProjectToken(window: Workbench, name: string, expiry?: string): Promise<void> {
  const { quickInput } = window;
  await nameProjectToken(window, name);
  if (expiry === undefined) await quickInput.accept();
  else await quickInput.pick(expiry);
}

/** Goes through "Create Project Token…" up to its last step. */
export async function nameProjectToken(window: Workbench, name: string): Promise<void> {
  const { quickInput } = window;
  await window.palette('MagicBell: Create Project Token…');
  await quickInput.waitForTitle('Create Project Token (1/2)');
  await quickInput.type(name);
  await quickInput.accept();
  await quickInput.waitForTitle('Create Project Token (2/2)');
}

/** The name that is offered for the variable of a project token. */
export const dotenvVariable = 'MAGICBELL_PROJECT_TOKEN';

/** Goes through "Create Project Token…" up to its last step, and presses a button of its title. */
export async function chooseAtLastStep(window: Workbench, name: string, button: string): Promise<void> {
  await nameProjectToken(window, name);
  await window.quickInput.pressButton(button);
}

/** Picks the file, and accepts the variable's name that is offered. */
export async function acceptDotenvVariable({ quickInput }: Workbench, file = '.env'): Promise<void> {
  await quickInput.waitForTitle('Deliver to .env');
  await quickInput.pick(file);
  await quickInput.waitForMessage(/^The variable’s name in /);
  assert.equal(await quickInput.value(), dotenvVariable);
  await quickInput.accept();
}

/** Waits for the last step again, with the destination in it. */
export async function waitForDotenvDestination({ quickInput }: Workbench): Promise<void> {
  await quickInput.waitForTitle('Create Project Token (2/2)');
  const expected = `When should it expire? The value goes to .env as ${dotenvVariable}.`;
  assert.equal(await quickInput.placeholder(), expected);
}

/** Goes through "Create Project Token…" into `.env` of the open folder, which git ignores, and which is there. */
export async function createProjectTokenToDotenv(window: Workbench, name: string): Promise<void> {
  await chooseAtLastStep(window, name, 'Deliver to .env…');
  await acceptDotenvVariable(window);
  await waitForDotenvDestination(window);
  await window.quickInput.accept();
}

/** Makes a token as another client of MagicBell would; gives its value. */
export async function issueElsewhere(api: LocalApi, kind: 'project' | 'user', body: object): Promise<string> {
  const response = await fetch(`${api.url}/jwt/${kind}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return ((await response.json()) as { token: string }).token;
}

/** How the clipboard of a page misbehaves. VS Code falls back to `execCommand` when it refuses a text. */
export type ClipboardFault = 'hangs' | 'rejects' | 'does nothing' | 'is overwritten' | 'cannot be read';

const faults: Record<ClipboardFault, string> = {
  hangs: `clipboard.writeText = () => new Promise(() => {});`,
  rejects: `clipboard.writeText = () => Promise.reject(new DOMException('not allowed', 'NotAllowedError'));
    document.execCommand = () => false;`,
  'does nothing': `clipboard.writeText = () => Promise.resolve();`,
  'is overwritten': `clipboard.writeText = () => Clipboard.prototype.writeText.call(clipboard, 'something else');`,
  'cannot be read': `clipboard.readText = () => new Promise(() => {});`,
};

export async function breakClipboard(window: Workbench, fault: ClipboardFault): Promise<void> {
  await window.page.evaluate(`(() => { const { clipboard } = navigator; ${faults[fault]} })()`);
}

export async function mendClipboard(window: Workbench): Promise<void> {
  await window.page.evaluate(
    `(() => { delete navigator.clipboard.writeText; delete navigator.clipboard.readText; delete document.execCommand; })()`,
  );
}
