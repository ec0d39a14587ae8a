import assert from 'node:assert/strict';
import { userTokens } from './productWindow.ts';
import type { Workbench } from './vscode/workbench.ts';

interface SigningKeys {
  /** Undefined: the project's is known already. */
  readonly apiKey?: string;
  readonly secretKey: string;
}

/** Goes through "Sign for a User…" from a user's row up to its last step. */
export async function signForRow(window: Workbench, user: string, keys: SigningKeys): Promise<void> {
  await window.contextMenu(window.row(user, userTokens), 'Sign for a User…');
  await enterSigningKeys(window, user, keys);
}

/** Goes through the steps of the keys, for a user who is known, up to the last step. */
export async function enterSigningKeys(
  { quickInput }: Workbench,
  user: string,
  { apiKey, secretKey }: SigningKeys,
): Promise<void> {
  const title = `Sign Token for ${user}`;
  await quickInput.waitForTitle(`${title} (1/3)`);
  if (apiKey === undefined) assert.equal(await quickInput.placeholder(), 'Known: press Enter to use it');
  else await quickInput.paste(apiKey);
  await quickInput.accept();
  await quickInput.waitForTitle(`${title} (2/3)`);
  await quickInput.paste(secretKey);
  await quickInput.accept();
  await quickInput.waitForTitle(`${title} (3/3)`);
}
