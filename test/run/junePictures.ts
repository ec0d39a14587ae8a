// "npm run pictures:june": the picture of MagicBell as of June 2026 that documents show: its views with a token that was
// signed here.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { bundle } from '../../esbuild.js';
import { startLocalApi } from '../server/localApi.ts';
import { connect, userTokens } from '../support/productWindow.ts';
import { signForRow } from '../support/signing.ts';
import { launchBrowser } from '../support/vscode/browser.ts';
import { projectDir } from '../support/vscode/paths.ts';
import { startVSCode } from '../support/vscode/server.ts';
import { stageExtension } from '../support/vscode/stagedExtension.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';
import { openWorkbench, type Workbench } from '../support/vscode/workbench.ts';

const folder = path.join(projectDir, 'docs', 'pictures');
mkdirSync(folder, { recursive: true });

/** Taken once sliding and fading are over. */
async function take({ page }: Workbench, name: string): Promise<void> {
  await page.waitForTimeout(400);
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

const dist = path.join(temporaryFolder('pictures'), 'dist');
await bundle(dist);
const vscode = await startVSCode({
  version: 'oldest',
  extension: stageExtension(dist),
  say: (line) => console.log(line),
});
const api = await startLocalApi({ seed: 'june-2026', switches: { projectTokens: 'RS256' } });
const browser = await launchBrowser();
try {
  const window = await openWorkbench(browser, vscode, {
    theme: 'light',
    settings: { 'magicbellTokens.apiBaseUrl': api.url },
  });
  const { quickInput } = window;
  const closeToasts = () => window.palette('Notifications: Clear All Notifications');
  await connect(window, api);
  const hana = window.row('hana@example.com', userTokens);
  await signForRow(window, 'hana@example.com', { secretKey: api.keys.secretKey });
  await quickInput.accept();
  await window.toast(/^The value of “hana@example\.com” is copied/);
  await window.expand(hana);
  await window.row('Signed here', userTokens).waitFor();
  await closeToasts();
  await take(window, 'june-2026');
  await window.close();
} finally {
  await browser.close();
  await vscode.close();
  await api.close();
}
