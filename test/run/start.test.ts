import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { projectDir } from '../support/vscode/paths.ts';
import { descendants, isRunning, signal, waitUntilGone } from '../support/vscode/processes.ts';

describe('npm start', function () {
  this.timeout(60_000);

  it('takes another port when its own is taken, asks for its token, and leaves no process behind', async () => {
    const occupied = createServer();
    occupied.listen(0, '127.0.0.1');
    await once(occupied, 'listening');
    const { port } = occupied.address() as AddressInfo;
    const program = path.join(projectDir, 'test', 'run', 'start.mjs');
    const demo = spawn(process.execPath, [program, '--port', String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
    try {
      const url = new URL(await addressIn(demo.stdout, demo.stderr));
      assert.notEqual(Number(url.port), port);
      assert.equal((await fetch(url.origin)).status, 401);
      assert.equal((await fetch(url, { headers: { origin: 'http://elsewhere.example' } })).status, 403);
      const first = await fetch(url, { redirect: 'manual' });
      assert.equal(first.status, 302);
      const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
      const page = await fetch(url.origin, { headers: { cookie } });
      assert.match(await page.text(), /vscode-workbench-web-configuration/);

      const pid = demo.pid ?? 0;
      const all = [pid, ...descendants(pid).map((child) => child.pid)];
      assert.ok(all.length > 1);
      assert.ok(all.every(isRunning));
      signal(pid, 'SIGINT');
      const [code] = (await once(demo, 'exit')) as [number | null];
      assert.equal(code, 0);
      assert.deepEqual(await waitUntilGone(all, 5000), []);
    } finally {
      signal(demo.pid ?? 0, 'SIGTERM');
      occupied.close();
    }
  });
});

/** The address that the demo prints when it can be opened. */
async function addressIn(stdout: Readable, stderr: Readable): Promise<string> {
  let printed = '';
  stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  // Leaving the loop must not close the pipe: the demo still has to say that it stops.
  for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
    printed += String(chunk);
    const found = /http:\/\/\S+\?token=\S+/.exec(printed);
    if (found !== null && printed.includes('Ctrl-C')) return found[0];
  }
  throw new Error(`The demo ended without an address:\n${printed}`);
}
