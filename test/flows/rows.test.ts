import { useHeldProduct } from '../support/heldExtension/heldProduct.ts';

describe('A command of rows', () => {
  const held = useHeldProduct();

  it('means the clicked one of several, wherever it stands in the selection', async () => {
    const product = held.current;
    const api = await product.connect({ seed: 'empty' });
    for (const name of ['A', 'B', 'C']) api.state.addProjectToken({ name, createdAt: new Date() });
    await product.run('refresh');
    const [a, b, c] = await Promise.all(['A', 'B', 'C'].map((name) => product.row('projectTokens', name)));
    await product.run('showTokenDetails', c?.node, [a?.node, b?.node, c?.node]);
    await product.panels.says('token', /"title":"C"/);
  });

  it('leaves out what cannot be rotated, and rotates the rest', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    const api = await product.connect({ seed: 'empty' });
    for (const name of ['Revoked', 'B', 'C']) api.state.addProjectToken({ name, createdAt: new Date() });
    await product.run('refresh');
    const alive = await product.row('projectTokens', 'Revoked');
    const revoking = product.run('revokeToken', alive.node, undefined);
    await messages.press(/^Revoke “Revoked”\?$/, 'Revoke');
    await revoking;
    const revoked = await product.row('projectTokens', 'Revoked', /^revoked$/);
    const [b, c] = await Promise.all(['B', 'C'].map((name) => product.row('projectTokens', name)));
    const several = product.run('rotateToken', b?.node, [revoked.node, b?.node, c?.node]);
    await quickInputs.leave('Rotate 2 Tokens');
    await several;
    const one = product.run('rotateToken', b?.node, [revoked.node, b?.node]);
    await quickInputs.leave('Rotate B');
    await one;
    await product.run('rotateToken', revoked.node, [revoked.node]);
    await messages.shown(/^Select a token that is not revoked yet\.$/);
  });

  it('says that a user is not pinned, instead of nothing', async () => {
    const product = held.current;
    await product.connect();
    const { node } = await product.row('userTokens', 'hana@example.com');
    await product.run('unpinUser', node, undefined);
    await product.messages.shown(/^This user is not pinned\.$/);
  });

  it('asks what it is for when it is called with something else', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    await product.connect();
    for (const argument of [undefined, null, 'hana@example.com', 7, {}]) {
      const forUser = product.run('createTokenForUser', argument);
      await quickInputs.leave('Create User Token');
      await forUser;
      const inProject = product.run('createTokenInProject', argument);
      await quickInputs.leave('Create Project Token');
      await inProject;
      await product.run('signAgain', argument);
      await messages.shown(/^No user token was signed here\.$/);
      messages.clear();
    }
  });
});
