import assert from 'node:assert/strict';
import type { FrameLocator } from 'playwright-core';
import { eventually } from './eventually.ts';
import type { Workbench } from './vscode/workbench.ts';

/** The document of the webview in front. */
export const frontPage = ({ page }: Workbench): FrameLocator =>
  page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');

/**
 * Reloads the window once VS Code has noted a page that is open, with the state that the page has given it: it does so
 * some seconds later, and restores no other.
 * @param title of its tab, which no other test has
 */
export async function reloadWithPage(window: Workbench, title: string): Promise<void> {
  const noted = new RegExp(String.raw`mainThreadWebview[^}]*title\W+${title}\W(?:(?!providedId).)*?\Wstate\W`);
  await eventually(async () => {
    const state = JSON.stringify(await window.storageState());
    assert.ok(noted.test(state), `the page “${title}” is not noted`);
  });
  await window.reload();
}
