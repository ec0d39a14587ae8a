import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LocalApi } from '../server/localApi.ts';
import { statusAsBearer } from '../support/bearer.ts';
import { crashMarker, type CrashStep } from '../support/crashing/crashSteps.ts';
import { eventually } from '../support/eventually.ts';
import { issuances } from '../support/issuanceFiles.ts';
import { createProjectToken } from '../support/issuing.ts';
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
 */
type Found = 'nothing' | 'unknown' | 'orphan' | 'value';

interface Row {
  readonly at: CrashStep;
  readonly found: Found;
  readonly posts: 0 | 1;
  /** `npm test` has no time for it: what is found, another row shows too. `npm run test:crashes` takes it. */
  readonly more?: true;
}

/** The steps of an issuance, in their order. test/ui/crash.test.ts has the POST, which the API holds. */
const steps: readonly Row[] = [
  { at: 'after store dummy', found: 'nothing', posts: 0 },
  { at: 'after delete dummy', found: 'nothing', posts: 0, more: true },
  { at: 'after claim', found: 'nothing', posts: 0, more: true },
  { at: 'before write intended', found: 'nothing', posts: 0, more: true },
  { at: 'after write intended', found: 'unknown', posts: 0, more: true },
  { at: 'before write answered', found: 'unknown', posts: 1 },
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
const rows = process.env['CRASHES'] === 'all' ? steps : steps.filter(({ more }) => more !== true);

const says: Record<Found, string> = {
  nothing: 'nothing is left to say',
  unknown: 'says that the outcome is not known',
  orphan: 'names the token whose value is lost',
  value: 'offers the value, once',
};

describe('A crash at each step of an issuance', function () {
  this.timeout(60_000);
  const crashAt = path.join(temporaryFolder('crash-at'), 'step');
  let product: ProductFixture;
  let hasFailed = false;
  let open: ProductWindow | undefined;

  before(async () => {
    product = new ProductFixture({ extension: await stageEntry('crashing'), env: { [crashMarker]: crashAt } });
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
      assert.match((await connected.window.welcome(projectTokens)).text, /has no tokens that MagicBell lists/),
    );
    return connected;
  }

  for (const [index, { at, found, posts }] of rows.entries()) {
    it(`${at}: ${says[found]}`, async () => {
      open ??= await connectedAndCalm();
      const { window, api } = open;
      const name = `Token ${index + 1}`;
      const countPosts = () => api.journal.count({ method: 'POST' });
      const postsBefore = countPosts();
      const host = product.vscode.extensionHostPid() ?? 0;
      writeFileSync(crashAt, at);
      await createProjectToken(window, name);
      await eventually(() =>
        assert.ok(!isRunning(host), `the host lives: its step was ${existsSync(crashAt) ? 'not reached' : 'taken'}`),
      );
      await window.reload();
      // One notification for one token: nothing of the rows before comes back.
      if (found !== 'nothing') await settle(window, api, name, found);
      await window.palette('MagicBell: Resolve Undelivered Token…');
      const toast = await window.toast(/nothing is left to resolve/);
      await toast.dismiss();
      assert.ok(!(await window.toasts()).some((text) => text.includes(name) && !text.includes('is copied')));
      assert.equal(countPosts() - postsBefore, posts);
      for (const { phase } of issuances(product.globalStorage)) assert.match(phase, /^(delivered|resolved)$/);
    });
  }
});

/** Answers what the window asks after the crash, as a person would. */
async function settle(window: Workbench, api: LocalApi, name: string, found: Exclude<Found, 'nothing'>): Promise<void> {
  const { quickInput } = window;
  const isLive = (): boolean =>
    api.state.projectTokens().some((token) => token.name === name && token.discardedAt === null);
  switch (found) {
    case 'value': {
      await window.writeClipboard('before');
      await (await window.toast(`The value of “${name}” was not copied yet.`)).press('Copy');
      await window.toast(`The value of “${name}” is copied. It cannot be shown again.`);
      assert.equal(await statusAsBearer(api, 'project', await window.readClipboard()), 200);
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
