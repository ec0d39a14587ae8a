import assert from 'node:assert/strict';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { issuances } from '../support/issuanceFiles.ts';
import { breakClipboard, createProjectToken } from '../support/issuing.ts';
import { connect, projectTokens, useProduct } from '../support/productWindow.ts';
import { persistentBrowser } from '../support/vscode/browser.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';
import { openWorkbench } from '../support/vscode/workbench.ts';

/** The old extension host lives on without its window; its claim on the value ends with the lease, after a minute. */
const leaseMs = 60_000;

describe('A browser that is killed between the answer and the delivery', () => {
  const product = useProduct({ sharesWindow: false });

  it('finds the value offered when it comes back, once the old extension host’s lease has run out', async function () {
    this.timeout(240_000);
    const profile = temporaryFolder('profile');
    const api = await product.api({ seed: 'empty' });
    const settings = { 'magicbellTokens.apiBaseUrl': api.url };
    const first = await persistentBrowser(profile);
    let second: Awaited<ReturnType<typeof persistentBrowser>> | undefined;
    try {
      const window = await openWorkbench(first.context, product.vscode, { settings });
      await connect(window, api);
      await breakClipboard(window, 'hangs');
      await createProjectToken(window, 'Survivor');
      await eventually(() => assert.equal(issuances(product.globalStorage)[0]?.phase, 'stored'));
      await first.kill();

      second = await persistentBrowser(profile);
      const again = await openWorkbench(second.context, product.vscode, { settings });
      again.page.setDefaultTimeout(3 * leaseMs);
      const toast = await again.toast('The value of “Survivor” was not copied yet.');
      again.page.setDefaultTimeout(15_000);
      await toast.press('Copy');
      await again.toast('The value of “Survivor” is copied. It cannot be shown again.');
      assert.equal(await statusAsBearer(api, 'project', await again.readClipboard()), 200);
      assert.equal(issuances(product.globalStorage)[0]?.phase, 'delivered');
      await again.openContainer('MagicBell');
      await eventually(async () => assert.match((await again.rows(projectTokens))[0]?.description ?? '', /^in /));
      assert.equal(api.journal.count({ method: 'POST' }), 1);
    } finally {
      await (second === undefined ? first.kill() : second.close());
    }
  });
});
