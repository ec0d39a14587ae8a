import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { LocalApi } from '../server/localApi.ts';
import { eventually } from '../support/eventually.ts';
import { type HeldProduct, type Row, useHeldProduct } from '../support/heldExtension/heldProduct.ts';

describe('With several projects', () => {
  const held = useHeldProduct();

  const connectTwo = async (product: HeldProduct): Promise<LocalApi> => {
    const api = await product.api({
      seed: 'demo',
      projects: [{ name: 'Acme', listAdminToken: true }, { name: 'Globex' }],
    });
    await product.connectAll(api);
    return api;
  };
  const ofAcme = async (product: HeldProduct, view: 'projectTokens' | 'userTokens', label: string): Promise<Row> =>
    product.row(view, label, /^/, (await product.row(view, 'Acme')).node);

  /** Creates a token with the expiry that is preselected. */
  const create = async (product: HeldProduct, name: string, row?: Row): Promise<void> => {
    const { quickInputs } = product;
    const { node } = row ?? (await product.row('projectTokens', 'Acme'));
    const [command, title] =
      row === undefined
        ? ['createTokenInProject', 'Create Project Token · Acme']
        : ['createTokenForUser', 'Create Token for hana@example.com · Acme'];
    const created = product.run(command, node);
    await quickInputs.type(title, name);
    await quickInputs.pick(title, '90 days');
    void created;
  };

  it('says of which one a value, a key and a rotation are', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    await connectTwo(product);
    await create(product, 'Copied');
    await messages.shown(/^Acme: The value of “Copied” is copied\./);
    const question = /^The clipboard still holds the value of “Copied”\.$/;
    await create(product, 'Kept');
    const { detail, answer } = await messages.shown(question);
    assert.match(detail, /^Project: Acme\nIt cannot be shown again\./);
    answer(undefined);
    (await messages.shown(/^Acme: The value of “Kept” was not copied\./)).answer(undefined);
    messages.clear();

    const waiting = await eventually(async () => {
      const row = await ofAcme(product, 'projectTokens', 'Kept');
      assert.match(row.description, /not copied yet/);
      return row;
    });
    const resolved = product.run('resolveUndelivered', waiting.node);
    await quickInputs.pick('Kept · Acme', '$(close) Discard');
    assert.match((await messages.press(/^Discard the value\?$/, 'Discard Value')).detail, /^Project: Acme\nIt cannot/);
    await resolved;

    product.clipboard.text = 'something else';
    const rotated = product.run('rotateToken', (await ofAcme(product, 'projectTokens', 'Local administrator')).node);
    for (let step = 0; step < 2; step++) await quickInputs.acceptAsItIs('Rotate Local administrator · Acme');
    await messages.press(/^This token is the API key/, 'Use the New One');
    await messages.shown(/^Acme: The new token is the API key now, and its value is copied\.$/);
    messages.clear();
    await rotated;
  });

  it('several tokens of a user are rotated for that user, although the key is replaced meanwhile, and recognised', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    const api = await connectTwo(product);
    const ledger = (): string[] => readdirSync(path.join(product.globalStorage, 'ledger'));
    await create(product, 'Next key');
    await messages.shown(/^Acme: The value of “Next key” is copied\./);
    const key = product.clipboard.text;
    // A listed token shows that the next key is one of the same project.
    await ofAcme(product, 'projectTokens', 'Next key');
    for (const name of ['One', 'Two']) {
      product.clipboard.text = 'something else';
      await create(product, name, await ofAcme(product, 'userTokens', 'hana@example.com'));
      await messages.shown(new RegExp(`^Acme: The value of “${name}” is copied\\.`));
    }
    await eventually(() => assert.equal(ledger().length, 3));
    const hana = await ofAcme(product, 'userTokens', 'hana@example.com');
    const rows = await Promise.all(['One', 'Two'].map((name) => product.row('userTokens', name, /^in /, hana.node)));
    const nodes = rows.map(({ node }) => node);
    api.journal.clear();

    const hold = api.faults.add({ operation: 'CreateUserJwt', fault: { kind: 'hold' } });
    const rotated = product.run('rotateToken', nodes[0], nodes);
    await quickInputs.pick('Rotate 2 Tokens · Acme', 'Same lifetime as each old one');
    await quickInputs.pick('Rotate 2 Tokens · Acme', 'After 24 hours');
    await hold.untilHeld();
    const replaced = product.run('setApiKey', (await product.row('projectTokens', 'Acme')).node);
    await quickInputs.type('Set API Key · Acme', key);
    await replaced;
    hold.release();
    await messages.press(/^Acme: 0 of 2 tokens were rotated and delivered\.$/, 'Show Results');
    const [first, second] = await quickInputs.descriptions('Rotate 2 Tokens · Acme');
    const waits = 'waits: its value is not delivered yet';
    assert.deepEqual([first, second], [waits, waits]);
    await quickInputs.leave('Rotate 2 Tokens · Acme');
    await messages.shown(/^Acme: 0 of 2 tokens/);
    messages.clear();
    await rotated;
    const bodies = api.journal.find({ operation: 'CreateUserJwt' }).map(({ body }) => body);
    assert.deepEqual(
      bodies.map((body) => (JSON.parse(body) as { email?: string }).email),
      ['hana@example.com', 'hana@example.com'],
    );
    await eventually(() => assert.equal(ledger().length, 5));
  });
});
