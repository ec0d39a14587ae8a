import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { useHeldProduct } from '../support/heldExtension/heldProduct.ts';

describe('What was typed', () => {
  const held = useHeldProduct();

  it('as a user stays when a row that is no choice is accepted', async () => {
    const product = held.current;
    const { quickInputs } = product;
    await product.connect();
    const pinning = product.run('pinUser', 'nobody');
    await quickInputs.search('Pin User', 'nobody-at-all');
    await quickInputs.pick('Pin User', 'Nobody found for “nobody-at-all”.');
    assert.equal(await quickInputs.typed('Pin User'), 'nobody-at-all');
    await quickInputs.leave('Pin User');
    await pinning;
  });

  it('as an expiry stays when the value’s place is changed, and is what Enter takes', async () => {
    const product = held.current;
    const { quickInputs } = product;
    const api = await product.connect({ seed: 'empty' });
    const title = 'Create Project Token';
    const created = product.run('createProjectToken');
    await quickInputs.type(title, 'Typed');
    await quickInputs.search(title, '45d');
    const isOffered = (): Promise<void> =>
      eventually(async () => assert.match((await quickInputs.labels(title))[0] ?? '', /^45 days · /));
    await isOffered();
    await quickInputs.press(title, 'Deliver to .env…');
    await quickInputs.leave('Deliver to .env');
    assert.equal(await quickInputs.typed(title), '45d');
    await isOffered();
    // Also after a step back.
    await quickInputs.press(title);
    await quickInputs.type(title, 'Typed');
    await isOffered();
    await quickInputs.acceptAsItIs(title);
    await created;
    const [request] = api.journal.find({ method: 'POST' });
    const days = (JSON.parse(request?.body ?? '{}') as { expiry: number }).expiry / 86_400;
    assert.ok(Math.abs(days - 45) < 0.01, String(days));
  });

  it('as the user to sign for stays after Back and after Escape', async () => {
    const product = held.current;
    const { quickInputs } = product;
    await product.connect();
    const title = 'Sign for a User';
    const signing = product.run('signUserToken');
    await quickInputs.search(title, 'new@example.com');
    await quickInputs.pick(title, '$(mail) Use “new@example.com” as email');
    await quickInputs.press(title);
    assert.equal(await quickInputs.typed(title), 'new@example.com');
    await quickInputs.leave(title);
    await signing;
    const again = product.run('signUserToken');
    assert.equal(await quickInputs.typed(title), 'new@example.com');
    await quickInputs.leave(title);
    await again;
  });
});
