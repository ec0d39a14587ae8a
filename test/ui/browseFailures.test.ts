import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { labels, projectTokens, useProduct, userTokens } from '../support/productWindow.ts';
import type { FaultSpec } from '../server/faults.ts';

interface Failure {
  readonly what: string;
  readonly fault: FaultSpec['fault'];
  readonly text: RegExp;
  readonly button: string;
  readonly links: readonly string[];
}

const failures: readonly Failure[] = [
  {
    what: 'a key that is refused while listing',
    fault: { kind: 'status', status: 401 },
    text: /MagicBell does not accept the API key\. It may be revoked or expired/,
    button: 'Set API Key…',
    links: ['Try Again'],
  },
  {
    what: 'an internal problem of MagicBell',
    fault: { kind: 'status', status: 500 },
    text: /MagicBell has an internal problem\./,
    button: 'Try Again',
    links: ['Show Log'],
  },
  {
    what: 'too many requests',
    fault: { kind: 'status', status: 429 },
    text: /Too many requests for this project just now \(429\)/,
    button: 'Try Again',
    links: [],
  },
  {
    what: 'an answer that is not MagicBell’s',
    fault: { kind: 'body', body: 'html' },
    text: /What answered is not MagicBell’s/,
    button: 'Try Again',
    links: ['Edit Connection…'],
  },
  {
    what: 'connections that are reset',
    fault: { kind: 'reset' },
    text: /MagicBell cannot be reached\./,
    button: 'Try Again',
    links: ['Show Log'],
  },
];

describe('Browsing when something is wrong', () => {
  const product = useProduct();

  for (const { what, fault, text, button, links } of failures) {
    it(`shows ${what} on the first load in its own words, and one click recovers`, async () => {
      const api = await product.api();
      for (const operation of ['FetchProjectTokens', 'ListUsers'] as const)
        api.faults.add({ operation, times: 'always', fault });
      const window = await product.openConnected(api);
      for (const view of [projectTokens, userTokens]) {
        await eventually(async () => {
          const welcome = await window.welcome(view);
          assert.match(welcome.text, text);
          assert.deepEqual([welcome.buttons, welcome.links], [[button], links]);
        }, 20_000);
        assert.deepEqual(await labels(window, view), []);
      }
      api.faults.clear();
      await window.pressWelcome(projectTokens, 'Try Again');
      await window.row('CI deploy', projectTokens).waitFor();
      await window.row('hana@example.com', userTokens).waitFor();
    });
  }

  it('says until when MagicBell asks to wait where that is long, beside the reason', async () => {
    const api = await product.api();
    const fault = { kind: 'status', status: 429, retryAfter: 7200 } as const;
    for (const operation of ['FetchProjectTokens', 'ListUsers'] as const)
      api.faults.add({ operation, times: 'always', fault });
    const window = await product.openConnected(api);
    for (const view of [projectTokens, userTokens]) {
      const row = window.row('Retry', view);
      await row.waitFor();
      assert.match(
        (await row.getAttribute('aria-label')) ?? '',
        /^Retry\. Too many requests for this project just now/,
      );
      await eventually(async () =>
        assert.match(await window.viewMessage(view), /^MagicBell asks to wait until \w+ \d+, \d+, \d+:\d\d/),
      );
    }
    api.faults.clear();
    await window.row('Retry', projectTokens).click();
    await window.row('CI deploy', projectTokens).waitFor();
    await eventually(async () => assert.equal(await window.viewMessage(projectTokens), ''));
  });

  it('says on the first load until when MagicBell asks to wait, in a row that stops it', async () => {
    const api = await product.api();
    for (const operation of ['FetchProjectTokens', 'ListUsers'] as const)
      api.faults.add({ operation, times: 1, fault: { kind: 'status', status: 429, retryAfter: 12 } });
    const window = await product.openConnected(api);
    const wait = /^Waiting until /;
    const row = window.row(wait, projectTokens);
    await row.waitFor();
    const before = api.journal.count({});
    await row.click();
    await eventually(async () =>
      assert.match((await window.welcome(projectTokens)).text, /^Loading the project tokens was stopped\./),
    );
    assert.equal(api.journal.count({}), before);
    // The other view still waits, and loads when the time has come.
    await window.row(wait, userTokens).waitFor();
    await window.row('hana@example.com', userTokens).waitFor({ timeout: 40_000 });
  });

  it('says per view what this API does not offer, and the rest works', async () => {
    const { window, api } = await product.connected({
      seed: 'demo',
      switches: { notOffered: ['FetchProjectTokens'] },
    });
    await window.row('hana@example.com', userTokens).waitFor();
    const welcome = await window.welcome(projectTokens);
    assert.match(welcome.text, /This MagicBell API does not list project tokens\./);
    assert.deepEqual(welcome.buttons, ['Open Project Auth']);
    await window.expand(window.row('hana@example.com', userTokens));
    await window.row('Web inbox', userTokens).waitFor();

    api.set({ notOffered: ['ListUsers', 'FetchUserTokens'] });
    await window.viewAction(projectTokens, 'Refresh');
    await window.row('CI deploy', projectTokens).waitFor();
    // What was loaded stays; the failure stands beside it.
    await window.row('hana@example.com', userTokens).waitFor();
    await eventually(async () => {
      const rows = await window.rows(userTokens);
      const missing = rows.filter(({ label }) => label === 'Tokens are not listed by this API');
      assert.ok(missing.length > 0, 'it is not said');
      assert.ok(missing.every(({ description }) => description === 'Sign for a User…'));
      // What would ask again for what is not there is not offered.
      assert.ok(!rows.some(({ label }) => label === 'Retry'));
    });
  });

  it('tells an empty project from a failure, and offers the first creation', async () => {
    const { window } = await product.connected({ seed: 'empty' });
    const welcome = await window.welcome(projectTokens);
    assert.match(welcome.text, /MagicBell lists no tokens for this project\./);
    assert.deepEqual(welcome.buttons, ['Create Project Token…']);
    const users = await window.welcome(userTokens);
    assert.match(users.text, /This project has no users yet\./);
    assert.deepEqual(users.buttons, ['Create User Token…']);
  });

  it('keeps the rows when a refresh fails, says why, and recovers from there', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy', projectTokens).waitFor();
    await window.row('hana@example.com', userTokens).waitFor();
    const before = await labels(window, projectTokens);
    const fault = api.faults.add({ method: 'GET', times: 'always', fault: { kind: 'status', status: 401 } });
    await window.viewAction(projectTokens, 'Refresh');
    const toast = await window.toast(/MagicBell does not accept the API key/);
    assert.deepEqual(await toast.buttons(), ['Set API Key…']);
    await eventually(async () => {
      const rows = await window.rows(projectTokens);
      assert.deepEqual(
        rows.slice(0, -1).map(({ label }) => label),
        before,
      );
      assert.match(rows.at(-1)?.accessibleName ?? '', /^Retry\. MagicBell does not accept the API key/);
    });
    // A refused key is asked once, never in a loop.
    assert.equal(fault.hits, 2);
    await toast.dismiss();
    api.faults.clear();
    api.journal.clear();
    await window.row('Retry', projectTokens).click();
    // Asked again, not only cleared away.
    await eventually(() => assert.equal(api.journal.count({ operation: 'FetchProjectTokens' }), 1));
    await eventually(async () => assert.deepEqual(await labels(window, projectTokens), before));
  });

  it('does not pop up anything for a network that is gone when nobody asked', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy', projectTokens).waitFor();
    const { port } = api;
    await api.close();
    await window.expand(window.row('hana@example.com', userTokens));
    const retry = window.row('Retry', userTokens);
    await retry.waitFor({ timeout: 30_000 });
    assert.match(
      (await retry.getAttribute('aria-label')) ?? '',
      /^Retry\. No connection to 127\.0\.0\.1:\d+ could be made/,
    );
    const back = await product.api({ seed: 'demo', port, token: api.token });
    await retry.click();
    await window.row('Web inbox', userTokens).waitFor();
    assert.equal(back.journal.count({ operation: 'FetchUserTokens' }), 1);
    // It would be here by now: errors stay until somebody closes them.
    const others = (await window.toasts()).filter((text) => !/ expires? /.test(text));
    assert.deepEqual(others, []);
  });
});
