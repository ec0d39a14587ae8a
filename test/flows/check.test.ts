import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { type HeldProduct, useHeldProduct } from '../support/heldExtension/heldProduct.ts';

describe('Check Token', () => {
  const held = useHeldProduct();

  /** What is said of a value on the clipboard, or of one that is elsewhere. */
  const saidOf = async (
    product: HeldProduct,
    value: string,
    source = '$(clippy) On the Clipboard',
  ): Promise<string> => {
    product.clipboard.text = source.includes('Clipboard') ? value : 'something else';
    const checked = product.run('checkToken');
    await product.quickInputs.pick('Check Token', source);
    await checked;
    const text = await product.panels.says('check', /"title":"This /);
    for (const part of value.split('.')) assert.ok(!text.includes(part), 'the token is on the page');
    return (JSON.parse(text) as { readonly title: string }).title;
  };

  const ledger = ({ globalStorage }: HeldProduct): string[] => readdirSync(path.join(globalStorage, 'ledger'));

  it('recognises what was issued and signed here, over a restart, until the key is forgotten', async () => {
    const product = held.current;
    const api = await product.connect();
    await product.createProjectToken('Known here');
    const issued = product.clipboard.text;
    const signed = await product.signFor('hana@example.com', api);
    assert.equal(ledger(product).length, 2);

    await product.stop();
    product.start();
    await product.row('projectTokens', 'Known here', /^in /);
    api.journal.clear();
    assert.equal(await saidOf(product, issued), 'This is “Known here”.');
    assert.equal(await saidOf(product, signed), 'This token was signed here for hana@example.com.');
    const { vscode } = product;
    const document = await vscode.workspace.openTextDocument({ content: `TOKEN=${issued}\n` });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 6, 1, 0);
    assert.equal(await saidOf(product, issued, '$(selection) Selected in the Editor'), 'This is “Known here”.');
    // A token of the same claims that was not made here is not taken for it.
    const [header = '', claims = ''] = signed.split('.');
    const another = `${header}.${claims}.${'A'.repeat(43)}`;
    assert.doesNotMatch(await saidOf(product, another), /signed here/);
    assert.deepEqual(api.journal.find({}), []);

    // The page acts as the row does; what it asks is asked once, of the host that its button names.
    assert.equal(await saidOf(product, issued), 'This is “Known here”.');
    product.panels.send('check', { type: 'act', action: 'ask', place: 0 });
    await product.panels.says('check', /"answer":"It is alive: MagicBell accepts it as a project token\."/);
    assert.equal(api.journal.find({ operation: 'ListUsers' }).length, 1);
    product.panels.send('check', { type: 'act', action: 'revoke', place: 0 });
    await product.messages.press(/^Revoke “Known here”\?$/, 'Revoke');
    await product.panels.says('check', /"look":"revoked"/);

    const forgotten = product.run('forgetApiKey');
    await product.messages.press(/^Forget the API key\?$/, 'Forget API Key');
    await forgotten;
    assert.deepEqual(ledger(product), []);
    assert.doesNotMatch(await saidOf(product, signed), /signed here/);
  });
});
