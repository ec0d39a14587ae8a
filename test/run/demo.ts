import { parseArgs } from 'node:util';
import { stageDemo } from '../demo/stageDemo.ts';
import { startLocalApi, type LocalApi } from '../server/localApi.ts';
import { demoSwitches, sampleProjects } from '../server/sampleProjects.ts';
import { SetupError } from '../support/vscode/install.ts';
import { startVSCode, type VSCode } from '../support/vscode/server.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';

const usage = `Usage: npm start -- [--port N] [--newest] [--projects N] [--june-2026]

  --port N      port on 127.0.0.1; the next free one when it is taken (default 3300)
  --newest      the newest VS Code instead of the oldest that the extension supports
  --projects N  connects so many projects, the second of them in production (default 1)
  --june-2026   the API of June 2026: no token operations, but users`;

/** Runs the demo until Ctrl-C or another request to end, and leaves nothing behind. */
export async function runDemo(args: string[]): Promise<void> {
  const running: { api?: LocalApi; vscode?: VSCode } = {};
  let stopping: Promise<void> | undefined;
  const stop = (code: number) =>
    (stopping ??= (async () => {
      await running.vscode?.close();
      await running.api?.close();
      // What is still being set up, an npm for example, ends with its group or by itself.
      process.exit(code);
    })());
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (stopping === undefined) console.log('\nStopping…');
      void stop(0);
    });
  }
  stopWithParent(() => void stop(0));
  // A reader of our output that goes away is no reason to end without cleaning up.
  process.stdout.on('error', () => undefined);

  try {
    const { port, newest, count, june2026 } = readOptions(args);
    const samples = sampleProjects(count);
    const api = (running.api = await startLocalApi({
      seed: 'demo',
      projects: samples,
      switches: demoSwitches(june2026),
    }));
    const extension = temporaryFolder('demo');
    const projects = api.projects.map(({ token, name }, index) => ({
      token,
      name,
      isProduction: samples[index]?.isProduction === true,
    }));
    await stageDemo(extension, { apiBaseUrl: api.url, token: api.token, ...(count > 1 ? { projects } : {}) });
    const vscode = (running.vscode = await startVSCode({
      version: newest ? 'newest' : 'oldest',
      extension,
      settings: { 'window.autoDetectColorScheme': true },
      port,
      orNextPort: true,
      say: (line) => console.log(line),
    }));
    console.log(`Local MagicBell API: ${api.url}`);
    console.log(
      `VS Code ${vscode.version} with the extension, connected to it:\n\n  ${vscode.url}\n\nCtrl-C stops it.`,
    );
    vscode.onUnexpectedEnd(() => {
      console.error(`VS Code's server ended by itself:\n${vscode.output().slice(-2000)}`);
      void stop(1);
    });
  } catch (error) {
    if (stopping !== undefined) return;
    console.error(explain(error));
    await stop(1);
  }
}

interface DemoOptions {
  readonly port: number;
  readonly newest: boolean;
  readonly count: number;
  readonly june2026: boolean;
}

function readOptions(args: string[]): DemoOptions {
  const options = {
    port: { type: 'string', default: '3300' },
    newest: { type: 'boolean', default: false },
    projects: { type: 'string', default: '1' },
    'june-2026': { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args, options });
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535)
    throw new SetupError(`--port is a number from 0 to 65535\n\n${usage}`);
  const count = Number(values.projects);
  if (!/^\d+$/.test(values.projects) || count < 1 || count > 20)
    throw new SetupError(`--projects is a number from 1 to 20\n\n${usage}`);
  return { port, newest: values.newest, count, june2026: values['june-2026'] };
}

/** npm hands a signal to a shell between us that may end without passing it on: being left alone ends the demo too. */
function stopWithParent(stop: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, 250).unref();
}

function explain(error: unknown): string {
  if (error instanceof SetupError) return error.message;
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    return `${error.message}\n\n${usage}`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
