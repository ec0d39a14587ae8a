import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { TestEvent } from '../support/runTests.ts';
import type { VersionName } from '../support/vscode/install.ts';
import { projectDir } from '../support/vscode/paths.ts';
import { signal } from '../support/vscode/processes.ts';

/** What came of a program of tests. */
export interface Run {
  readonly events: readonly TestEvent[];
  /** Why the process did not end well, if so. */
  readonly problem: string | undefined;
}

/** What a program of tests is about. */
export interface TestSettings {
  readonly version: VersionName;
  readonly grep: string | undefined;
  /** The package that windows install; without one they load the build. */
  readonly vsix: string | undefined;
}

const running = new Set<ChildProcess>();

/** Ends all programs that still run, with their children. */
export function stopPrograms(): void {
  for (const { pid } of running) if (pid !== undefined) signal(-pid, 'SIGKILL');
}

/** Starts a program in a process group of its own, with no input. With `tell` its output goes on; else the caller reads it. */
export function start(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  tell?: (event: TestEvent) => void,
): ChildProcess {
  const child = spawn(command, args, {
    cwd: projectDir,
    env: { ...process.env, ...env },
    detached: true,
    stdio: tell === undefined ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  if (tell !== undefined) child.on('message', (event) => tell(event as TestEvent));
  return child;
}

/** Runs a program, and keeps its output. */
export async function outputOf(command: string, args: readonly string[]): Promise<{ code: unknown; output: string }> {
  const child = start(command, args, {});
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { code: await ended(child), output };
}

/** Starts a TypeScript program which tells what tests do. */
export function startTests(
  args: readonly string[],
  { version, vsix }: TestSettings,
  tell: (event: TestEvent) => void,
): ChildProcess {
  const env = { TEST_VSCODE: version, ...(vsix === undefined ? {} : { TEST_VSIX: vsix }) };
  return start(process.execPath, ['--import', 'tsx', ...args], env, (event) => {
    tell(event);
    if (event.type === 'fail') console.log(`  ✗ ${event.title}\n${event.error.replaceAll(/^/gm, '      ')}`);
  });
}

/** Runs such a program to its end. */
export async function runTestProgram(args: readonly string[], settings: TestSettings): Promise<Run> {
  const events: TestEvent[] = [];
  const code = await ended(startTests(args, settings, (event) => events.push(event)));
  const isOver = events.some(({ type }) => type === 'end' || type === 'fail' || type === 'serverDied');
  return { events, problem: code === 0 && isOver ? undefined : earlyEnd(code) };
}

/** Resolves to the exit code or the signal. */
export async function ended(child: ChildProcess): Promise<number | string | null> {
  const [code, name] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return code ?? name;
}

export function earlyEnd(code: unknown): string {
  return `the process ended early (${String(code)})`;
}
