import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { projectTokens, useProduct, userTokens } from '../support/productWindow.ts';
import type { LocalApi } from '../server/localApi.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

const names = ['Acme', 'Globex', 'Initech'] as const;
/** The project that is worked in. */
const mine = 1;
const Mine = names[mine];

/** What was asked of the projects that nothing was meant for. */
const strayRequests = (api: LocalApi): string[] =>
  api.projects
    .filter((_, index) => index !== mine)
    .flatMap(({ name, journal }) => journal.entries.map(({ method, path }) => `${name}: ${method} ${path}`));

/** Three projects behind one address with the same tokens and users, of which only one is unfolded. */
async function openThree(product: ReturnType<typeof useProduct>): Promise<{ window: Workbench; api: LocalApi }> {
  const api = await product.api({ seed: 'demo', projects: names.map((name) => ({ name })) });
  const window = await product.openConnected(api);
  // A row that is folded up before VS Code has asked for what is in it stays unloaded.
  await eventually(() =>
    assert.ok(
      (['FetchProjectTokens', 'ListUsers'] as const).every((operation) =>
        api.projects.every(({ journal }) => journal.count({ operation }) > 0),
      ),
      'not all projects were loaded',
    ),
  );
  for (const view of [projectTokens, userTokens]) {
    for (const name of names) {
      const row = window.row(name, view);
      const wanted = String(name === Mine);
      await eventually(async () => {
        if ((await row.getAttribute('aria-expanded')) !== wanted) await row.locator('.monaco-tl-twistie').click();
        assert.equal(await row.getAttribute('aria-expanded'), wanted);
      });
    }
  }
  await window.row('CI deploy', projectTokens).waitFor();
  await window.row('hana@example.com', userTokens).waitFor();
  api.journal.clear();
  return { window, api };
}

describe('Three projects behind one address', () => {
  const product = useProduct();

  it('a row, several rows and a key act in their project only', async () => {
    const { window, api } = await openThree(product);
    const { journal } = api.projects[mine] ?? api.projects[0];

    await window.contextMenu(window.row('CI deploy', projectTokens), 'Revoke Token…');
    await window.modal.wait('Revoke “CI deploy”?');
    assert.match(await window.modal.detail(), new RegExp(`^Project: ${Mine}\n`));
    await window.modal.press('Revoke');
    await (await window.toast(`${Mine}: “CI deploy” was revoked.`)).dismiss();
    assert.equal(journal.count({ method: 'DELETE' }), 1);

    await window.row('Terraform', projectTokens).click();
    await window.row('Staging webhook', projectTokens).click({ modifiers: ['ControlOrMeta'] });
    await window.page.keyboard.press('Delete');
    await window.modal.wait('Revoke 2 tokens?');
    await window.modal.press('Revoke 2 Tokens');
    await (await window.toast(`${Mine}: 2 tokens were revoked.`)).dismiss();
    assert.equal(journal.count({ method: 'DELETE' }), 3);

    await window.inlineAction(window.row(Mine, projectTokens), 'Create Token in Project…');
    await window.quickInput.waitForTitle(`Create Project Token · ${Mine} (1/2)`);
    await window.quickInput.type('Of the row');
    await window.quickInput.accept();
    await window.quickInput.waitForTitle(`Create Project Token · ${Mine} (2/2)`);
    await window.quickInput.accept();
    await window.toast(/The value of “Of the row” is copied/);
    assert.equal(journal.count({ operation: 'CreateProjectJwt' }), 1);
    await window.writeClipboard('something else');

    await window.contextMenu(window.row('hana@example.com', userTokens), 'Create Token for User…');
    await window.quickInput.waitForTitle(`Create Token for hana@example.com · ${Mine} (1/2)`);
    await window.quickInput.accept();
    await window.quickInput.waitForTitle(`Create Token for hana@example.com · ${Mine} (2/2)`);
    await window.quickInput.accept();
    await window.toast(/The value of “hana@example\.com” is copied/);
    assert.equal(journal.count({ operation: 'CreateUserJwt' }), 1);
    assert.deepEqual(strayRequests(api), []);
  });

  it('the palette asks for the project, and acts there only', async () => {
    const { window, api } = await openThree(product);
    const { journal } = api.projects[mine] ?? api.projects[0];
    const { quickInput } = window;
    const choose = async (command: string): Promise<void> => {
      await window.palette(`MagicBell: ${command}…`);
      await quickInput.waitForTitle(command);
      await quickInput.pick(Mine);
    };

    await choose('Create Project Token');
    await quickInput.waitForTitle(`Create Project Token · ${Mine} (1/2)`);
    await quickInput.type('Of the palette');
    await quickInput.accept();
    await quickInput.waitForTitle(`Create Project Token · ${Mine} (2/2)`);
    await quickInput.accept();
    await window.toast(/The value of “Of the palette” is copied/);
    assert.equal(journal.count({ operation: 'CreateProjectJwt' }), 1);

    await choose('Search Users');
    await quickInput.waitForTitle(`Search Users · ${Mine}`);
    await quickInput.type('yuki');
    await eventually(() => assert.ok(journal.count({ operation: 'ListUsers' }) > 0, 'nothing was searched'));
    await quickInput.pick('yuki@example.com');
    await window.row('yuki@example.com', userTokens).waitFor();

    await choose('Find Token');
    await quickInput.waitForTitle(new RegExp(`^Find Token · ${Mine}`));
    await quickInput.type('Demo stand');
    // The rows are exchanged when the search for users has ended.
    await eventually(() =>
      assert.ok(
        journal.find({ operation: 'ListUsers' }).some(({ query }) => query.includes('Demo')),
        'no users were searched',
      ),
    );
    await quickInput.row('No user found.').waitFor();
    await quickInput.pick('Demo stand');
    await quickInput.waitUntilClosed();
    assert.deepEqual(strayRequests(api), []);
  });

  it('a message that was left open acts in its project, also after another was worked in', async () => {
    const { window, api } = await openThree(product);
    const { journal } = api.projects[mine] ?? api.projects[0];
    api.faults.add({ operation: 'DiscardProjectJwt', times: 1, fault: { kind: 'status', status: 403 } });
    await window.contextMenu(window.row('Terraform', projectTokens), 'Revoke Token…');
    await window.modal.press('Revoke');
    const failed = await window.toast(new RegExp(`^${Mine}: “Terraform” was not revoked`));

    // In between another project is worked in.
    await window.palette('MagicBell: Create Project Token…');
    await window.quickInput.waitForTitle('Create Project Token');
    await window.quickInput.pick(names[0]);
    await window.quickInput.waitForTitle(`Create Project Token · ${names[0]} (1/2)`);
    await window.quickInput.cancel();
    await failed.press('Try Again');
    await window.toast(`${Mine}: “Terraform” was revoked.`);
    assert.equal(journal.count({ method: 'DELETE' }), 2);
    assert.deepEqual(strayRequests(api), []);
  });

  it('a reminder of a rotation acts in its project, also after a restart', async () => {
    const { window, api } = await openThree(product);
    const { journal } = api.projects[mine] ?? api.projects[0];
    await window.contextMenu(window.row('Terraform', projectTokens), 'Rotate Token…');
    await window.quickInput.waitForTitle(`Rotate Terraform · ${Mine} (1/2)`);
    await window.quickInput.accept();
    await window.quickInput.waitForTitle(`Rotate Terraform · ${Mine} (2/2)`);
    await window.quickInput.pick('Now');
    await window.toast(new RegExp(`^${Mine}: The old “Terraform” .* is due to be revoked`));
    await product.restart(window);
    const due = await window.toast(new RegExp(`^${Mine}: The old “Terraform” .* is due to be revoked`));
    await window.row('CI deploy', projectTokens).first().waitFor();
    api.journal.clear();
    await due.press('Revoke…');
    await window.modal.wait('Revoke the old “Terraform”?');
    assert.match(await window.modal.detail(), new RegExp(`^Project: ${Mine}\n`));
    await window.modal.press('Revoke');
    await eventually(() => assert.equal(journal.find({ method: 'DELETE' })[0]?.status, 200));
    assert.deepEqual(strayRequests(api), []);
  });
});
