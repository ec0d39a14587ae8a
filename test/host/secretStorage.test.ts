import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { env } from 'vscode';
import { systemClock } from '../../src/core/base/clock.ts';
import { Leases, isProcessAlive } from '../../src/core/base/lease.ts';
import { copyToClipboard } from '../../src/core/delivery/clipboard.ts';
import { nodeSharedFolder } from '../../src/core/base/sharedFolder.ts';
import { Secret } from '../../src/core/base/secret.ts';

describe('What the issuance journal stands on, in a real extension host', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'mbt-journal-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('creates a claim for one window only, and passes it on when its process is gone', async () => {
    const files = nodeSharedFolder(path.join(folder, 'issuances'));
    const window = (windowId: string, pid: number) =>
      new Leases(files, { windowId, pid, hostname: hostname() }, systemClock, isProcessAlive);
    const first = window('first', process.pid);
    const second = window('second', process.pid);
    assert.deepEqual(
      await Promise.all([first.take('a'), second.take('a')]).then((won) => won.filter(Boolean).length),
      1,
    );
    // No process has the highest possible id.
    const gone = window('gone', 2 ** 22);
    assert.equal(await gone.take('b'), true);
    assert.equal(await second.take('b'), true);
    assert.equal(await gone.holds('b'), false);
  });

  it('replaces a file as a whole and leaves no temporary one', async () => {
    const target = path.join(folder, 'issuances');
    const files = nodeSharedFolder(target);
    await Promise.all(Array.from({ length: 20 }, (_, index) => files.replace('x.json', String(index).repeat(10_000))));
    assert.match((await files.read('x.json')) ?? '', /^(\d{1,2})\1{9999}$/);
    assert.deepEqual(await files.list(), ['x.json']);
    assert.ok(existsSync(target));
  });

  it('finds out what became of a copy on the real clipboard', async () => {
    await env.clipboard.writeText('before');
    const value = new Secret(`eyJhbGciOiJIUzI1NiJ9.e30.${'x'.repeat(43)}`);
    const outcome = await copyToClipboard(env.clipboard, value, systemClock);
    // A page without the permission to read its clipboard cannot confirm it; it must never claim a delivery then.
    assert.equal(outcome === 'confirmed', (await env.clipboard.readText()) === value.reveal());
    await env.clipboard.writeText('');
  });
});
