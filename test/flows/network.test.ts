import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { LocalApi } from '../server/localApi.ts';
import { type ConnectProxy, startConnectProxy } from '../support/connectProxy.ts';
import { useHeldProduct } from '../support/heldExtension/heldProduct.ts';
import { privateCertificate, selfSignedCertificate } from '../support/selfSignedCertificate.ts';
import { startTlsFront, type TlsFront } from '../support/tlsFront.ts';

/** A name that only the proxy knows: VS Code never asks a proxy for this machine. */
const host = 'magicbell.test';

/** The window of these tests knows the private certificate's authority by NODE_EXTRA_CA_CERTS: see `hostSuites`. */
describe('The network of VS Code', () => {
  const held = useHeldProduct();
  let api: LocalApi;
  let front: TlsFront;
  let proxy: ConnectProxy;

  beforeEach(async () => {
    api = await held.current.api();
    front = await startTlsFront(privateCertificate, api.port);
    proxy = await startConnectProxy('user:right', front.port);
  });
  afterEach(async () => {
    for (const setting of ['http.proxy', 'http.proxySupport']) await held.current.configureHost(setting, undefined);
    await proxy.close();
    await front.close();
  });

  const isShown = async (): Promise<void> => {
    await held.current.row('projectTokens', 'CI deploy');
    assert.deepEqual([...new Set(api.journal.find({}).map(({ bearer }) => bearer))], [api.token]);
  };

  /** What is said below the question whether to save a key that could not be checked. */
  async function refusal(url: string): Promise<string> {
    const product = held.current;
    const asked = product.connectTo(url, api.token);
    const { detail, answer } = await product.messages.shown(/^The key could not be checked\.$/);
    answer(undefined);
    await product.quickInputs.leave('Set API Key');
    await asked;
    assert.deepEqual(api.journal.find({}), []);
    return detail;
  }

  it('goes through the proxy of VS Code’s settings, with its password', async () => {
    await held.current.configureHost('http.proxy', `http://user:right@127.0.0.1:${proxy.port}`);
    await held.current.connectTo(`https://${host}/v2`, api.token);
    await isShown();
    assert.deepEqual([...new Set(proxy.hosts)], [`${host}:443`]);
  });

  it('goes through the proxy of the environment', async () => {
    const { port } = new URL(process.env['HTTPS_PROXY'] ?? '');
    const ofEnvironment = await startConnectProxy('user:right', front.port, Number(port));
    try {
      await held.current.connectTo(`https://${host}/v2`, api.token);
      await isShown();
      assert.deepEqual([...new Set(ofEnvironment.hosts)], [`${host}:443`]);
    } finally {
      await ofEnvironment.close();
    }
  });

  it('goes through none when VS Code is told so', async () => {
    await held.current.configureHost('http.proxy', `http://user:right@127.0.0.1:${proxy.port}`);
    await held.current.configureHost('http.proxySupport', 'off');
    assert.match(await refusal(`https://${host}/v2`), /^The host name magicbell\.test cannot be resolved/);
    assert.deepEqual(proxy.hosts, []);
  });

  it('says that the proxy wants another user name and password', async () => {
    await held.current.configureHost('http.proxy', `http://user:wrong@127.0.0.1:${proxy.port}`);
    assert.match(await refusal(`https://${host}/v2`), /^The proxy asks for a user name and password \(407\)\./);
  });

  it('says that the proxy does not answer', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    nobody.close();
    await held.current.configureHost('http.proxy', `http://127.0.0.1:${port}`);
    assert.match(await refusal(`https://${host}/v2`), /proxy/i);
  });

  it('trusts an authority of NODE_EXTRA_CA_CERTS', async () => {
    await held.current.connectTo(`https://localhost:${front.port}/v2`, api.token);
    await isShown();
  });

  it('names what to do about a certificate that nobody vouches for', async () => {
    const untrusted = await startTlsFront(selfSignedCertificate, api.port);
    try {
      assert.match(await refusal(`https://localhost:${untrusted.port}/v2`), /NODE_EXTRA_CA_CERTS/);
    } finally {
      await untrusted.close();
    }
  });
});
