import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../support/eventually.ts';
import { connect, projectTokens, useProduct, userTokens } from '../support/productWindow.ts';
import { virtualFile, virtualFileSystem, virtualFolder } from '../support/virtualWorkspace.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

const folder = temporaryFolder('compatibility');
for (const name of ['one', 'two']) mkdirSync(path.join(folder, name));
const workspaceFile = path.join(folder, 'both.code-workspace');
writeFileSync(workspaceFile, JSON.stringify({ folders: [{ path: 'one' }, { path: 'two' }] }));

describe('What a window is open on', () => {
  const product = useProduct({ packaged: true, extension: virtualFileSystem(), trusted: false });

  /** Opens a window on something, checks that it is, connects, and sees both lists. */
  async function works(query: string, isOpen: (window: Workbench) => Promise<unknown>): Promise<void> {
    const api = await product.api();
    const window = await product.open(api, { query });
    await isOpen(window);
    await connect(window, api);
    await window.row('CI deploy', projectTokens).waitFor();
    await window.row('hana@example.com', userTokens).waitFor();
  }

  const explorerRow = (name: string) => async (window: Workbench) => {
    const row = window.page.locator('.explorer-folders-view').getByRole('treeitem', { name }).first();
    await eventually(async () => {
      await window.openContainer('Explorer');
      try {
        await row.waitFor({ timeout: 15_000 });
      } catch (error) {
        // In some of its starts VS Code takes a workspace file for one without folders, until the next start.
        await window.reload();
        throw error;
      }
    }, 60_000);
  };

  it('may be several folders', () => works(`workspace=${workspaceFile}`, explorerRow('two')));

  it('may be a virtual folder', () => works(`folder=${virtualFolder}`, explorerRow(virtualFile)));
});
