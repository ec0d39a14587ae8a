import assert from 'node:assert/strict';
import type { LocalApi } from '../server/localApi.ts';
import { startSink, type Sink } from '../server/sink.ts';
import { eventually } from '../support/eventually.ts';
import { createProjectToken } from '../support/issuing.ts';
import { projectTokens, useProduct, userTokens } from '../support/productWindow.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

/** Names that would become something else than text where text is not made harmless. */
const namesFor = ({ origin }: Sink): readonly string[] => [
  `a [press here](command:workbench.action.closeWindow) ![seen](${origin}/seen.png)`,
  `b $(alert) $(sync~spin) <img src="${origin}/tag.png" onerror="document.title='hit'"> <a href="${origin}">x</a>`,
  `c \u202Egnp.yek\u2066 \u200B\u0000\u001B[31m`,
  `d ${'long '.repeat(2000)}`,
  `e [mail](mailto:a@example.com) ${origin}/page https://example.com www.example.com`,
  'f\n\n# heading\r\n> quote\u2028`code`',
];

/** Counts what no text of a server may become, inside the elements that show it. */
async function activeParts(window: Workbench, selector: string): Promise<{ elements: number; active: string[] }> {
  return window.page.evaluate(`(() => {
    const elements = [...document.querySelectorAll(${JSON.stringify(selector)})].filter((each) => each.getClientRects().length > 0);
    const active = elements.flatMap((each) => [...each.querySelectorAll('a:not(.label-name), a[href], img, svg, .codicon, code, h1, blockquote')].map((part) => part.outerHTML.slice(0, 200)));
    return { elements: elements.length, active };
  })()`);
}

async function isHarmless(window: Workbench, selector: string, where: string, atLeast = 1): Promise<void> {
  const { elements, active } = await activeParts(window, selector);
  assert.ok(elements >= atLeast, `${where}: only ${elements} of ${selector} are shown`);
  assert.deepEqual(active, [], where);
}

const bidi = /[\u202A-\u202E\u2066-\u2069]/;

describe('Names that are meant to do harm', function () {
  this.timeout(180_000);
  const product = useProduct();
  let sink: Sink;

  before(async () => {
    sink = await startSink();
  });
  after(() => sink.close());

  function plant(api: LocalApi): void {
    for (const name of namesFor(sink)) {
      api.state.addProjectToken({ name, createdAt: api.now() });
      api.state.addUser({ firstName: name, externalId: name.slice(0, 200), createdAt: api.now() });
    }
  }

  it('show as plain text in rows, tooltips, quick picks, dialogs and notifications', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    plant(api);
    await window.viewAction(projectTokens, 'Refresh');
    await window.row(/^a \[press here\]/, projectTokens).waitFor();
    await window.row(/^b /, userTokens).waitFor();

    await isHarmless(window, '[role=tree] .monaco-icon-label-container', 'rows', 12);
    for (const view of [projectTokens, userTokens]) {
      for (const { label, accessibleName } of await window.rows(view)) {
        assert.ok(label.length <= 300, `${label.length} characters`);
        assert.doesNotMatch(label + accessibleName, bidi);
      }
      for (const letter of ['a', 'b', 'c', 'd', 'e', 'f']) {
        const hover = window.page.locator('.monaco-hover:visible');
        const wanted = hover.filter({ hasText: new RegExp(`^\\s*${letter} `) }).first();
        // A row that is drawn anew under the mouse shows nothing until the mouse comes again.
        await eventually(async () => {
          await window.page.mouse.move(800, 400);
          await window.row(new RegExp(`^${letter} `), view).hover();
          await wanted.waitFor({ timeout: 3000 });
        });
        await isHarmless(window, '.monaco-hover', `tooltip of ${letter}`);
        await window.page.mouse.move(800, 400);
        await hover.first().waitFor({ state: 'hidden' });
      }
    }

    await window.palette('MagicBell: Revoke Token…');
    await window.quickInput.waitForTitle('Revoke Tokens');
    await window.quickInput.row(/^\s*a \[press here\]/).waitFor();
    await isHarmless(window, '.quick-input-list .quick-input-list-row .monaco-icon-label-container', 'quick pick', 6);
    await window.quickInput.cancel();

    await window.row(/^a \[press here\]/, projectTokens).click();
    await window.page.keyboard.press('ControlOrMeta+A');
    await window.page.keyboard.press('Delete');
    await window.modal.wait('Revoke 6 tokens?');
    await isHarmless(window, '.dialog-message-text, .dialog-message-detail', 'dialog', 2);
    assert.doesNotMatch(await window.modal.detail(), bidi);
    api.faults.add({ operation: 'DiscardProjectJwt', times: 'always', fault: { kind: 'status', status: 500 } });
    await window.modal.press('Revoke 6 Tokens');
    await (await window.toast(/^6 of 6 tokens were not revoked/)).message();
    await isHarmless(window, '.notification-list-item-message', 'notification');

    for (const name of namesFor(sink).slice(0, 2)) {
      await createProjectToken(window, name.slice(0, 255));
      await window.toast(new RegExp(`^The value of “${name.slice(0, 1)} `));
      await isHarmless(window, '.notification-list-item-message', 'notification of a creation');
      await window.writeClipboard('something else');
    }
    await eventually(async () => {
      const { active } = await activeParts(window, '[role=tree] .monaco-icon-label-container');
      assert.deepEqual(active, []);
    });
    // Nothing was fetched for any of them, and no script ran.
    assert.equal(sink.connections, 0);
    assert.notEqual(await window.page.title(), 'hit');
  });

  it('stay text where tokens are signed, checked, audited, and asked for by an agent', async () => {
    const { window, api } = await product.connected(
      { seed: 'empty' },
      { settings: { 'magicbellTokens.agents': 'change' } },
    );
    const { quickInput, modal } = window;
    plant(api);
    await window.viewAction(projectTokens, 'Refresh');
    const user = window.row(/^b /, userTokens);
    await user.waitFor();

    const called = product.callTool('issue_token', { kind: 'project', name: namesFor(sink)[1] });
    await modal.wait(/^Create the project token “b /);
    await isHarmless(window, '.dialog-message-text, .dialog-message-detail', 'question for an agent', 2);
    await modal.cancel();
    assert.match((await called).says, /the person declined/);

    await window.contextMenu(user, 'Sign for a User…');
    for (const [step, key] of [api.keys.apiKey, api.keys.secretKey].entries()) {
      await quickInput.waitForTitle(new RegExp(`^Sign Token for b .*\\(${step + 1}/3\\)$`));
      await isHarmless(window, '.quick-input-title', 'title');
      await quickInput.paste(key);
      await quickInput.accept();
    }
    await quickInput.waitForTitle(/\(3\/3\)$/);
    await quickInput.accept();
    await window.toast(/^The value of “b .*Signed here, it is not listed/);
    await isHarmless(window, '.notification-list-item-message', 'notification of a signed token');
    await window.palette('MagicBell: Show Signed Tokens…');
    await quickInput.row(/^\s*b /).waitFor();
    await isHarmless(window, '.quick-input-list .monaco-list-row[aria-label^="b "] .label-name', 'signed token');
    await quickInput.cancel();

    await window.palette('MagicBell: Check Token…');
    await quickInput.waitForTitle('Check Token');
    await quickInput.pick('On the Clipboard');
    await eventually(async () => assert.match(await window.text(), /This token was signed here for b /));
    await window.page.keyboard.press('Escape');
    await window.palette('MagicBell: Audit Users’ Tokens');
    await window.toast(/^Audited /);
    await eventually(async () => assert.match(await window.text(), /MagicBell Overview/));
    assert.equal(sink.connections, 0);
    assert.notEqual(await window.page.title(), 'hit');
  });

  it('shows the messages of a server as text too', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    const message = `[press](command:workbench.action.closeWindow) $(alert) ![x](${sink.origin}/m.png)`;
    api.faults.add({ operation: 'CreateProjectJwt', fault: { kind: 'status', status: 422, message } });
    await createProjectToken(window, 'Refused');
    await window.toast(/^MagicBell did not accept the input/);
    await isHarmless(window, '.notification-list-item-message', 'notification');
    assert.equal(sink.connections, 0);
  });
});
