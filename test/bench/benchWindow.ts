import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/vscode/browser.ts';
import type { Say } from '../support/vscode/install.ts';
import { signal, waitUntilGone } from '../support/vscode/processes.ts';
import { startVSCode, type VSCode } from '../support/vscode/server.ts';
import { openWorkbench, type Workbench } from '../support/vscode/workbench.ts';
import { pageScript } from './pageScript.ts';
import { type HostSteps, type Span, type StepAnswer, type StepRequest, portVariable } from './steps.ts';

/** A host that does not answer for so long has stopped for good. */
const stepLimitMs = 90_000;
/** After its start a host is busy with itself and the extensions of VS Code for a while. */
const calmMs = 1200;

/** One VS Code and one browser for all samples; each sample gets a window and an extension host of its own. */
export class BenchStage {
  private readonly vscode: VSCode;
  private readonly browser: Browser;
  private readonly server: Server;

  private constructor(vscode: VSCode, browser: Browser, server: Server) {
    this.vscode = vscode;
    this.browser = browser;
    this.server = server;
  }

  /** VS Code's. */
  get version(): string {
    return this.vscode.version;
  }

  /** @param extensions folders; one is the probe's */
  static async start([extension = '', ...moreExtensions]: readonly string[], say: Say): Promise<BenchStage> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const env = { [portVariable]: String((server.address() as AddressInfo).port) };
    const [vscode, browser] = await Promise.all([
      startVSCode({ extension, moreExtensions, env, say }),
      launchBrowser(say),
    ]);
    return new BenchStage(vscode, browser, server);
  }

  /** Opens a window and waits until it has come to rest. */
  async open(settings: Readonly<Record<string, unknown>> = {}): Promise<BenchWindow> {
    const connected = once(this.server, 'connection') as Promise<[Socket]>;
    const workbench = await openWorkbench(this.browser, this.vscode, { settings });
    await workbench.page.evaluate(pageScript);
    const [socket] = await connected;
    await delay(calmMs);
    return new BenchWindow(workbench, socket, this.vscode);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.vscode.close();
    this.server.close();
  }
}

/** A window with a fresh extension host, and the probe in it. */
export class BenchWindow {
  readonly workbench: Workbench;
  private readonly socket: Socket;
  private readonly lines: Interface;
  private readonly vscode: VSCode;

  constructor(workbench: Workbench, socket: Socket, vscode: VSCode) {
    this.workbench = workbench;
    this.socket = socket;
    this.vscode = vscode;
    this.lines = createInterface({ input: socket });
  }

  /** Lets the probe do something inside the host. @throws what it throws there */
  async step<S extends keyof HostSteps>(
    step: S,
    ...args: Parameters<HostSteps[S]>
  ): Promise<Awaited<ReturnType<HostSteps[S]>>> {
    const request: StepRequest = { step, args };
    const answered = once(this.lines, 'line', { signal: AbortSignal.timeout(stepLimitMs) }) as Promise<[string]>;
    this.socket.write(`${JSON.stringify(request)}\n`);
    const [line] = await answered;
    const answer = JSON.parse(line) as StepAnswer;
    if ('error' in answer) throw new Error(`In the extension host: ${answer.error}`);
    return answer.result as Awaited<ReturnType<HostSteps[S]>>;
  }

  /** Presses a container's icon. Resolves to the milliseconds until the view's first row was painted. */
  async timeToFirstRow(container: string, view: string): Promise<number> {
    await this.expect('first row', `bench.firstLabel('${view}') !== ''`);
    await this.tab(container).click();
    const shownAt = await this.seen('first row');
    return shownAt - (await this.evaluate<number>('bench.pressedAt'));
  }

  /** Shows a container that was shown before, also when it is the one in view. */
  async show(container: string, view: string): Promise<void> {
    await this.workbench.openContainer(container);
    await this.workbench.tree(view).locator('.monaco-list-row').first().waitFor();
    await delay(300);
  }

  /** Runs a command in the host. Resolves to its span, and to when the page then showed what the test says. */
  async commandUntil(command: string, test: string): Promise<Span & { readonly paintedAt: number }> {
    await this.expect(command, test);
    const span = await this.step('command', command);
    return { ...span, paintedAt: await this.seen(command) };
  }

  /** Presses something by mouse. Resolves to the milliseconds until the page showed what the test says. */
  async pressUntil(press: () => Promise<unknown>, test: string): Promise<number> {
    await this.expect('press', test);
    await press();
    return (await this.seen('press')) - (await this.evaluate<number>('bench.pressedAt'));
  }

  /** Waits for what may be so already. */
  async until(test: string): Promise<void> {
    await this.workbench.page.waitForFunction(test, undefined, { timeout: stepLimitMs });
  }

  evaluate<T>(expression: string): Promise<T> {
    return this.workbench.page.evaluate<T>(expression);
  }

  async close(): Promise<void> {
    const hosts = this.vscode.extensionHostPids();
    await this.workbench.close();
    this.socket.destroy();
    for (const pid of hosts) signal(pid, 'SIGKILL');
    await waitUntilGone(hosts, 5000);
  }

  private expect(name: string, test: string): Promise<void> {
    return this.evaluate(`bench.expect(${JSON.stringify(name)}, () => ${test})`);
  }

  private async seen(name: string): Promise<number> {
    const isSeen = new AbortController();
    const late = delay(stepLimitMs, undefined, { ref: false, signal: isSeen.signal }).then(async () => {
      const picture = await this.workbench.screenshot(`bench ${name}`, 'failures');
      throw new Error(`The page did not show it: ${name}. Its picture: ${picture}`);
    });
    try {
      return await Promise.race([this.evaluate<number>(`bench.seen(${JSON.stringify(name)})`), late]);
    } finally {
      isSeen.abort();
    }
  }

  private tab(container: string): ReturnType<Workbench['page']['locator']> {
    return this.workbench.page.locator('.activitybar').getByRole('tab', { name: new RegExp(`^${container}`) });
  }
}
