import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { startLocalApi } from '../server/localApi.ts';
import { explain, readOptions } from '../server/programOptions.ts';
import { pageOf, pathOf, send, type Json } from './localApiWire.ts';

interface Program {
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the address as soon as the program says that it listens. */
  readonly listening: Promise<string>;
  readonly exit: Promise<number | null>;
}

describe('local API: program', function () {
  // Each test starts a process, which takes long on a machine that has others to run.
  this.timeout(60_000);

  const programs: Program[] = [];

  afterEach(async () => {
    for (const program of programs.splice(0)) {
      program.process.kill('SIGKILL');
      await program.exit;
    }
  });

  function start(...args: string[]): Program {
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/server/main.ts', ...args], {
      cwd: new URL('../..', import.meta.url),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] },
    });
    let stdout = '';
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const exit = once(child, 'close').then(([code]) => code as number | null);
    const listening = new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
        const url = /^listening (\S+)\n/m.exec(stdout)?.[1];
        if (url !== undefined) resolve(url);
      });
      void exit.then((code) => reject(new Error(`exit ${String(code)}: ${stderr}`)));
    });
    listening.catch(() => undefined);
    const program: Program = { process: child, stdout: () => stdout, stderr: () => stderr, listening, exit };
    programs.push(program);
    return program;
  }

  const get = (url: string, token: string): Promise<Response> =>
    fetch(url, { headers: { authorization: `Bearer ${token}` } });

  it('prints exactly one line and serves the sample data to the given token', async () => {
    const program = start('--port', '0', '--token', 'secret-1');
    const url = await program.listening;
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/v2$/);
    assert.equal((await get(`${url}/jwt/project`, 'secret-1')).status, 200);
    assert.equal((await get(`${url}/jwt/project`, 'secret-2')).status, 401);
    assert.equal(program.stdout(), `listening ${url}\n`);
    assert.equal(program.stderr(), '');
  });

  it('makes a token when none is given, and prints it before it is ready', async () => {
    const program = start('--port', '0', '--seed', 'empty', '--list-admin-token');
    const url = await program.listening;
    const token = /^token (eyJ\S+)\nlistening \S+\n$/.exec(program.stdout())?.[1] ?? '';
    const page = (await (await get(`${url}/jwt/project`, token)).json()) as { data: Json[] };
    assert.deepEqual(
      page.data.map(({ name }) => name),
      ['Local administrator'],
    );
  });

  it('serves several projects, prints the token of each, and takes switches', async () => {
    const program = start(
      '--port',
      '0',
      '--projects',
      '3',
      '--token',
      'one',
      '--june-2026',
      '--switch',
      'links=encoded',
    );
    const url = await program.listening;
    const lines = program.stdout().split('\n');
    assert.match(lines[0] ?? '', /^token eyJ\S+ \(Acme Production\)$/);
    assert.match(lines[1] ?? '', /^token eyJ\S+ \(Acme Mobile\)$/);
    assert.equal(lines[2], `listening ${url}`);
    const tokens = ['one', ...lines.slice(0, 2).map((line) => line.split(' ')[1] ?? '')];
    for (const token of tokens) {
      assert.equal((await get(`${url}/users?limit=1`, token)).status, 200);
      assert.equal((await get(`${url}/jwt/project`, token)).status, 405);
    }
    const switches = (await (await fetch(`${url.replace('/v2', '/__control')}/switches`)).json()) as Json;
    assert.deepEqual([switches['links'], switches['june2026']], ['encoded', true]);
  });

  it('answers after its latency, with the large seed too', async () => {
    const url = await start('--port', '0', '--token', 't', '--seed', 'large', '--latency-ms', '150').listening;
    const askedAt = performance.now();
    assert.equal((await get(`${url}/users?limit=1`, 't')).status, 200);
    assert.ok(performance.now() - askedAt >= 148, 'it came too early');
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`stops on ${signal}, also with a request that hangs, one that waits and a connection kept alive`, async () => {
      const program = start('--port', '0', '--token', 't');
      const url = await program.listening;
      await get(`${url}/users`, 't');
      const control = url.replace('/v2', '/__control');
      await fetch(`${control}/faults`, { method: 'POST', body: JSON.stringify({ fault: { kind: 'hang' } }) });
      const hanging = assert.rejects(get(`${url}/users`, 't'));
      await fetch(`${control}/journal?atLeast=2`);
      const waiting = assert.rejects(fetch(`${control}/journal?atLeast=99`));
      program.process.kill(signal);
      assert.equal(await program.exit, 0);
      await Promise.all([hanging, waiting]);
      assert.equal(program.stderr(), '');
    });
  }

  it('stops when the npm that runs it is stopped', async function () {
    if (process.platform === 'win32') this.skip();
    const npm = spawn('npm', ['run', '--silent', 'api', '--', '--port', '0', '--token', 't'], {
      cwd: new URL('../..', import.meta.url),
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    try {
      const [line] = (await once(npm.stdout, 'data')) as [Buffer];
      const socket = connect(Number(/:(\d+)\/v2/.exec(line.toString())?.[1]), '127.0.0.1');
      await once(socket, 'connect');
      const closed = once(socket, 'close', { signal: AbortSignal.timeout(20_000) });
      npm.kill('SIGTERM');
      await closed;
    } finally {
      npm.stdout.destroy();
      // Its process group, should anything of it still run.
      try {
        if (npm.pid !== undefined) process.kill(-npm.pid, 'SIGKILL');
      } catch {
        // Nothing does.
      }
    }
  });

  it('says which port is taken, and exits with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const program = start('--port', String(port), '--token', 't');
    assert.equal(await program.exit, 1);
    assert.match(program.stderr(), new RegExp(`port is taken.*${port}`));
    assert.doesNotMatch(program.stderr(), /at .*\.ts:\d+/);
    assert.equal(program.stdout(), '');
    other.close();
  });

  it('exits with 1 and shows the usage for what it refuses', async () => {
    const program = start('--seed', 'huge');
    assert.equal(await program.exit, 1);
    assert.match(program.stderr(), /^--seed is one of demo, empty, large, june-2026\n\nUsage: npm run api/);
    assert.equal(program.stdout(), '');
  });
});

describe('local API: arguments of the program', () => {
  for (const [args, message] of [
    [['--port', 'http'], '--port is a whole number from 0 to 65535'],
    [['--port', '65536'], '--port is a whole number from 0 to 65535'],
    [['--port', '-1'], "'--port' argument is ambiguous"],
    [['--latency-ms', '1.5'], '--latency-ms is a whole number from 0 to 600000'],
    [['--seed', 'huge'], '--seed is one of demo, empty, large, june-2026'],
    [['--projects', '0'], '--projects is a whole number from 1 to 20'],
    [['--switch', 'order'], '--switch is NAME=VALUE'],
    [['--switch', 'order=random'], 'order: '],
    [['--switch', 'nonsense=1'], 'nonsense: '],
    [['--token', ''], '--token must not be empty'],
    [['--nonsense'], "Unknown option '--nonsense'"],
    [['extra'], "Unexpected argument 'extra'"],
  ] as const) {
    it(`refuses ${args.join(' ')} and explains it with the usage`, () => {
      assert.throws(
        () => readOptions([...args]),
        (error) => {
          const explained = explain(error);
          assert.ok(explained.includes(message), explained);
          assert.match(explained, /Usage: npm run api/);
          return true;
        },
      );
    });
  }
});

describe('local API: seeds', () => {
  const now = new Date('2026-11-25T12:00:00Z');
  const dayMs = 86_400_000;

  it('demo: project tokens in every state, users of every sort', async () => {
    const api = await startLocalApi({ seed: 'demo', now: () => now });
    const tokens = pageOf(await send(api, 'GET', '/jwt/project')).data;
    const days = new Map(
      tokens.map(({ name, expires_at }) => [
        String(name),
        typeof expires_at === 'string' ? Math.floor((Date.parse(expires_at) - now.getTime()) / dayMs) : undefined,
      ]),
    );
    assert.equal(tokens.length, 8);
    assert.deepEqual(
      [days.get('CI deploy'), days.get('Staging webhook'), days.get('Old cron'), days.get('Terraform')],
      [12, 1, -3, undefined],
    );
    const createdAt = tokens.map(({ created_at }) => String(created_at));
    assert.deepEqual(createdAt, [...createdAt].sort().reverse());

    const users = pageOf(await send(api, 'GET', '/users')).data;
    assert.equal(users.length, 12);
    const counts = await Promise.all(
      users.map(async ({ id }) => pageOf(await send(api, 'GET', `/jwt/user/${String(id)}`)).data.length),
    );
    assert.deepEqual([...new Set(counts)].sort(), [0, 1, 2, 5]);
    assert.ok(
      users.some((user) => user['email'] === null && user['external_id'] !== null),
      'one has an external id alone',
    );
    assert.ok(
      users.some((user) => Object.entries(user).every(([name, value]) => name === 'id' || value === null)),
      'one has nothing but its id',
    );
    assert.ok(tokens.some(({ name }) => String(name).length > 100));
    await api.close();
  });

  it('large: is planted within a second of computing time', async () => {
    const before = process.cpuUsage();
    const api = await startLocalApi({ seed: 'large' });
    const { user, system } = process.cpuUsage(before);
    await api.close();
    assert.ok(user + system < 1_000_000, `${(user + system) / 1000} ms`);
  });

  it('large: 10,000 project tokens and 10,000 users, the same on every start', async function () {
    this.timeout(60_000);
    const walk = async (path: string): Promise<string[]> => {
      const api = await startLocalApi({ seed: 'large', now: () => now });
      const ids: string[] = [];
      for (let next: string | null = `${path}?limit=100`; next !== null;) {
        const { data, links } = pageOf(await send(api, 'GET', next));
        ids.push(...data.map(({ id }) => String(id)));
        next = links.next ? pathOf(api, links.next) : null;
      }
      await api.close();
      return ids;
    };
    for (const path of ['/jwt/project', '/users']) {
      const ids = await walk(path);
      assert.equal(new Set(ids).size, 10_000);
      assert.deepEqual(await walk(path), ids);
    }
  });

  it('empty: nothing', async () => {
    const api = await startLocalApi({ seed: 'empty' });
    for (const path of ['/jwt/project', '/users']) assert.deepEqual(pageOf(await send(api, 'GET', path)).data, []);
    await api.close();
  });
});
