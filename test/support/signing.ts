import assert from 'node:assert/strict';
import { userTokens } from './productWindow.ts';
import type { Workbench } from './vscode/workbench.ts';

/**
 * Goes through "Sign for a User…" from a user's row up to its last step.
 *
 * @param apiKey undefined: the project's is known already
 */
export async function enterSigningKeys(
  window: Workbench,
  user: string,
  { apiKey, secretKey }: { readonly apiKey?: string; readonly secretKey: string },
): Promise<void> {
  const { quickInput } = window;
  const title = `Sign Token for ${user}`;
  await window.contextMenu(window.row(user, userTokens), 'Sign for a User…');
  await quickInput.waitForTitle(`${title} (1/3)`);
  if (apiKey === undefined) assert.equal(await quickInput.placeholder(), 'Known: press Enter to use it');
  else await quickInput.paste(apiKey);
  await quickInput.accept();
  await quickInput.waitForTitle(`${title} (2/3)`);
  await quickInput.paste(secretKey);
  await quickInput.accept();
  await quickInput.waitForTitle(`${title} (3/3)`);
}
