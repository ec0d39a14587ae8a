import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../src/core/base/clock.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { commandLine } from '../../../src/core/delivery/commandLine.ts';
import { type CommandRun, runPipeline } from '../../../src/core/delivery/commandRun.ts';
import { answerProblem, commandTemplates, fillTemplate } from '../../../src/core/delivery/commandTemplates.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeClock } from '../../support/fakeClock.ts';

const value = new Secret('eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl');

describe('runPipeline', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => (folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'mbt-command-')))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A small program that runs this script; it stands in for the client of a service. */
  function program(name: string, script: string): string {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }
  const records = 'printf "%s\\n" "$@" > args.txt; env > env.txt; cat > stdin.txt';
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  const run = (steps: CommandRun['steps'], more: Partial<CommandRun> = {}): CommandRun => ({
    steps,
    folder,
    opensStdin: false,
    timeoutMs: 30_000,
    ...more,
  });
  const never = new AbortController().signal;

  it('gives the value whole on standard input, and nowhere else', async () => {
    const gh = program('gh', records);
    const result = await runPipeline(run([[gh, 'secret', 'set', 'A B', '$(id)']]), value, systemClock, never);
    assert.deepEqual(result, { outcome: 'confirmed', output: '' });
    assert.equal(read('stdin.txt'), value.reveal());
    assert.equal(read('args.txt'), 'secret\nset\nA B\n$(id)\n');
    assert.ok(!read('env.txt').includes(value.reveal()), 'not in the environment');
  });

  it('gives it to a program that opens /dev/stdin by its path', async () => {
    const aws = program(
      'aws',
      'printf "%s\\n" "$@" > args.txt; read -r line < /dev/stdin; printf %s "$line" > stdin.txt; exec 3</dev/stdin',
    );
    const opening = program('opening', 'cat /dev/stdin > stdin.txt; printf "%s\\n" "$@" > args.txt');
    const opened = await runPipeline(
      run([[opening, "it's", '$HOME']], { opensStdin: true }),
      value,
      systemClock,
      never,
    );
    assert.equal(opened.outcome, 'confirmed');
    assert.equal(read('stdin.txt'), value.reveal());
    assert.equal(read('args.txt'), "it's\n$HOME\n");
    await runPipeline(run([[aws, 'x']], { opensStdin: true }), new Secret(`${value.reveal()}\n`), systemClock, never);
    assert.equal(read('stdin.txt'), value.reveal());
    const failing = program('failing', 'cat > /dev/null; exit 4');
    const failed = await runPipeline(run([[failing]], { opensStdin: true }), value, systemClock, never);
    assert.equal(failed.outcome, 'failed');
  });

  it('passes on what a step prints, and shows nothing of it', async () => {
    const create = program('create', 'base64');
    const apply = program('apply', 'base64 -d > stdin.txt; echo created');
    const result = await runPipeline(run([[create], [apply]]), value, systemClock, never);
    assert.deepEqual(result, { outcome: 'confirmed', output: 'created' });
    assert.equal(read('stdin.txt'), value.reveal());
  });

  it('shows what a program says when it fails, without the value', async () => {
    const prints = program('prints', 'value=$(cat); echo "bad: $value"; echo "$value" | base64 >&2; exit 3');
    const result = await runPipeline(run([[prints]]), value, systemClock, never);
    assert.ok(result.outcome === 'failed', 'it failed');
    assert.equal(result.problem, 'It ended with exit code 3.');
    assert.match(result.output, /^bad: <redacted>/);
    const encoded = Buffer.from(value.reveal()).toString('base64');
    for (const secret of [value.reveal(), encoded.slice(0, 30)]) assert.ok(!result.output.includes(secret), 'no value');
  });

  it('says why there was nothing to run, and what ended without reading', async () => {
    const missing = await runPipeline(run([[path.join(folder, 'gone')]]), value, systemClock, never);
    assert.deepEqual(missing, { outcome: 'failed', problem: 'The program was not found.', output: '' });
    const gh = program('gh', records);
    for (const opensStdin of [false, true]) {
      const elsewhere = run([[gh]], { folder: path.join(folder, 'gone'), opensStdin });
      const lost = await runPipeline(elsewhere, value, systemClock, never);
      assert.deepEqual(lost, { outcome: 'failed', problem: 'Its folder does not exist any more.', output: '' });
    }
    const killed = program('killed', 'kill -9 $$');
    const result = await runPipeline(run([[killed]]), value, systemClock, never);
    assert.equal(result.outcome === 'failed' && result.problem, 'It was ended by SIGKILL.');
  });

  it('ends what hangs, with all that it has started, in time and on Cancel', async () => {
    const hangs = program('hangs', 'sleep 600 & sleep 600');
    const clock = new FakeClock();
    const late = runPipeline(run([[hangs]], { timeoutMs: 5000 }), value, clock, never);
    await clock.advance(5000);
    const timedOut = await late;
    assert.equal(timedOut.outcome === 'failed' && timedOut.problem.startsWith('It did not end in time'), true);
    const aborter = new AbortController();
    const cancelled = runPipeline(run([[hangs]]), value, clock, aborter.signal);
    aborter.abort();
    const result = await cancelled;
    assert.equal(result.outcome === 'failed' && result.problem.startsWith('It was cancelled'), true);
    assert.equal(clock.timerCount, 0);
  });

  it('ends the hard way what does not end when asked, and keeps the first reason', async () => {
    const stays = program('stays', "trap '' TERM; touch ready; while :; do sleep 600; done");
    const clock = new FakeClock();
    const aborter = new AbortController();
    const running = runPipeline(run([[stays]], { timeoutMs: 5000 }), value, clock, aborter.signal);
    await eventually(() => read('ready'));
    await clock.advance(5000);
    aborter.abort();
    await clock.advance(2000);
    const result = await running;
    assert.equal(result.outcome === 'failed' && result.problem.startsWith('It did not end in time'), true);
  });

  it('does not confirm what was cancelled before it began', async () => {
    const takes = program('takes', 'cat > /dev/null');
    const result = await runPipeline(run([[takes]]), value, systemClock, AbortSignal.abort());
    assert.equal(result.outcome === 'failed' && result.problem.startsWith('It was cancelled'), true);
  });

  it('leaves nothing attached to a signal that lives on', async () => {
    const { signal } = new AbortController();
    const takes = program('takes', 'cat > /dev/null');
    await runPipeline(run([[takes], [takes]]), value, systemClock, signal);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  it('stops at the first step that fails, and shows what that one said', async () => {
    const login = program('login', 'cat > /dev/null; echo "not logged in" >&2; exit 1');
    const apply = program('apply', 'touch applied');
    const result = await runPipeline(run([[login], [apply]]), value, systemClock, never);
    assert.deepEqual(result, { outcome: 'failed', problem: 'It ended with exit code 1.', output: 'not logged in' });
    assert.throws(() => read('applied'), { code: 'ENOENT' });
  });

  it('passes on what a step prints, but not its warnings', async () => {
    const create = program('create', 'echo warning >&2; cat');
    const apply = program('apply', 'cat > stdin.txt; echo created; echo "with care" >&2');
    const result = await runPipeline(run([[create], [apply]]), value, systemClock, never);
    assert.equal(result.outcome, 'confirmed');
    assert.deepEqual(result.output.split('\n').sort(), ['created', 'with care']);
    assert.equal(read('stdin.txt'), value.reveal());
  });

  it('shows the lines of an output, and of a long one its end', async () => {
    const prints = program('prints', "cat > /dev/null; printf 'one\\r\\ntwo\\n\\nthree\\n'");
    const short = await runPipeline(run([[prints]]), value, systemClock, never);
    assert.deepEqual(short, { outcome: 'confirmed', output: 'one\ntwo\nthree' });
    const chatty = program('chatty', 'cat > /dev/null; seq 1 5000; echo "it is full" >&2; exit 1');
    const long = await runPipeline(run([[chatty]]), value, systemClock, never);
    assert.ok(long.output.length <= 2000, `${long.output.length} characters`);
    assert.match(long.output, /\n5000/);
  });

  it('takes 64 KiB of output, and never passes on a part of more', async () => {
    const prints = (length: number): string =>
      program(`prints${length}`, `cat > /dev/null; head -c ${length} /dev/zero | tr '\\0' x`);
    const counts = program('counts', 'wc -c');
    const whole = await runPipeline(run([[prints(65_536)], [counts]]), value, systemClock, never);
    assert.deepEqual(whole, { outcome: 'confirmed', output: '65536' });
    const more = await runPipeline(run([[prints(65_537)], [counts]]), value, systemClock, never);
    assert.equal(more.outcome === 'failed' && more.problem, 'It printed more than is taken.');
  });

  it('does not confirm a program that ends with success without reading its input', async () => {
    const large = new Secret('x'.repeat(4 * 1024 * 1024));
    const result = await runPipeline(run([[program('blind', 'exit 0')]]), large, systemClock, never);
    assert.deepEqual(result, {
      ...{ outcome: 'failed', problem: 'It ended without reading all of its input.', output: '' },
    });
  });

  it('says that a file which is no program could not be started', async () => {
    const file = path.join(folder, 'notes.txt');
    writeFileSync(file, 'x', { mode: 0o644 });
    const result = await runPipeline(run([[file]]), value, systemClock, never);
    assert.equal(result.outcome === 'failed' && result.problem, 'It could not be started (EACCES).');
  });
});

describe('commandTemplates', () => {
  const answers = new Map([
    ['variable', 'MAGICBELL_TOKEN'],
    ['environment', 'production'],
    ['secret', 'the secret'],
  ]);
  const lines = [
    'gh secret set MAGICBELL_TOKEN',
    'gh secret set MAGICBELL_TOKEN --env production',
    'vercel env add MAGICBELL_TOKEN production --force',
    'wrangler secret put MAGICBELL_TOKEN',
    "gcloud secrets versions add 'the secret' --data-file=-",
    "aws secretsmanager put-secret-value --secret-id 'the secret' --secret-string file:///dev/stdin",
    "kubectl create secret generic 'the secret' --from-file=MAGICBELL_TOKEN=/dev/stdin --dry-run=client -o yaml | kubectl apply -f -",
    "docker secret create 'the secret' -",
  ];
  for (const [at, line] of lines.entries()) {
    it(`has the command line ${line}`, () => {
      const template = commandTemplates[at];
      assert.ok(template, 'it is there');
      assert.equal(commandLine(fillTemplate(template, answers)), line);
    });
  }

  it('quotes an apostrophe in the way a shell reads it', () => {
    assert.equal(commandLine([['gh', "it's", '']]), "gh 'it'\\''s' ''");
  });

  it('knows no other', () => assert.equal(commandTemplates.length, lines.length));

  it('takes no answer for an option, and none of several lines', () => {
    for (const answer of ['', '-x', '--body=x', 'a\nb', 'a\0', 'x'.repeat(513)])
      assert.ok(answerProblem(answer), answer);
    for (const answer of ['a', 'arn:aws:secretsmanager:eu:1:secret:a', 'ä b', 'x'.repeat(512)])
      assert.equal(answerProblem(answer), undefined);
  });
});
