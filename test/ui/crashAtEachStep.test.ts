import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LocalApi } from '../server/localApi.ts';
import { statusAsBearer } from '../support/bearer.ts';
import { crashMarker, type CrashStep } from '../support/crashing/crashSteps.ts';
import { eventually } from '../support/eventually.ts';
import { issuances } from '../support/issuanceFiles.ts';
import { createProjectToken, createProjectTokenToDotenv, dotenvVariable } from '../support/issuing.ts';
import { ProductFixture, projectTokens, type ProductWindow } from '../support/productWindow.ts';
import { stageEntry } from '../support/stageEntry.ts';
import { isRunning } from '../support/vscode/processes.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

/**
 * What the next start finds, and says.
 *
 * - `nothing`: nothing was created, or the value was delivered: there is nothing to say
 * - `unknown`: a request of which it is not known what came of it
 * - `orphan`: a token whose value never arrived
 * - `value`: the value
 * - `valueForFile`: the value, and the file that it was on its way to
 */
type Found = 'nothing' | 'unknown' | 'orphan' | 'value' | 'valueForFile';

interface Row {
  readonly at: CrashStep;
  readonly found: Found;
  readonly posts: 0 | 1;
  /** `npm test` has no time for it: what is found, another row shows too. `npm run test:crashes` takes it. */
  readonly more?: true;
}

/** The steps of an issuance, in their order. test/ui/crash.test.ts has the POST, which the API holds. */
const issuanceSteps: readonly Row[] = [
  { at: 'after store dummy', found: 'nothing', posts: 0, more: true },
  { at: 'after delete dummy', found: 'nothing', posts: 0, more: true },
  { at: 'after claim', found: 'nothing', posts: 0, more: true },
  { at: 'before write intended', found: 'nothing', posts: 0, more: true },
  { at: 'after write intended', found: 'unknown', posts: 0, more: true },
  { at: 'before write answered', found: 'unknown', posts: 1, more: true },
  { at: 'after write answered', found: 'orphan', posts: 1 },
  { at: 'before store value', found: 'orphan', posts: 1, more: true },
  { at: 'after store value', found: 'value', posts: 1 },
  { at: 'before write stored', found: 'value', posts: 1, more: true },
  { at: 'after write stored', found: 'value', posts: 1, more: true },
  { at: 'before copy', found: 'value', posts: 1, more: true },
  { at: 'after copy', found: 'value', posts: 1, more: true },
  { at: 'before write delivered', found: 'value', posts: 1, more: true },
  { at: 'after write delivered', found: 'nothing', posts: 1, more: true },
  { at: 'after delete value', found: 'nothing', posts: 1, more: true },
  { at: 'after remove claim', found: 'nothing', posts: 1, more: true },
];

/**
 * While a token is rotated. Its old token must neither be forgotten nor be marked for a new one that does not exist:
 * its row says "rotated" once the new value has arrived, and nothing when there is none.
 */
const rotationSteps: readonly Row[] = [
  { at: 'before write rotation', found: 'unknown', posts: 0, more: true },
  { at: 'after write rotation', found: 'unknown', posts: 0, more: true },
  { at: 'before write answered', found: 'unknown', posts: 1, more: true },
  { at: 'after store value', found: 'value', posts: 1 },
  { at: 'before copy', found: 'value', posts: 1, more: true },
  { at: 'after write delivered', found: 'nothing', posts: 1, more: true },
];

/** While a value goes to `.env`: the file is whole, and nothing else holds the value. */
const dotenvSteps: readonly Row[] = [
  { at: 'before replace .env', found: 'valueForFile', posts: 1 },
  { at: 'after replace .env', found: 'valueForFile', posts: 1, more: true },
  { at: 'before write delivered', found: 'valueForFile', posts: 1, more: true },
  { at: 'after write delivered', found: 'nothing', posts: 1, more: true },
];

const chosen = (rows: readonly Row[]): readonly Row[] =>
  process.env['CRASHES'] === 'all' ? rows : rows.filter(({ more }) => more !== true);

const says: Record<Found, string> = {
  nothing: 'nothing is left to say',
  unknown: 'says that the outcome is not known',
  orphan: 'names the token whose value is lost',
  value: 'offers the value, once',
  valueForFile: 'offers to write the value where it was meant',
};

describe('A crash at each step', function () {
  this.timeout(180_000);
  const crashAt = path.join(temporaryFolder('crash-at'), 'step');
  const folder = temporaryFolder('crash-dotenv');
  let product: ProductFixture;
  let hasFailed = false;
  let open: ProductWindow | undefined;

  before(async () => {
    execFileSync('git', ['init', '-q'], { cwd: folder, stdio: 'pipe' });
    writeFileSync(path.join(folder, '.gitignore'), '.env\n');
    product = new ProductFixture({ extension: await stageEntry('crashing'), env: { [crashMarker]: crashAt }, folder });
    await product.start();
  });
  // All go through one window, which takes seconds to open, as long as they succeed. Cleared late, for a picture.
  beforeEach(async () => {
    if (!hasFailed) return;
    hasFailed = false;
    open = undefined;
    await product.clear();
  });
  afterEach(function () {
    hasFailed = this.currentTest?.state === 'failed';
  });
  after(() => product.stop());

  /** The view shows what it has loaded: what is drawn anew meanwhile may take the focus from a wizard, which ends it. */
  async function connectedAndCalm(): Promise<ProductWindow> {
    const connected = await product.connected({ seed: 'empty' });
    await eventually(async () =>
      assert.match((await connected.window.welcome(projectTokens)).text, /MagicBell lists no tokens/),
    );
    return connected;
  }

  /** Does something that is cut off at a step, starts again, and answers what is asked then, until nothing is. */
  async function crash({ at, found, posts }: Row, name: string, act: () => Promise<void>): Promise<void> {
    const { window, api } = await opened();
    const countPosts = () => api.journal.count({ method: 'POST' });
    const postsBefore = countPosts();
    const host = product.vscode.extensionHostPid() ?? 0;
    const known = api.state.projectTokens().map(({ id }) => id);
    // The value of the step before is the only copy there is: to overwrite it would be asked about.
    await window.writeClipboard('something else');
    writeFileSync(crashAt, at);
    await act();
    await eventually(() =>
      assert.ok(!isRunning(host), `the host lives: its step was ${existsSync(crashAt) ? 'not reached' : 'taken'}`),
    );
    await window.reload();
    // One notification for one token: nothing of the rows before comes back.
    if (found !== 'nothing') await settle(window, api, { name, found, known });
    await window.palette('MagicBell: Resolve Undelivered Token…');
    const toast = await window.toast(/nothing is left to resolve/);
    await toast.dismiss();
    assert.ok(
      !(await window.toasts()).some((text) => text.includes(name) && !/is copied|is in \.env|was revoked/.test(text)),
    );
    assert.equal(countPosts() - postsBefore, posts);
    for (const { phase } of issuances(product.globalStorage)) assert.match(phase, /^(delivered|resolved)$/);
  }

  const opened = async (): Promise<ProductWindow> => (open ??= await connectedAndCalm());

  for (const [index, row] of chosen(issuanceSteps).entries()) {
    it(`of an issuance, ${row.at}: ${says[row.found]}`, async () => {
      const { window } = await opened();
      const name = `Token ${index + 1}`;
      await crash(row, name, () => createProjectToken(window, name));
    });
  }

  for (const [index, row] of chosen(rotationSteps).entries()) {
    it(`of a rotation, ${row.at}: ${says[row.found]}, and the old token is not forgotten`, async () => {
      const { window, api } = await opened();
      const name = `Rotated ${index + 1}`;
      const inDays = (days: number) => new Date(Date.now() + days * 24 * 60 * 60_000);
      const old = api.state.addProjectToken({ name, createdAt: inDays(-1), expiresAt: inDays(89) });
      await window.palette('MagicBell: Refresh');
      await window.openContainer('MagicBell');
      await window.row(name).waitFor();
      await crash(row, name, async () => {
        await window.contextMenu(window.row(name), 'Rotate Token…');
        await window.quickInput.waitForTitle(`Rotate ${name} (1/2)`);
        await window.quickInput.accept();
        await window.quickInput.waitForTitle(`Rotate ${name} (2/2)`);
        await window.quickInput.accept();
      });
      await window.openContainer('MagicBell');
      const isReplaced = row.found === 'value' || row.found === 'nothing';
      await eventually(async () => {
        const rows = (await window.rows(projectTokens)).filter(({ label }) => label === name);
        const marks = rows.map(({ description }) => /^(?:rotated|new one)[^·]*/.exec(description)?.[0].trim());
        assert.deepEqual(marks.filter(Boolean), isReplaced ? ['rotated, revoke tomorrow'] : []);
      });
      assert.equal(api.state.token(old.id)?.discardedAt, null);
    });
  }

  for (const [index, row] of chosen(dotenvSteps).entries()) {
    it(`of a delivery to .env, ${row.at}: ${says[row.found]}, and the file is whole`, async () => {
      const { window, api } = await opened();
      const name = `To a file ${index + 1}`;
      const file = path.join(folder, '.env');
      const before = `# mine\n${dotenvVariable}=old\nLAST=1\n`;
      writeFileSync(file, before);
      await crash(row, name, async () => {
        await createProjectTokenToDotenv(window, name);
        await eventually(() => assert.ok(!existsSync(crashAt)));
        const isCutOff = row.at === 'before replace .env';
        assert.equal(temporaries(folder).length, isCutOff ? 1 : 0);
        if (isCutOff) assert.equal(readFileSync(file, 'utf8'), before);
      });
      assert.deepEqual(temporaries(folder), []);
      const after = readFileSync(file, 'utf8');
      const [, value = ''] = new RegExp(`^# mine\n${dotenvVariable}=(.+)\nLAST=1\n$`).exec(after) ?? [];
      assert.equal(await statusAsBearer(api, 'project', value), 200);
    });
  }
});

/** What a delivery to a file of this folder has beside it until it replaces the file. */
const temporaries = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => name.endsWith('.magicbell-tmp'));

interface Left {
  readonly name: string;
  readonly found: Exclude<Found, 'nothing'>;
  /** The tokens that were there before. */
  readonly known: readonly string[];
}

/** Answers what the window asks after the crash, as a person would. */
async function settle(window: Workbench, api: LocalApi, { name, found, known }: Left): Promise<void> {
  const { quickInput } = window;
  const isLive = (): boolean =>
    api.state
      .projectTokens()
      .some((token) => token.name === name && token.discardedAt === null && !known.includes(token.id));
  switch (found) {
    case 'value': {
      await window.writeClipboard('before');
      await (await window.toast(`The value of “${name}” was not copied yet.`)).press('Copy');
      await window.toast(`The value of “${name}” is copied. It cannot be shown again.`);
      assert.equal(await statusAsBearer(api, 'project', await window.readClipboard()), 200);
      return;
    }
    case 'valueForFile': {
      await (await window.toast(`The value of “${name}” was not delivered yet.`)).press('Deliver');
      await window.toast(`The value of “${name}” is in .env as ${dotenvVariable}. It cannot be shown again.`);
      return;
    }
    case 'orphan': {
      await (await window.toast(`“${name}” was created, but its value never arrived. Revoke it?`)).press('Revoke…');
      await quickInput.waitForTitle(name);
      await quickInput.pick(/^\s*Revoke/);
      break;
    }
    case 'unknown': {
      const exists = isLive();
      await (await window.toast(`It is not known whether “${name}” was created.`)).press('Check…');
      await quickInput.waitForTitle(name);
      await quickInput.pick(/^\s*Check Again/);
      if (!exists) {
        await (await window.toast('Not found so far. A slow request may still be carried out.')).dismiss();
        await quickInput.waitUntilClosed();
        await window.palette('MagicBell: Resolve Undelivered Token…');
        await quickInput.waitForTitle(name);
        await quickInput.pick(/^\s*Discard/);
        return;
      }
      await quickInput.row(/^\s*Revoke the one created/).waitFor();
      await quickInput.pick(/^\s*Revoke the one created/);
    }
  }
  await window.modal.wait(`Revoke “${name}”?`);
  await window.modal.press('Revoke');
  await eventually(() => assert.ok(!isLive()));
}
