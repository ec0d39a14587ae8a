import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/vscode/browser.ts';
import { buildWebview, openWebview, type WebviewPage } from '../support/webviewPage.ts';

/** How a page is opened. */
export type Opening = Parameters<typeof openWebview>[2];

/** Opens pages for the tests of the suite in which it is called; a page with an error fails its test. */
export function useWebview(): (options?: Opening) => Promise<WebviewPage> {
  let browser: Browser;
  let folder: string;
  const open: WebviewPage[] = [];
  before(async () => {
    [browser, folder] = await Promise.all([launchBrowser(), buildWebview()]);
  });
  after(() => browser.close());
  afterEach(async () => {
    const problems = open.flatMap((each) => each.problems);
    await Promise.all(open.splice(0).map(({ page }) => page.close()));
    assert.deepEqual(problems, []);
  });
  return async (options) => {
    const opened = await openWebview(browser, folder, options);
    open.push(opened);
    return opened;
  };
}

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds fault with. */
export async function violations({ page }: WebviewPage): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<readonly AxeViolation[]>('axe.run().then(({ violations }) => violations)');
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''} ${nodes[0]?.failureSummary ?? ''}`);
}
