import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StatusBarItem } from 'vscode';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { useHeldProduct } from '../support/heldExtension/heldProduct.ts';
import { replace } from '../support/heldExtension/replace.ts';
import { letADayPass } from '../support/watchFiles.ts';

describe('The life of a token', () => {
  const held = useHeldProduct();

  it('is rotated: the new one works, the old one until its rotation is finished, over a restart', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    const api = await product.connect({ seed: 'empty' });
    await product.createProjectToken('Rotated');
    const old = product.clipboard.text;
    product.clipboard.text = 'something else';
    const { node } = await product.row('projectTokens', 'Rotated', /^in /);

    const rotated = product.run('rotateToken', node);
    await quickInputs.pick('Rotate Rotated', 'Same lifetime as the old one');
    await quickInputs.pick('Rotate Rotated', 'After 24 hours');
    await rotated;
    await messages.shown(/^The old “Rotated” stays valid\. You are reminded/);
    const fresh = product.clipboard.text;
    assert.notEqual(fresh, old);
    assert.equal(await statusAsBearer(api, 'project', fresh), 200);
    assert.equal(await statusAsBearer(api, 'project', old), 200);

    await product.stop();
    product.start();
    const row = await product.row('projectTokens', 'Rotated', /^rotated, revoke/);
    const finished = product.run('finishRotation', row.node);
    await quickInputs.pick('Rotation of Rotated', '$(trash) Revoke the Old Token…');
    await messages.press(/^Revoke the old “Rotated”\?$/, 'Revoke');
    await finished;
    assert.equal(await statusAsBearer(api, 'project', old), 401);
    assert.equal(await statusAsBearer(api, 'project', fresh), 200);
    void product.run('finishRotation');
    await messages.shown(/^No rotation is pending\.$/);
  });

  for (const [what, isListed] of [
    ['recognised by the list', true],
    ['unknown where the list cannot be loaded', false],
  ] as const)
    it(`is rotated, and the API key of this extension is ${what} before the old one is revoked after a restart`, async () => {
      const product = held.current;
      const { quickInputs, messages } = product;
      // The claims of such a key have no id: only its list tells which one it is.
      const api = await product.connect({ seed: 'empty', switches: { projectTokens: 'RS256' } });
      await product.createProjectToken('Own key');
      await product.connectTo(api.url, product.clipboard.text);
      product.clipboard.text = 'something else';
      const { node } = await product.row('projectTokens', 'Own key', / · perhaps your API key$/);
      const rotated = product.run('rotateToken', node);
      await quickInputs.pick('Rotate Own key', '30 days');
      await quickInputs.pick('Rotate Own key', 'After 24 hours');
      await rotated;
      messages.clear();

      await product.stop();
      const fault = { kind: 'forbidden' } as const;
      if (!isListed) api.faults.add({ operation: 'FetchProjectTokens', times: 'always', fault });
      product.start();
      const finished = product.run('finishRotation');
      await quickInputs.pick('Rotation of Own key', '$(trash) Revoke the Old Token…');
      const { detail, answer } = await messages.shown(/^Revoke the old “Own key”\?$/);
      const isUnknown = /^Which token is the API key of this extension cannot be told here: .* not this one\.$/m;
      if (isListed) {
        assert.match(detail, /^Own key: project token, expires .*, perhaps your API key/);
        assert.doesNotMatch(detail, isUnknown);
        answer('Revoke');
        (await messages.shown(/^“Own key” may be the API key of this extension\.$/)).answer(undefined);
      } else {
        assert.match(detail, isUnknown);
        answer(undefined);
      }
      await finished;
      assert.equal(api.journal.count({ method: 'DELETE' }), 0);
    });

  it('is on the clipboard while others expire: the status item says both', async () => {
    const product = held.current;
    const { quickInputs, vscode } = product;
    const api = await product.connect({ seed: 'empty' });
    const inDays = (days: number): Date => new Date(Date.now() + days * 24 * 60 * 60_000);
    api.state.addProjectToken({ name: 'Nearly over', createdAt: inDays(-40), expiresAt: inDays(2) });
    await product.stop();
    const items: StatusBarItem[] = [];
    const { createStatusBarItem } = vscode.window;
    const restore = replace(vscode.window, 'createStatusBarItem', (...args: Parameters<typeof createStatusBarItem>) => {
      items.push(createStatusBarItem(...args));
      return items.at(-1);
    });
    product.start();
    await product.row('projectTokens', 'Nearly over');
    restore();
    const [item] = items;
    assert.ok(item);
    await eventually(() => assert.equal(item.text, '$(warning) 1 expiring'));
    assert.equal(item.command, 'magicbellTokens.showExpiring');
    await product.createProjectToken('Copied');
    assert.equal(item.text, '$(key) Token on clipboard · Clear $(warning) 1');
    assert.match(JSON.stringify(item.tooltip), /is on the clipboard\. Click to clear it\. .*expire soon: 1\."$/);
    assert.equal(item.accessibilityInformation?.label, item.tooltip);
    assert.equal(item.command, 'magicbellTokens.clearClipboard');
    await product.run('clearClipboard');
    assert.equal(item.text, '$(warning) 1 expiring');
    assert.deepEqual(quickInputs.titles, []);
  });

  it('is watched: badge and one notice, from which it is replaced in five steps', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    const api = await product.connect({ seed: 'empty' });
    // Made for longer than the days of the reminder: who makes a token for a day knows when it ends.
    const inDays = (days: number): Date => new Date(Date.now() + days * 24 * 60 * 60_000);
    api.state.addProjectToken({ name: 'Short', createdAt: inDays(-30), expiresAt: inDays(1) });
    const startedAt = performance.now();
    await product.run('refresh');
    await product.row('projectTokens', 'Short');
    await eventually(() => assert.equal(product.badge('projectTokens'), 1));
    // VS Code gets the rows first, and half a second for them.
    assert.ok(performance.now() - startedAt >= 490, 'the badge came at once');
    // A project that was connected just now is no news yet.
    await product.stop();
    letADayPass(product.globalStorage);
    product.start();
    await product.row('projectTokens', 'Short');
    await eventually(() => assert.equal(product.badge('projectTokens'), 1));

    // 1 the notice, 2 the lifetime, 3 the time of the revocation.
    await messages.press(/^“Short” expires/, 'Rotate…');
    await quickInputs.pick('Rotate Short', '90 days');
    await quickInputs.pick('Rotate Short', 'After 1 hour');
    await messages.shown(/^The old “Short” stays valid\. You are reminded/);
    const fresh = product.clipboard.text;
    assert.equal(await statusAsBearer(api, 'project', fresh), 200);

    await product.stop();
    messages.clear();
    product.start();
    await product.row('projectTokens', 'Short', /^rotated, revoke/);
    await eventually(() => assert.equal(product.badge('projectTokens'), 1));
    assert.deepEqual(
      messages.all.filter(({ text }) => text.startsWith('“Short” expires')),
      [],
    );
  });

  it('counts as expiring when the setting says so, at once', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    await product.connect({ seed: 'empty' });
    await product.createProjectToken('Quarterly');
    await product.createProjectToken('Also quarterly');
    await product.row('projectTokens', 'Also quarterly');
    assert.equal(product.badge('projectTokens'), 0);
    const filtered = product.run('filterProjectTokens');
    await quickInputs.pick('Filter Project Tokens', 'Expiring Soon');
    await filtered;
    await product.row('projectTokens', 'No token matches the filter');

    await product.configure('expiryReminderDays', [100]);
    await eventually(() => assert.equal(product.badge('projectTokens'), 2));
    // They were made for 90 days a moment ago.
    assert.ok(!messages.all.some(({ text }) => text.startsWith('MagicBell tokens')));
    const { node } = await product.row('projectTokens', 'Quarterly');
    assert.equal(await product.icon('projectTokens', node), 'warning');
    await product.configure('expiryReminderDays', undefined);
    await product.row('projectTokens', 'No token matches the filter');
    await eventually(() => assert.equal(product.badge('projectTokens'), 0));
  });

  it('has expired once it has by the server’s clock, which judges it', async () => {
    const product = held.current;
    const { quickInputs } = product;
    const api = await product.connect({ seed: 'empty', switches: { clockOffsetMs: 3 * 3_600_000 } });
    const inHours = (hours: number): Date => new Date(Date.now() + hours * 3_600_000);
    api.state.addProjectToken({ name: 'Dead', createdAt: inHours(-30), expiresAt: inHours(1.5) });
    api.state.addProjectToken({ name: 'Live', createdAt: inHours(-30), expiresAt: inHours(6.5) });
    await product.run('refresh');
    const { node } = await product.row('projectTokens', 'Dead', /^1 hour ago$/);
    assert.equal(await product.icon('projectTokens', node), 'error');
    await product.row('projectTokens', 'Live', /^in 3 hours$/);
    const filtered = product.run('filterProjectTokens');
    await quickInputs.pick('Filter Project Tokens', 'Expired');
    await filtered;
    await eventually(async () =>
      assert.deepEqual(
        (await product.rows('projectTokens')).map(({ label }) => label),
        ['Dead'],
      ),
    );
    const cleared = product.run('filterProjectTokens');
    await quickInputs.pick('Filter Project Tokens', 'All');
    await cleared;
  });

  it('is found, sorted and filtered; the filter is remembered over a restart', async () => {
    const product = held.current;
    const { quickInputs } = product;
    const api = await product.connect();
    await product.row('projectTokens', 'CI deploy');
    void product.run('findToken');
    const title = 'Find Token, Among the 8 Loaded; Users at MagicBell';
    await quickInputs.search(title, 'hana');
    await eventually(async () => assert.ok((await quickInputs.labels(title)).includes('$(account) hana@example.com')));
    // Among the loaded users she is found at once; MagicBell is asked a moment later.
    const asked = (): string => api.journal.find({ operation: 'ListUsers' }).at(-1)?.query ?? '';
    await eventually(() => assert.match(asked(), /\bquery=hana$/));
    await quickInputs.leave(title);

    const filtered = product.run('filterProjectTokens');
    await quickInputs.pick('Filter Project Tokens', 'Never Expiring');
    await filtered;
    const names = async (): Promise<string[]> => (await product.rows('projectTokens')).map(({ label }) => label);
    await eventually(async () => assert.deepEqual((await names()).sort(), ['Billing service', 'Terraform']));
    await product.stop();
    product.start();
    await eventually(async () => assert.deepEqual((await names()).sort(), ['Billing service', 'Terraform']));
  });

  it('is revoked with others by a criterion, after a look; production asks for the number to be typed', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    const api = await product.connect();
    const marked = product.run('editConnection');
    await quickInputs.pick(`127.0.0.1:${api.port}`, '$(lock) Mark as Production');
    await marked;
    await product.row('projectTokens', 'CI deploy');
    const project = `127.0.0.1:${api.port} (production)`;
    const revoked = product.run('revokeMatching');
    await quickInputs.pick(`Revoke Expired, Never Expiring or Older Tokens · ${project}`, 'Never Expiring');
    await quickInputs.acceptChecked(`Revoke Never Expiring Tokens · ${project}`);
    const question = await messages.press(/^Revoke 2 tokens\?$/, 'Revoke 2 Tokens');
    assert.match(question.detail, /^Terraform: project token, never expires/m);
    await quickInputs.type(`Revoke in Production · 127.0.0.1:${api.port}`, '2 tokens');
    await revoked;
    await messages.shown(/^127\.0\.0\.1:\d+ \(production\): 2 tokens were revoked\.$/);
    assert.equal(api.journal.count({ method: 'DELETE' }), 2);
    for (const name of ['Terraform', 'Billing service']) await product.row('projectTokens', name, /^revoked$/);
  });

  it('belongs to one of several connections, each with its own key and address', async () => {
    const product = held.current;
    const { quickInputs } = product;
    const first = await product.connect();
    await product.row('projectTokens', 'CI deploy');
    const second = await product.api({ seed: 'empty' });
    const added = product.run('addConnection');
    await quickInputs.type('Add Connection', second.url);
    await quickInputs.type('Add Connection', second.token);
    await quickInputs.type('Add Connection', 'Staging');
    await added;
    const { node } = await product.row('projectTokens', 'Staging');
    // The view of users loads by itself.
    const { node: above } = await product.row('userTokens', `127.0.0.1:${first.port}`);
    await product.row('userTokens', 'hana@example.com', /^/, above);
    first.journal.clear();
    const created = product.run('createTokenInProject', node);
    await quickInputs.type('Create Project Token · Staging', 'Of staging');
    await quickInputs.pick('Create Project Token · Staging', '90 days');
    await created;
    await product.row('projectTokens', 'Of staging', /^/, node);
    assert.deepEqual(first.journal.find({}), []);

    const { node: other } = await product.row('projectTokens', `127.0.0.1:${first.port}`);
    await product.row('projectTokens', 'CI deploy', /^/, other);
    const names = (await product.rows('projectTokens', other)).map(({ label }) => label);
    assert.ok(!names.includes('Of staging'));
    const { node: users } = await product.row('userTokens', `127.0.0.1:${first.port}`);
    const { node: hana } = await product.row('userTokens', 'hana@example.com', /^/, users);
    await product.row('userTokens', 'Web inbox', /^/, hana);
    const keptNames = (): string => {
      const folder = path.join(product.globalStorage, 'expiries');
      return readdirSync(folder)
        .map((name) => readFileSync(path.join(folder, name), 'utf8'))
        .join();
    };
    for (const name of ['Of staging', 'CI deploy', 'Web inbox'])
      await eventually(() => assert.ok(keptNames().includes(`"${name}"`), name));
    const bearers = (api: typeof first): Set<string> => new Set(api.journal.find({}).map(({ bearer }) => bearer ?? ''));
    assert.ok([...bearers(first)].every((bearer) => bearer === first.token));
    assert.deepEqual([...bearers(second)], [second.token]);

    // What is kept of each is exported to a calendar, loaded or not: all of it, or one project's.
    await product.stop();
    first.journal.clear();
    product.start();
    const events = async (choice: string): Promise<readonly string[]> => {
      const file = path.join(tmpdir(), `mbt-export-${process.pid}.ics`);
      product.saveAs(file);
      const exported = product.run('exportExpiries');
      await quickInputs.pick('Export Expiries', choice);
      await product.messages.shown(/^Exported \d+ expir(y|ies) to “.*\.ics”\.$/);
      product.messages.clear();
      await exported;
      const text = readFileSync(file, 'utf8').replaceAll('\r\n ', '');
      rmSync(file);
      return [...text.matchAll(/^UID:.*@magicbell-tokens$|^SUMMARY:.*$/gm)].map(([line]) => line);
    };
    const ofStaging = await events('Staging');
    assert.match(ofStaging.join(), /^UID:project-[^,]*,SUMMARY:MagicBell token “Of staging” expires \(Staging\)$/);
    const ofAll = await events('All Projects');
    assert.match(ofAll.join(), /“CI deploy” expires \(127\.0\.0\.1:\d+\)/);
    assert.deepEqual(
      ofStaging.filter((line) => !ofAll.includes(line)),
      [],
    );
    assert.match(ofAll.join(), /“Web inbox” expires \(127\.0\.0\.1:\d+\)/);
    assert.equal(first.journal.count({ operation: 'FetchUserTokens' }), 0);
  });

  it('is recorded without its value: on pages, in an export, in a report', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    await product.connect();
    await product.createProjectToken('=Recorded');
    const value = product.clipboard.text;
    const { node } = await product.row('projectTokens', '=Recorded', /^in /);
    const { panels } = product;

    await product.run('showActivity');
    const delivered = /"what":"Value delivered","result":"to the clipboard","name":"=Recorded"/;
    assert.ok(!(await panels.says('activity', delivered)).includes(value));
    await product.run('showTokenDetails', node);
    const details = await panels.says('token', /"label":"Issued","value":"from VS Code on this computer"/);
    assert.match(details, /"value":"Value delivered \(to the clipboard\)"/);
    assert.ok(!details.includes(value));
    // What is no message of a page does nothing.
    panels.send('token', { type: 'act', action: 'revoke', place: 0, id: 'another' });

    const file = path.join(tmpdir(), `mbt-export-${process.pid}.csv`);
    product.saveAs(file);
    void product.run('exportActivity');
    await quickInputs.pick('Export Activity', 'CSV');
    await messages.shown(/^The activity is exported/);
    const text = readFileSync(file, 'utf8');
    rmSync(file);
    assert.match(text, /,delivered,[^,]*,project,"'=Recorded",/);
    assert.ok(!text.includes(value));

    const cleared = product.run('clearActivity');
    await messages.press(/^Clear the activity\?$/, 'Clear Activity');
    await cleared;
    await panels.says('activity', /"entries":\[\]/);
    assert.deepEqual(
      messages.all.filter(({ isModal }) => isModal),
      [],
    );
  });
});
