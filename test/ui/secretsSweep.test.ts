import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { eventually } from '../support/eventually.ts';
import { issuances } from '../support/issuanceFiles.ts';
import { breakClipboard, createProjectToken, mendClipboard } from '../support/issuing.ts';
import { projectTokens, useProduct, userTokens } from '../support/productWindow.ts';
import { stageEntry } from '../support/stageEntry.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';

/** One place where a secret could have been left: what is in it, and a harmless line that is known to be there. */
interface Place {
  readonly name: string;
  readonly contents: readonly string[];
  readonly harmless: string;
}

/** A secret as it may be written, and its last part alone: a JWT without its signature is worth nothing. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const signature = secret.split('.').at(-1) ?? secret;
  // Base64 of something inside a longer text, at each of the three places it can begin at.
  const inside = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift, 'x'), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  return [
    secret,
    signature,
    encodeURIComponent(secret),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    bytes.toString('utf16le'),
    ...inside,
  ];
}

const holds = (place: Place, text: string): boolean => place.contents.some((content) => content.includes(text));

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
}

/** A secret of the same shape as the others, to be found in each place before a search there counts for anything. */
const planted = `eyJhbGciOiJIUzI1NiJ9.e30.${randomBytes(32).toString('base64url')}`;
const logFile = path.join(temporaryFolder('captured'), 'log');

describe('After a full use', function () {
  this.timeout(180_000);
  const options: { extension?: string; env: Record<string, string> } = {
    env: { CAPTURED_LOG: logFile, CAPTURED_LOG_CANARY: planted },
  };
  before(async () => {
    options.extension = await stageEntry('capturedLog');
  });
  const product = useProduct(options);

  it('neither the key nor any issued value is left anywhere', async () => {
    const api = await product.api();
    const window = await product.open(api);
    const { quickInput } = window;
    const canary = `canary-${randomBytes(12).toString('hex')}`;
    const secrets = new Map<string, string>();
    const pages: string[] = [];
    const look = async () => pages.push(await window.text());
    const copied = async (name: string) => {
      secrets.set(name, await window.readClipboard());
      await look();
    };

    // A wrong key, then the right one.
    const wrongKey = `eyJhbGciOiJIUzI1NiJ9.e30.${randomBytes(32).toString('base64url')}`;
    secrets.set('the refused key', wrongKey);
    secrets.set('the key', api.token);
    await window.openContainer('MagicBell');
    await window.pressWelcome(projectTokens, 'Set API Key…');
    await quickInput.waitForTitle('Set API Key');
    await quickInput.paste(wrongKey);
    await quickInput.accept();
    await quickInput.waitForMessage(/401/);
    await quickInput.paste(api.token);
    await quickInput.accept();
    await window.row('CI deploy', projectTokens).waitFor();
    await look();

    // Tokens of both kinds, one of them delivered only after a failure, one orphaned, one revoked.
    await createProjectToken(window, `Of ${canary}`);
    await window.toast(/is copied\. It cannot be shown again/);
    await copied('the first project token');
    await window.contextMenu(window.row('hana@example.com', userTokens), 'Create User Token…');
    await quickInput.waitForTitle('Create Token for hana@example.com (1/2)');
    await quickInput.type('Phone');
    await quickInput.accept();
    await quickInput.waitForTitle('Create Token for hana@example.com (2/2)');
    await quickInput.accept();
    await window.toast(/^The value of “Phone” is copied/);
    await copied('the user token');
    await breakClipboard(window, 'rejects');
    await createProjectToken(window, 'Late');
    const failed = await window.toast(/^The value of “Late” could not be copied/);
    await look();
    await mendClipboard(window);
    await failed.press('Copy Again');
    await window.toast(/^The value of “Late” is copied/);
    await copied('the late project token');
    await window.row('Late', projectTokens).filter({ hasText: 'expires in' }).waitFor();
    await window.contextMenu(window.row('Late', projectTokens).first(), 'Revoke Token…');
    await window.modal.wait('Revoke “Late”?');
    await look();
    await window.modal.press('Revoke');
    await eventually(async () => {
      const row = (await window.rows(projectTokens)).find(({ label }) => label === 'Late');
      assert.equal(row?.description, 'revoked');
    });
    api.faults.add({ method: 'GET', times: 2, fault: { kind: 'status', status: 500 } });
    await window.viewAction(projectTokens, 'Refresh');
    await eventually(() => {
      const lists = api.journal.find({ operation: 'FetchProjectTokens' });
      assert.equal(api.journal.find({ method: 'GET' }).filter(({ status }) => status === 500).length, 2);
      assert.equal(lists.at(-1)?.status, 200);
    });

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
        contents: files.flatMap((file) => {
          const content = readFileSync(file);
          return [content.toString('utf8'), content.toString('latin1')];
        }),
        harmless: `Of ${canary}`,
      },
      {
        name: 'the browser’s storage',
        contents: [JSON.stringify(await window.storageState())],
        harmless: 'magicbellTokens.connection',
      },
      { name: 'the page’s text', contents: pages, harmless: `Of ${canary}` },
      { name: 'the log', contents: [log], harmless: `journal: ${issuance.id} delivered` },
    ];

    let checked = 0;
    for (const place of places) {
      assert.ok(holds(place, place.harmless), `“${place.harmless}” is not found in ${place.name}: it is not swept`);
      assert.ok(
        formsOf(planted).some((form) => holds(place, form)),
        `the canary is not found in ${place.name}`,
      );
      for (const [name, secret] of secrets) {
        assert.ok(secret.length > 20, name);
        for (const form of formsOf(secret)) {
          checked += 1;
          assert.ok(!holds(place, form), `${name} is in ${place.name}`);
        }
      }
    }
    const bytes = places.flatMap(({ contents }) => contents).reduce((sum, content) => sum + content.length, 0);
    process.stdout.write(
      `    swept: ${secrets.size} secrets, ${checked} searches, ${files.length} files, ${pages.length} pages, ` +
        `${log.split('\n').length} lines of the log, ${bytes} characters\n`,
    );
  });
});
