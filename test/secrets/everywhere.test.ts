import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { fullUse } from '../support/fullUse.ts';
import { searchHeap } from '../support/heapSnapshot.ts';
import { surroundings } from '../support/fullUseSurroundings.ts';
import { issuances } from '../support/issuanceFiles.ts';
import { breakClipboard, createProjectToken, mendClipboard } from '../support/issuing.ts';
import { nativeLogEnvironment } from '../support/nativeLog/build.ts';
import { projectTokens, useProduct } from '../support/productWindow.ts';
import { assertNowhere, filesBelow, madeUpSecret, type Place, textsOf } from '../support/secretSearch.ts';
import { stageEntry } from '../support/stageEntry.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';
import { hashOf } from '../support/watchedMemory/hash.ts';

const planted = madeUpSecret();
const folder = temporaryFolder('watched');
const captured = path.join(folder, 'log');
const tell = path.join(folder, 'memory');
const request = path.join(folder, 'request');
/** Classes of the extension's own that a value goes through. */
const ours =
  /\b(Secret|IssuanceService|ValueVault|CheckedSecretStore|Redactor|ClipboardToken|ClipboardMark|OutputLogger)\b/;
const say = (line: string): void => void process.stdout.write(`    ${line}\n`);

describe('Secrets, in every place and at level trace', function () {
  this.timeout(230_000);
  let passed = 0;
  const searched = { files: 0, messages: 0 };
  const around = surroundings();
  const options: { extension?: string; env: Record<string, string>; settings: Readonly<Record<string, unknown>> } = {
    settings: around.settings,
    env: {
      ...around.env,
      CAPTURED_LOG: captured,
      CAPTURED_LOG_CANARY: planted,
      MEMORY_TELL: tell,
      MEMORY_REQUEST: request,
    },
  };
  before(async () => {
    options.extension = await stageEntry('watchedMemory');
    Object.assign(options.env, await nativeLogEnvironment(say));
  });
  const product = useProduct(options);
  afterEach(function () {
    if (this.currentTest?.state === 'passed') passed += 1;
  });
  after(function () {
    const isDone = passed === this.test?.parent?.tests.length;
    const { files, messages } = searched;
    const result = isDone
      ? `${files} files and ${messages} messages searched, 0 hits`
      : 'not clean, or not done: see above';
    // After the reporter's own last line.
    process.once('exit', () => process.stdout.write(`secrets sweep: ${result}\n`));
  });

  /** What holds a value on the extension host's heap, as seen from outside. */
  async function holdersOf(value: string, name: string): Promise<string[]> {
    const snapshot = path.join(folder, `${name}.heapsnapshot`);
    writeFileSync(request, snapshot);
    await eventually(() => assert.ok(existsSync(snapshot)), 60_000);
    return searchHeap(snapshot, value).map(({ path: way }) => way.slice(0, 8).join(' < '));
  }

  it('are left nowhere after a full use', async () => {
    const api = await product.api();
    const loginsSecretKey = around.logIn(api);
    const window = await product.open(api, { query: `payload=${encodeURIComponent('[["logLevel","trace"]]')}` });
    const name = 'Of the sweep';
    const { secrets, pages } = await fullUse(window, api, name, around);
    secrets.set('the Secret Key of the CLI’s login', loginsSecretKey);
    // A document that is made from the log and from what was done.
    await window.palette('MagicBell: Report Issue…');
    await window.page.getByText('journal:').first().waitFor();
    pages.push(await window.text());
    await window.palette('MagicBell: Show Log');
    await window.page.locator('.part.panel').waitFor();
    await window.page.evaluate(`localStorage.setItem('planted', ${JSON.stringify(planted)})`);
    await window.page.evaluate(
      `document.body.append(Object.assign(document.createElement('i'), { textContent: ${JSON.stringify(planted)} }))`,
    );
    pages.push(await window.text());
    const files = filesBelow(product.vscode.dataDir);
    const outputs = files.filter((file) => /exthost\d*\/.*\.log$/.test(file));
    const [issuance] = issuances(product.globalStorage);
    assert.ok(issuance);
    const written = `journal: ${issuance.id} delivered`;
    const places: Place[] = [
      { name: 'the output channels’ files', contents: textsOf(outputs), harmless: written },
      { name: 'the server’s data folder', contents: textsOf(files), harmless: name },
      {
        name: 'the browser’s storage, with the global state',
        contents: [JSON.stringify(await window.storageState())],
        harmless: 'magicbellTokens.lastConnection',
      },
      { name: 'the page’s text, with its documents', contents: pages, harmless: name },
      { name: 'the log', contents: [readFileSync(captured, 'utf8')], harmless: written },
    ];
    assertNowhere(places, planted, secrets);
    searched.files = files.length;
    searched.messages = readFileSync(captured, 'utf8').split('\n').length;
    say(`output channels: ${outputs.length} files`);
  });

  it('are in memory before the delivery, and held by nothing of ours after it', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    await breakClipboard(window, 'rejects');
    await createProjectToken(window, 'Remembered');
    await window.toast(/^The value of “Remembered” could not be copied/);
    const hashes = () => readFileSync(tell, 'utf8').trim().split('\n');
    await mendClipboard(window);
    // Which value it is can be read from the clipboard only later.
    const snapshot = path.join(folder, 'before.heapsnapshot');
    writeFileSync(request, snapshot);
    await eventually(() => assert.ok(existsSync(snapshot)), 60_000);
    // By its row: the notification may have gone behind the bell meanwhile.
    await window.row('Remembered', projectTokens).first().click();
    await window.toast(/^The value of “Remembered” is copied/);
    const issued = await window.readClipboard();
    assert.equal(await statusAsBearer(api, 'project', issued), 200);
    const before = searchHeap(snapshot, issued);
    assert.ok(
      before.some(({ path: way }) => ours.test(way.slice(0, 8).join(' < '))),
      'an undelivered value is not found in memory: nothing is searched',
    );
    await window.writeClipboard('something else');
    const after = await holdersOf(issued, 'after');
    for (const holder of after) say(`still held after the delivery: ${holder}`);
    assert.deepEqual(
      after.filter((holder) => ours.test(holder)),
      [],
    );
    await eventually(() => {
      const used = hashes().filter((line) => line === `used ${hashOf(issued)}`).length;
      const collected = hashes().filter((line) => line === `collected ${hashOf(issued)}`).length;
      assert.ok(used > 0 && collected === used, `${collected} of ${used} objects of the value were collected`);
    });
  });
});
