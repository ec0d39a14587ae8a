import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/vscode/browser.ts';
import { startVSCode, type VSCode } from '../support/vscode/server.ts';
import { stageExtension } from '../support/vscode/stagedExtension.ts';
import { openWorkbench, type Workbench } from '../support/vscode/workbench.ts';

describe('The window', () => {
  let browser: Browser;
  let vscode: VSCode;
  let workbench: Workbench;

  before(async () => {
    vscode = await startVSCode({ extension: stageExtension() });
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    workbench = await openWorkbench(browser, vscode);
  });
  afterEach(() => workbench.close());
  after(async () => {
    await browser.close();
    await vscode.close();
  });

  it('offers to connect when there is no key @smoke', async () => {
    await workbench.openContainer('MagicBell');
    const { buttons } = await workbench.welcome('Project Tokens');
    assert.equal(buttons.length, 1);
  });
});
