import assert from 'node:assert/strict';
import http from 'node:http';
import { mock } from 'node:test';
import { fetch } from '../../src/http.ts';

describe('fetch', () => {
  it('sends by Node’s http, which VS Code patches for proxies, without an agent of its own', async () => {
    const request = mock.method(http, 'request', () => {
      throw new Error('stopped before it is sent');
    });
    try {
      const { signal } = new AbortController();
      const init = { method: 'GET', headers: {}, redirect: 'manual', compress: true, signal } as const;
      await assert.rejects(fetch('http://localhost/', init), /stopped before it is sent/);
      const [call] = request.mock.calls;
      assert.ok(call);
      const [, options] = call.arguments as unknown as [string, http.RequestOptions];
      assert.equal(options.agent, undefined);
    } finally {
      request.mock.restore();
    }
  });
});
