// "npm run pictures:delivery": what the documents show of deliveries: where a value can go, the exact command line that is
// agreed to, and what came of a rotation of several.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundle } from '../../esbuild.js';
import { startLocalApi } from '../server/localApi.ts';
import { acceptDotenvVariable, chooseAtLastStep, waitForDotenvDestination } from '../support/issuing.ts';
import { connect, projectTokens } from '../support/productWindow.ts';
import { launchBrowser } from '../support/vscode/browser.ts';
import { projectDir } from '../support/vscode/paths.ts';
import { startVSCode } from '../support/vscode/server.ts';
import { stageExtension } from '../support/vscode/stagedExtension.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';
import { openWorkbench, type Workbench } from '../support/vscode/workbench.ts';
import { toWebp } from './webp.ts';

const pictures = path.join(projectDir, 'docs', 'pictures');
mkdirSync(pictures, { recursive: true });

// The question names it.
const home = mkdtempSync(path.join(tmpdir(), 'work-'));
const folder = path.join(home, 'acme');
mkdirSync(folder);
execFileSync('git', ['init', '-q'], { cwd: folder });
writeFileSync(path.join(folder, '.gitignore'), '.env*\n');
writeFileSync(path.join(folder, '.env'), '');
const programs = temporaryFolder('programs');
/** Stands in for the client of a service. */
function install(program: string, ending: string): void {
  const file = path.join(programs, program);
  writeFileSync(file, `#!/bin/sh\ncat > /dev/null\n${ending}\n`);
  chmodSync(file, 0o755);
}
install('gh', 'exit 0');
install('vercel', 'exit 0');

const dist = path.join(temporaryFolder('pictures'), 'dist');
await bundle(dist);
const vscode = await startVSCode({
  version: 'oldest',
  extension: stageExtension(dist),
  folder,
  // As if it was started from a shell, so that VS Code does not ask one for another PATH.
  env: { PATH: `${programs}:${process.env['PATH'] ?? ''}`, VSCODE_CLI: '1' },
  say: (line) => console.log(line),
});
const api = await startLocalApi({ seed: 'empty' });
const browser = await launchBrowser();
/** A part of the window, taken once sliding and fading are over. */
async function take({ page }: Workbench, name: string, selector: string): Promise<void> {
  await page.mouse.move(900, 560);
  await page.waitForTimeout(600);
  const picture = await toWebp(browser, await page.locator(selector).first().screenshot());
  writeFileSync(path.join(pictures, `${name}.webp`), picture);
}

try {
  const settings = { 'magicbellTokens.apiBaseUrl': api.url };
  const window = await openWorkbench(browser, vscode, { theme: 'light', settings });
  const { quickInput, modal } = window;
  const closeToasts = () => window.palette('Notifications: Clear All Notifications');
  await connect(window, api);

  await chooseAtLastStep(window, 'API server', 'Deliver to .env…');
  await acceptDotenvVariable(window);
  await waitForDotenvDestination(window);
  await take(window, 'delivery-choice', '.quick-input-widget');
  await quickInput.accept();
  await window.toast(/is in \.env as/);
  await closeToasts();

  for (const [name, command] of [
    ['Website', 'Vercel environment variable'],
    ['CI', 'GitHub secret of a repository'],
  ] as const) {
    await window.palette('MagicBell: Create Project Token…');
    await quickInput.waitForTitle('Create Project Token (1/2)');
    await quickInput.type(name);
    await quickInput.accept();
    await quickInput.waitForTitle('Create Project Token (2/2)');
    await quickInput.pick('Deliver to Command…');
    await quickInput.waitForTitle('Deliver to Command');
    await quickInput.pick(command);
    await quickInput.waitForMessage(/^The name that the value gets there/);
    await quickInput.accept();
    if (name === 'Website') {
      await quickInput.waitForMessage(/^production, preview or development/);
      await quickInput.accept();
    }
    await modal.wait('Run this command with the value on its standard input?');
    if (name === 'CI') await take(window, 'delivery-command', '.monaco-dialog-box');
    await modal.press('Run When Created');
    await quickInput.waitForTitle('Create Project Token (2/2)');
    await quickInput.accept();
    await window.toast(/was given to/);
    await closeToasts();
  }

  install('vercel', 'exit 1');
  await window.row('API server', projectTokens).click();
  await window.row('CI', projectTokens).click({ modifiers: ['Control'] });
  await window.row('Website', projectTokens).click({ modifiers: ['Control'] });
  await window.contextMenu(window.row('Website', projectTokens), 'Rotate Token…');
  await quickInput.waitForTitle('Rotate 3 Tokens (1/2)');
  await quickInput.accept();
  await quickInput.waitForTitle('Rotate 3 Tokens (2/2)');
  await quickInput.accept();
  await window.toast(/^2 of 3 tokens were rotated and delivered/);
  await closeToasts();
  await window.palette('MagicBell: Finish Rotation…');
  await quickInput.waitForTitle('Finish Rotation');
  await take(window, 'rotation-results', '.quick-input-widget');
  await window.close();
} finally {
  await browser.close();
  await vscode.close();
  await api.close();
  rmSync(home, { recursive: true });
}
