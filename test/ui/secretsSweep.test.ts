import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fullUse } from '../support/fullUse.ts';
import { surroundings } from '../support/fullUseSurroundings.ts';
import { issuances } from '../support/issuanceFiles.ts';
import { useProduct } from '../support/productWindow.ts';
import type { ProductOptions } from '../support/runningProduct.ts';
import { assertNowhere, filesBelow, madeUpSecret, type Place, textsOf } from '../support/secretSearch.ts';
import { stageEntry } from '../support/stageEntry.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';

/** A secret of the same shape as the others, to be found in each place before a search there counts for anything. */
const planted = madeUpSecret();
const logFile = path.join(temporaryFolder('captured'), 'log');

describe('After a full use', function () {
  this.timeout(180_000);
  const around = surroundings();
  const options: ProductOptions = {
    env: { ...around.env, CAPTURED_LOG: logFile, CAPTURED_LOG_CANARY: planted },
    settings: around.settings,
  };
  before(async () => {
    options.extension = await stageEntry('capturedLog');
  });
  const product = useProduct(options);

  it('neither the key nor any issued value is left anywhere', async () => {
    const api = await product.api();
    const loginsSecretKey = around.logIn(api);
    const window = await product.open(api);
    const canary = `canary-${randomBytes(12).toString('hex')}`;
    const { secrets, pages } = await fullUse(window, api, `Of ${canary}`, around);
    secrets.set('the Secret Key of the CLI’s login', loginsSecretKey);
    const look = async () => pages.push(await window.text());

    await window.palette('MagicBell: Show Log');
    await window.page.locator('.part.panel').waitFor();
    await look();
    const log = readFileSync(logFile, 'utf8');
    const [issuance] = issuances(product.globalStorage);
    assert.ok(issuance);
    writeFileSync(path.join(product.globalStorage, 'planted'), Buffer.from(planted).toString('base64'));
    await window.page.evaluate(`localStorage.setItem('planted', ${JSON.stringify(planted)})`);
    await window.page.evaluate(
      `document.body.append(Object.assign(document.createElement('i'), { textContent: ${JSON.stringify(planted)} }))`,
    );
    await look();
    const files = filesBelow(product.vscode.dataDir);
    const places: Place[] = [
      {
        name: 'the server’s data folder',
        contents: textsOf(files),
        harmless: `Of ${canary}`,
      },
      {
        name: 'the browser’s storage',
        contents: [JSON.stringify(await window.storageState())],
        harmless: 'magicbellTokens.lastConnection',
      },
      { name: 'the page’s text', contents: pages, harmless: `Of ${canary}` },
      { name: 'the log', contents: [log], harmless: `journal: ${issuance.id} delivered` },
    ];

    const checked = assertNowhere(places, planted, secrets);
    const bytes = places.flatMap(({ contents }) => contents).reduce((sum, content) => sum + content.length, 0);
    process.stdout.write(
      `    swept: ${secrets.size} secrets, ${checked} searches, ${files.length} files, ${pages.length} pages, ` +
        `${log.split('\n').length} lines of the log, ${bytes} characters\n`,
    );
  });
});
