import assert from 'node:assert/strict';
import type { ErrorReason } from '../../../src/core/magicbell/errors.ts';
import { networkError } from '../../../src/core/magicbell/networkError.ts';

const url = new URL('https://api.magicbell.com/v2/users?query=tunnel');

/** As node-fetch throws it. */
function fetchError(code: string | undefined, syscall?: string, reason = ''): Error {
  const message = `request to ${url.href} failed, reason: ${reason}`;
  return Object.assign(new Error(message), { code, errno: code, erroredSysCall: syscall, type: 'system' });
}

describe('networkError', () => {
  const cases: [string | undefined, string | undefined, ErrorReason][] = [
    ['ENOTFOUND', 'getaddrinfo', 'dns'],
    ['EAI_AGAIN', 'getaddrinfo', 'dns'],
    ['ECONNREFUSED', 'connect', 'offline'],
    ['ENETUNREACH', 'connect', 'offline'],
    ['EHOSTUNREACH', 'connect', 'offline'],
    ['ETIMEDOUT', 'connect', 'offline'],
    ['ETIMEDOUT', undefined, 'offline'],
    ['ETIMEDOUT', 'read', 'connectionLost'],
    ['ECONNRESET', 'read', 'connectionLost'],
    ['EPIPE', 'write', 'connectionLost'],
    ['ERR_STREAM_PREMATURE_CLOSE', undefined, 'connectionLost'],
    ['UND_ERR_SOCKET', undefined, 'connectionLost'],
    ['EWHATEVER', undefined, 'connectionLost'],
    [undefined, undefined, 'connectionLost'],
    ['CERT_HAS_EXPIRED', undefined, 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', undefined, 'tls'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', undefined, 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', undefined, 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', undefined, 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', undefined, 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', undefined, 'tls'],
    ['EPROTO', 'write', 'tls'],
    ['HPE_INVALID_CONSTANT', undefined, 'unexpectedResponse'],
    ['HPE_HEADER_OVERFLOW', undefined, 'unexpectedResponse'],
    ['Z_DATA_ERROR', undefined, 'unexpectedResponse'],
    ['ERR__ERROR_FORMAT_PADDING_1', undefined, 'unexpectedResponse'],
  ];
  for (const [code, syscall, reason] of cases) {
    it(`takes ${code ?? 'no code'} at ${syscall ?? 'an unknown call'} as ${reason}`, () => {
      const error = networkError(fetchError(code, syscall, 'whatever'), 'GET /users', url);
      assert.equal(error.reason, reason);
      assert.equal(error.details.code, code);
    });
  }

  it('looks into the causes that the global fetch and connections to several addresses have', () => {
    const cause = Object.assign(new Error(''), { errors: [Object.assign(new Error(''), { code: 'ECONNREFUSED' })] });
    const error = networkError(new TypeError('fetch failed', { cause }), 'GET /users', url);
    assert.deepEqual([error.reason, error.details.code], ['offline', 'ECONNREFUSED']);
  });

  it('knows the failed call of the system’s own errors', () => {
    const error = Object.assign(new Error(''), { code: 'ETIMEDOUT', syscall: 'read' });
    assert.equal(networkError(error, '', url).reason, 'connectionLost');
    assert.equal(networkError({ code: 'ETIMEDOUT', erroredSysCall: 7 }, '', url).reason, 'offline');
  });

  it('does not follow causes in a circle', () => {
    const error = new Error('');
    error.cause = error;
    assert.equal(networkError(error, 'GET /users', url).message, 'GET /users: failed without a code');
  });

  it('knows a proxy by its code', () =>
    assert.equal(networkError({ code: 'ERR_PROXY_TUNNEL' }, '', url).reason, 'proxy'));

  const proxies: [string, string | undefined][] = [
    ['connect ECONNREFUSED 127.0.0.1:3128', 'ECONNREFUSED'],
    ['connect ETIMEDOUT 10.0.0.1:8080', 'ETIMEDOUT'],
    ['Proxy connection ended before receiving CONNECT response', undefined],
    // VS Code's own, when nobody answers where the proxy should be.
    ['Failed to establish a socket connection to proxies: PROXY 127.0.0.1:3128', undefined],
    ['tunneling socket could not be established, statusCode=407', 'ECONNRESET'],
  ];
  for (const [reason, code] of proxies) {
    it(`sees no proxy in "${reason}" once there was an answer`, () =>
      assert.notEqual(networkError(fetchError(code, 'read', reason), '', undefined).reason, 'proxy'));
    it(`sees a proxy in "${reason}"`, () =>
      assert.equal(networkError(fetchError(code, 'connect', reason), 'GET /users', url).reason, 'proxy'));
  }

  it('sees no proxy where the port is that of the API, nor in what somebody searched for', () => {
    const refused = fetchError('ECONNREFUSED', 'connect', 'connect ECONNREFUSED 1.2.3.4:443');
    assert.equal(networkError(refused, 'GET /users', url).reason, 'offline');
    const own = fetchError('ECONNREFUSED', 'connect', 'connect ECONNREFUSED 127.0.0.1:4010');
    assert.equal(networkError(own, '', new URL('http://127.0.0.1:4010/v2')).reason, 'offline');
    const plain = fetchError('ECONNREFUSED', 'connect', 'connect ECONNREFUSED 127.0.0.1:80');
    assert.equal(networkError(plain, '', new URL('http://127.0.0.1/v2')).reason, 'offline');
  });

  it('keeps nothing of the text, the address, or the error itself', () => {
    const raw = Object.assign(fetchError('ECONNRESET', 'read', 'Authorization: Bearer eyJkey'), { config: 'eyJkey' });
    const error = networkError(raw, 'GET /users', url);
    assert.equal(error.message, 'GET /users: ECONNRESET');
    assert.equal(error.cause, undefined);
    assert.doesNotMatch(JSON.stringify(error.details) + (error.stack ?? ''), /eyJkey|query=|tunnel/);
  });

  it('takes no code that could be something else', () => {
    for (const code of ['eyJkey', 'Bearer x', 7, {}, 'A'.repeat(200)]) {
      assert.equal(networkError({ code }, 'GET /users', url).details.code, undefined);
    }
    assert.equal(networkError('text', 'GET /users', url).reason, 'connectionLost');
    assert.equal(networkError(null, 'GET /users', url).reason, 'connectionLost');
  });
});
