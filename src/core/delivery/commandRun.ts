import { type ChildProcess, spawn } from 'node:child_process';
import crossSpawn from 'cross-spawn';
import { type Clock, wait } from '../base/clock.ts';
import { displayText } from '../base/displayText.ts';
import { Redactor } from '../base/redaction.ts';
import type { Secret } from '../base/secret.ts';

/** What came of a run. Only exit code 0 of every step counts as delivered. */
export type CommandResult =
  | { readonly outcome: 'confirmed'; readonly output: string }
  /** A sentence for a person; the value has not surely arrived. */
  | { readonly outcome: 'failed'; readonly problem: string; readonly output: string };

export interface CommandRun {
  /** By the programs' files: see `findProgram`. Each gets what the one before has printed; the first gets the value. */
  readonly steps: readonly (readonly [program: string, ...args: string[]])[];
  readonly folder: string;
  /** The first program opens its standard input by its path. */
  readonly opensStdin: boolean;
  readonly timeoutMs: number;
}

const maxOutputLength = 64 * 1024;
const shownLength = 2000;
const killDelayMs = 2000;

/** How a program ended. */
interface Ended {
  readonly problem?: string;
  readonly stdout: Buffer;
  readonly text: string;
}

/**
 * Runs programs without a shell, with the value on the first one's standard input and nowhere else. What they print is
 * returned without the value. Never throws.
 */
export async function runCommand(
  run: CommandRun,
  value: Secret,
  clock: Clock,
  signal: AbortSignal,
): Promise<CommandResult> {
  const redactor = new Redactor();
  redactor.remember(value);
  let input: Buffer = Buffer.from(value.reveal());
  let output = '';
  for (const [at, step] of run.steps.entries()) {
    const isLast = at === run.steps.length - 1;
    const ended = await runProgram(run, step, input, at === 0 && run.opensStdin, clock, signal);
    // What is passed on holds the value in a form that the redactor may not know.
    output += isLast || ended.problem !== undefined ? shownOutput(redactor, ended.text) : '';
    if (ended.problem !== undefined) return { outcome: 'failed', problem: ended.problem, output };
    input = ended.stdout;
  }
  return { outcome: 'confirmed', output };
}

/** The end of it, where a failure is told. */
function shownOutput(redactor: Redactor, text: string): string {
  const redacted = redactor.redact(text);
  return redacted
    .slice(-shownLength)
    .split(/\r?\n/)
    .map((line) => displayText(line))
    .filter((line) => line !== '')
    .join('\n');
}

function start(run: CommandRun, [program, ...args]: readonly string[], opensStdin: boolean): ChildProcess {
  const options = { cwd: run.folder, detached: process.platform !== 'win32', windowsHide: true } as const;
  // Node gives a socket as standard input, which cannot be opened as /dev/stdin. A pipe of this fixed script can; the
  // program and its arguments are passed on as they are, and nothing of them is read by the shell.
  if (opensStdin) return spawn('/bin/sh', ['-c', 'cat | "$@"', 'sh', program ?? '', ...args], options);
  // Windows starts no .cmd file by itself, and reads the arguments of one in its own way.
  return crossSpawn(program ?? '', args, options);
}

function runProgram(
  run: CommandRun,
  step: readonly string[],
  input: Buffer,
  opensStdin: boolean,
  clock: Clock,
  signal: AbortSignal,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = start(run, step, opensStdin);
    const stdout: Buffer[] = [];
    const printed: Buffer[] = [];
    let length = 0;
    let stopped: string | undefined;
    let isCut = false;
    const ended = new AbortController();
    const stop = (problem: string): void => {
      if (stopped !== undefined) return;
      stopped = problem;
      kill(child, 'SIGTERM');
      void wait(clock, killDelayMs, ended.signal).then(
        () => kill(child, 'SIGKILL'),
        () => undefined,
      );
    };
    const onAbort = (): void => stop('It was cancelled; it may have taken the value all the same.');
    signal.addEventListener('abort', onAbort);
    void wait(clock, run.timeoutMs, ended.signal).then(
      () => stop('It did not end in time; it may have taken the value all the same.'),
      () => undefined,
    );
    const collect = (chunk: Buffer, isStdout: boolean): void => {
      length += chunk.length;
      isCut ||= length > maxOutputLength;
      if (isCut) return;
      printed.push(chunk);
      if (isStdout) stdout.push(chunk);
    };
    const finish = (problem: string | undefined): void => {
      ended.abort();
      signal.removeEventListener('abort', onAbort);
      resolve({
        ...(problem === undefined ? {} : { problem }),
        stdout: Buffer.concat(stdout),
        text: Buffer.concat(printed).toString('utf8'),
      });
    };
    child.stdout?.on('data', (chunk: Buffer) => collect(chunk, true));
    child.stderr?.on('data', (chunk: Buffer) => collect(chunk, false));
    let isRefused = false;
    child.stdin?.on('error', () => (isRefused = true));
    child.on('error', (error: NodeJS.ErrnoException) => {
      finish(
        error.code === 'ENOENT' ? 'The program was not found.' : `It could not be started (${error.code ?? 'failed'}).`,
      );
    });
    child.on('close', (code, signalName) => {
      if (stopped !== undefined) finish(stopped);
      else if (code !== 0)
        finish(code === null ? `It was ended by ${signalName ?? 'a signal'}.` : `It ended with exit code ${code}.`);
      else if (isRefused) finish('It ended without reading all of its input.');
      else if (isCut) finish('It printed more than is taken.');
      else finish(undefined);
    });
    if (signal.aborted) onAbort();
    child.stdin?.end(input);
  });
}

/** With all that it has started. */
function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid === undefined) child.kill(signal);
    else if (process.platform === 'win32') endTree(child, child.pid);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/** On Windows what a program has started outlives it, and holds its output open. */
function endTree(child: ChildProcess, pid: number): void {
  const taskkill = `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\taskkill.exe`;
  spawn(taskkill, ['/pid', String(pid), '/t', '/f'], { windowsHide: true, stdio: 'ignore' }).on('error', () =>
    child.kill(),
  );
}
