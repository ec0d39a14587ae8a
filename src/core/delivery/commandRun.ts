import { type ChildProcess, spawn } from 'node:child_process';
import parse from 'cross-spawn/lib/parse.js';
import { type Clock, wait } from '../base/clock.ts';
import { displayText } from '../base/displayText.ts';
import { Redactor } from '../base/redaction.ts';
import type { Secret } from '../base/secret.ts';
import { whatIsGone } from './findProgram.ts';

/**
 * The result of a run. Confirmed only when every step ended with exit code 0, read its whole input and printed at most
 * `maxOutputLength`.
 */
export type CommandResult =
  | { readonly outcome: 'confirmed'; readonly output: string }
  /** `problem` is a sentence for the user. The value may have arrived nevertheless. */
  | { readonly outcome: 'failed'; readonly problem: string; readonly output: string };

export interface CommandRun {
  /** Paths of programs (see `findProgram`). The first reads the value; the others read the output before them. */
  readonly steps: readonly (readonly [program: string, ...args: string[]])[];
  readonly folder: string;
  /** The first program opens its standard input as `/dev/stdin`. */
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
 * Runs programs without a shell (but see `start`), with the value on the standard input of the first one and nowhere
 * else. Returns the output of the last step, or of the one that failed, with the value redacted. Never throws.
 */
export async function runPipeline(
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
    // The output of an intermediate step holds the value in a form that the redactor may not recognise.
    output += isLast || ended.problem !== undefined ? shownOutput(redactor, ended.text) : '';
    if (ended.problem !== undefined) return { outcome: 'failed', problem: ended.problem, output };
    input = ended.stdout;
  }
  return { outcome: 'confirmed', output };
}

/** The end of the output, since errors are printed last. */
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
  // Node passes a socket as standard input, which cannot be opened as /dev/stdin; a pipe made by this fixed script can.
  // The program and its arguments are positional parameters, which the shell does not interpret.
  if (opensStdin) return spawn('/bin/sh', ['-c', 'cat | "$@"', 'sh', program ?? '', ...args], options);
  // Windows cannot spawn a .cmd file directly, and its command interpreter parses the arguments in its own way.
  const parsed = parse(program ?? '', args, options);
  return spawn(parsed.command, parsed.args, parsed.options);
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
    let stopReason: string | undefined;
    let isTruncated = false;
    const ended = new AbortController();
    const stop = (problem: string): void => {
      if (stopReason !== undefined) return;
      stopReason = problem;
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
      isTruncated ||= length > maxOutputLength;
      if (isTruncated) return;
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
      finish(error.code === 'ENOENT' ? whatIsGone(run.folder) : `It could not be started (${error.code ?? 'failed'}).`);
    });
    child.on('close', (code, signalName) => {
      if (stopReason !== undefined) finish(stopReason);
      else if (code !== 0)
        finish(code === null ? `It was ended by ${signalName ?? 'a signal'}.` : `It ended with exit code ${code}.`);
      else if (isRefused) finish('It ended without reading all of its input.');
      else if (isTruncated) finish('It printed more than is taken.');
      else finish(undefined);
    });
    if (signal.aborted) onAbort();
    child.stdin?.end(input);
  });
}

/** Kills the program and its child processes. */
function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid === undefined) child.kill(signal);
    else if (process.platform === 'win32') endTree(child, child.pid);
    else process.kill(-child.pid, signal);
  } catch {
    // It has already ended.
  }
}

/** On Windows, child processes outlive their parent and keep its output open. */
function endTree(child: ChildProcess, pid: number): void {
  const taskkill = `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\taskkill.exe`;
  spawn(taskkill, ['/pid', String(pid), '/t', '/f'], { windowsHide: true, stdio: 'ignore' }).on('error', () =>
    child.kill(),
  );
}
