import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../support/eventually.ts';
import { frontPage } from '../support/frontPage.ts';
import { createProjectToken } from '../support/issuing.ts';
import { connect, projectTokens, useProduct } from '../support/productWindow.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

const hostile = '=[link](command:workbench.action.quit) $(key)';
const shownHostile = '=[link] (command:workbench.action.quit) $ (key)';

/** The text of the page in front, in one line. */
async function pageText(window: Workbench): Promise<string> {
  return (await frontPage(window).locator('main').innerText()).replaceAll(/\s+/g, ' ');
}

/** The lines of the editor in front, as far as they are seen. */
async function editorLines(window: Workbench): Promise<string[]> {
  const lines = await window.page.locator('.editor-instance .view-line').allInnerTexts();
  return lines.map((line) => line.replaceAll('\u00A0', ' '));
}

async function showActivity(window: Workbench): Promise<string> {
  await window.palette('MagicBell: Show Activity');
  return eventually(async () => {
    const text = await pageText(window);
    assert.match(text, /What was done from VS Code/);
    return text;
  });
}

describe('The record of what was done', () => {
  const product = useProduct({
    settings: { 'editor.minimap.enabled': false, 'files.simpleDialog.enable': true },
  });

  it('notes what was issued, delivered, revoked and refused, without a value, over a reload @smoke', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy').waitFor();
    await createProjectToken(window, hostile);
    await window.toast(/is copied/);
    const value = await window.readClipboard();
    await window.contextMenu(window.row('CI deploy'), 'Revoke Token…');
    await window.modal.press('Revoke');
    await eventually(() => assert.equal(api.journal.count({ operation: 'DiscardProjectJwt' }), 1));
    api.faults.add({ operation: 'CreateProjectJwt', fault: { kind: 'status', status: 403 } });
    await createProjectToken(window, 'Refused');
    await (await window.toast(/Only administrators may create tokens/)).dismiss();

    const id = api.state.projectTokens().find(({ name }) => name === hostile)?.id ?? 'none';
    const check = async (): Promise<void> => {
      await showActivity(window);
      const deeds = [
        ['Failed issue: forbidden', 'Refused', ''],
        ['Revoked', 'CI deploy', ''],
        ['Value delivered to the clipboard', shownHostile, id],
        ['Issued', shownHostile, id],
      ];
      await eventually(async () => {
        const all = await pageText(window);
        let from = 0;
        for (const [deed = '', name = '', tokenId = ''] of deeds) {
          const at = all.indexOf(` ${deed} ${name} project token`, from);
          assert.ok(at >= from, `${deed} ${name} in ${all}`);
          assert.ok(tokenId === '' || all.indexOf(tokenId, at) > at, tokenId);
          from = at + 1;
        }
      });
      assert.ok(!(await pageText(window)).includes(value) && !(await window.text()).includes(value));
    };
    await check();
    assert.equal(await frontPage(window).locator('a').count(), 0);

    // An open page follows.
    await window.contextMenu(window.row('Terraform'), 'Revoke Token…');
    await window.modal.press('Revoke');
    await eventually(async () => assert.match(await pageText(window), /Revoked Terraform project token/));

    await window.reload();
    await window.openContainer('MagicBell');
    await window.row('Billing service').waitFor();
    await check();
  });

  it('exports CSV and JSON that hold the names and no formula', async () => {
    const { window } = await product.connected({ seed: 'empty' });
    await createProjectToken(window, hostile);
    await window.toast(/is copied/);
    const value = await window.readClipboard();
    for (const [label, file] of [
      ['CSV', 'activity.csv'],
      ['JSON', 'activity.json'],
    ] as const) {
      if (label === 'CSV') await window.palette('MagicBell: Export Activity…');
      else {
        await showActivity(window);
        await frontPage(window).getByRole('button', { name: 'Export…' }).click();
      }
      await window.quickInput.waitForTitle('Export Activity');
      await window.quickInput.pick(label);
      const target = path.join(temporaryFolder('export'), file);
      // The dialog of VS Code itself proposes a name.
      await eventually(async () => assert.match(await window.quickInput.value(), new RegExp(`magicbell-${file}$`)));
      await window.quickInput.paste(target);
      // It takes Enter only when it has looked into the folder.
      await eventually(async () => assert.deepEqual(await window.quickInput.labels(), ['..']));
      await window.quickInput.accept();
      await (await window.toast(`The activity is exported to “${file}”.`)).dismiss();
      const text = readFileSync(target, 'utf8');
      assert.ok(!text.includes(value));
      if (label === 'CSV') {
        const lines = text.split('\r\n');
        assert.equal(lines[0], '\uFEFFtime,what,result,kind,name,token id,recipient');
        assert.match(
          lines[1] ?? '',
          /^[\dT:.-]+Z,delivered,to the clipboard,project,"'=\[link\]\(command:workbench\.action\.quit\) \$\(key\)",/,
        );
        assert.match(lines[2] ?? '', /,issued,/);
        assert.deepEqual(lines.slice(3), ['']);
      } else {
        const all = JSON.parse(text) as { what: string; name: string }[];
        assert.deepEqual(
          all.map(({ what, name }) => [what, name]),
          [
            ['delivered', hostile],
            ['issued', hostile],
          ],
        );
      }
    }
  });

  it('is cleared when somebody confirms it, and with the API key', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    await createProjectToken(window, 'First');
    await window.toast(/is copied/);
    assert.match(await showActivity(window), /First project token/);

    await window.palette('MagicBell: Clear Activity…');
    await window.modal.wait('Clear the activity?');
    await window.modal.cancel();
    assert.match(await pageText(window), /First project token/);
    await frontPage(window).getByRole('button', { name: 'Clear…' }).click();
    await window.modal.press('Clear Activity');
    await eventually(async () => assert.match(await pageText(window), /Nothing was issued or revoked/));

    await window.writeClipboard('something else');
    await createProjectToken(window, 'Second');
    await eventually(async () => assert.match(await pageText(window), /Second project token/));
    await window.palette('MagicBell: Forget API Key…');
    await window.modal.press('Forget API Key');
    await window.toast('The API key is forgotten.');
    await eventually(async () => assert.match(await pageText(window), /The connection of this page was removed here/));
    assert.ok(!(await window.paletteTitles('MagicBell: ')).includes('MagicBell: Show Activity'));
    await connect(window, api);
    assert.match(await showActivity(window), /Nothing was issued or revoked/);
  });

  it('prepares a report without a key, a value, a name or an email', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy').waitFor();
    await createProjectToken(window, 'Secret project');
    await window.toast(/is copied/);
    const value = await window.readClipboard();
    await window.viewAction(projectTokens, 'Report Issue…', 'More');
    await eventually(async () => assert.match((await editorLines(window)).join('\n'), /POST \/jwt\/project/));
    await window.page.locator('.editor-instance .view-line').first().click();
    await window.page.keyboard.press('ControlOrMeta+A');
    await window.page.keyboard.press('ControlOrMeta+C');
    const report = await eventually(async () => {
      const text = await window.readClipboard();
      assert.match(text, /MagicBell Tokens \d+\.\d+\.\d+/);
      return text;
    });
    assert.match(report, /^VS Code: \d+\.\d+/m);
    assert.match(report, /^Connections: 1, with another host$/m);
    for (const secret of [value, api.token, 'Secret project', 'CI deploy', 'example.com', new URL(api.url).host])
      assert.ok(!report.includes(secret), secret);
  });
});
