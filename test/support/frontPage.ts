import assert from 'node:assert/strict';
import type { FrameLocator } from 'playwright-core';
import { eventually } from './eventually.ts';
import type { Workbench } from './vscode/workbench.ts';

/** The document of the webview in front. */
export const frontPage = ({ page }: Workbench): FrameLocator =>
  page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');

/**
 * Reloads the window once VS Code has noted a page that is open: it does so some time later, and restores no other.
 * @param title of its tab, which no other test has
 */
export async function reloadWithPage(window: Workbench, title: string): Promise<void> {
  await eventually(async () => {
    const state = JSON.stringify(await window.storageState());
    assert.ok(new RegExp(`mainThreadWebview[^}]*title\\W+${title}`).test(state), `the page “${title}” is not noted`);
  });
  await window.reload();
}
