import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'esbuild';
import type { TestEvent } from '../support/runTests.ts';
import { privateCertificate } from '../support/selfSignedCertificate.ts';
import { testFiles } from '../support/testFiles.ts';
import { launchBrowser } from '../support/vscode/browser.ts';
import { installVSCode, type Say, type VersionName } from '../support/vscode/install.ts';
import { projectDir } from '../support/vscode/paths.ts';
import { isRunning } from '../support/vscode/processes.ts';
import { startVSCode, type VSCode, type VSCodeOptions } from '../support/vscode/server.ts';
import { stageHeldExtension } from '../support/heldExtension/stage.ts';
import { stageExtension } from '../support/vscode/stagedExtension.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';
import { openWorkbench } from '../support/vscode/workbench.ts';

/** Test files, and how to make the folder of the extension that they are about. */
export interface HostSuite {
  readonly stage: () => string;
  readonly files: readonly string[];
  /** What its window is started with besides. */
  readonly window?: () => Promise<Pick<VSCodeOptions, 'env' | 'settings'>>;
}

/** What is run inside an extension host, each part in a window of its own. */
export const hostSuites: readonly HostSuite[] = [
  { stage: stageExtension, files: testFiles('test/host') },
  { stage: stageHeldExtension, files: testFiles('test/flows'), window: withNetworkOfItsOwn },
];

/**
 * A window whose environment names the private authority and the proxy of test/flows/network.test.ts. VS Code asks no
 * proxy for this machine, so that the other tests are not concerned.
 */
async function withNetworkOfItsOwn(): Promise<Pick<VSCodeOptions, 'env' | 'settings'>> {
  const file = path.join(temporaryFolder('authority'), 'authority.pem');
  writeFileSync(file, privateCertificate.cert);
  const HTTPS_PROXY = `http://user:right@127.0.0.1:${await freePort()}`;
  return { env: { NODE_EXTRA_CA_CERTS: file, HTTPS_PROXY }, settings: { 'http.systemCertificates': false } };
}

/** A port that nobody listens at: the test that needs the proxy starts it there. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Tests to run inside an extension host. */
export interface HostTestOptions extends Pick<VSCodeOptions, 'env' | 'settings'> {
  version: VersionName;
  /** Folder of the extension. */
  extension: string;
  /** Paths of test files from the project's folder. */
  files: readonly string[];
  grep?: string | undefined;
  timeLimitMs?: number;
  tell: (event: TestEvent) => void;
  say?: Say;
}

/** A bundle of test files with what runs them. */
export interface HostTestBundle {
  /** The module that exports `run()`. */
  testsPath: string;
  /** What was told since the last call. */
  newEvents(): TestEvent[];
}

/** Bundles test files as one CommonJS module, which extension hosts of all versions and kinds load as tests. */
export async function bundleHostTests({
  files,
  grep,
}: Pick<HostTestOptions, 'files' | 'grep'>): Promise<HostTestBundle> {
  const folder = temporaryFolder('host-tests');
  const eventsFile = path.join(folder, 'events.jsonl');
  const testsPath = path.join(folder, 'index.cjs');
  const list = files.map(
    (file) => `{ file: ${JSON.stringify(file)}, load: () => import(${JSON.stringify(`./${file}`)}) },`,
  );
  await build({
    stdin: {
      contents: [
        `import { runInHost } from './test/support/vscode/hostRunner.ts';`,
        `export const run = () => runInHost([${list.join('\n')}], ${JSON.stringify({ eventsFile, grep })});`,
      ].join('\n'),
      resolveDir: projectDir,
    },
    outfile: testsPath,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // Mocha is found from the bundle's folder, which lies inside the project.
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'error',
    logOverride: { 'empty-import-meta': 'error' },
  });
  let told = 0;
  const newEvents = () => {
    if (!existsSync(eventsFile)) return [];
    const lines = readFileSync(eventsFile, 'utf8').split('\n').slice(0, -1);
    const fresh = lines.slice(told).map((line) => JSON.parse(line) as TestEvent);
    told = lines.length;
    return fresh;
  };
  return { testsPath, newEvents };
}

/** Runs the host tests in VS Code's server, and tells what happens; never throws for what tests do. */
export async function runHostTests(options: HostTestOptions): Promise<void> {
  await installVSCode(options.version, options.say);
  const bundle = await bundleHostTests(options);
  const workspace = temporaryFolder('workspace');
  const vscode = await startVSCode({ ...options, testsPath: bundle.testsPath, folder: workspace });
  try {
    const why = await watch(vscode, bundle, options);
    if (why === undefined) return;
    if (!vscode.isAlive()) options.tell({ type: 'serverDied', how: why });
    else options.tell({ type: 'fail', title: 'host tests', error: `${why}\n${vscode.output().slice(-2000)}`.trim() });
  } finally {
    await vscode.close();
  }
}

/** Opens a window, which starts the tests, and passes on what they tell. Resolves to why they did not come to their end. */
async function watch(vscode: VSCode, bundle: HostTestBundle, options: HostTestOptions): Promise<string | undefined> {
  const browser = await launchBrowser(options.say);
  try {
    const context = await browser.newContext();
    const run: { exitCode?: number } = {};
    // The workbench looks for these two when it has tests to run.
    await context.exposeFunction('codeAutomationLog', () => undefined);
    await context.exposeFunction('codeAutomationExit', (code: number) => {
      run.exitCode = code;
    });
    await openWorkbench(context, vscode);
    const deadline = Date.now() + (options.timeLimitMs ?? 180_000);
    let host: number | undefined;
    for (;;) {
      const isOver = run.exitCode !== undefined;
      const isHostGone = host !== undefined && !isRunning(host);
      const events = bundle.newEvents();
      for (const event of events) options.tell(event);
      if (events.some(({ type }) => type === 'end')) return undefined;
      if (isOver) return `VS Code ended the run with code ${String(run.exitCode)} before all tests were run.`;
      if (!vscode.isAlive()) return "VS Code's server ended by itself.";
      if (isHostGone) return 'The extension host crashed.';
      if (Date.now() > deadline) return 'The tests did not end in time.';
      host ??= vscode.extensionHostPid();
      await delay(50);
    }
  } finally {
    await browser.close();
  }
}
