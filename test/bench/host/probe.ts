import { Session } from 'node:inspector/promises';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { commands, extensions } from 'vscode';
import { type HostSteps, type Measured, type StepAnswer, type StepRequest, portVariable } from '../steps.ts';
import { fetchRest } from './fetchPages.ts';
import { setHostOptions } from './hostOptions.ts';

/** Connects to the bench, and does in this host what it is told. */
export async function activate(): Promise<void> {
  const socket = connect(Number(process.env[portVariable]), '127.0.0.1');
  await once(socket, 'connect');
  createInterface({ input: socket }).on('line', (line) => void answer(socket, JSON.parse(line) as StepRequest));
}

async function answer(socket: Socket, { step, args }: StepRequest): Promise<void> {
  let reply: StepAnswer;
  try {
    const run = steps[step] as (...all: readonly unknown[]) => unknown;
    reply = { result: await run(...args) };
  } catch (error) {
    reply = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  socket.write(`${JSON.stringify(reply)}\n`);
}

const now = (): number => performance.timeOrigin + performance.now();

const measured = (id: string): Measured => {
  const exported = extensions.getExtension<Measured>(id)?.exports;
  if (exported === undefined) throw new Error(`${id} is not active.`);
  return exported;
};

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const session = new Session();
const steps: any = {
  activate: async (id, options) => {
    setHostOptions(options);
    const found = extensions.getExtension<Measured>(id);
    if (found === undefined) throw new Error(`There is no extension ${id}.`);
    if (found.isActive) throw new Error(`${id} was active before it was to be measured.`);
    return (await found.activate()).cost;
  },
  command: async (id) => {
    const startedAt = now();
    await commands.executeCommand(id);
    return { startedAt, endedAt: now() };
  },
  heap: async () => {
    collectGarbage();
    await delay(100);
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },
  loop: async (baseUrl) => {
    const startedAt = now();
    const rows = await fetchRest(baseUrl);
    return { startedAt, endedAt: now(), rows: rows.length };
  },
  refreshes: (id) => measured(id).refreshes(),
  profileStart: async () => { session.connect(); await session.post('Profiler.enable'); await session.post('Profiler.setSamplingInterval', { interval: 200 }); await session.post('Profiler.start'); },
  profileStop: async () => {
    const { profile } = await session.post('Profiler.stop') as any; session.disconnect();
    const self = new Map<number, number>();
    profile.samples.forEach((s: number, i: number) => self.set(s, (self.get(s) ?? 0) + profile.timeDeltas[i]));
    const by = new Map<string, number>(); const incl = new Map<string, number>();
    const nodes = new Map<number, any>(profile.nodes.map((n: any) => [n.id, n]));
    const name = (n: any) => `${n.callFrame.functionName || '?'} ${n.callFrame.url.split('/').slice(-3).join('/')}:${n.callFrame.lineNumber}:${n.callFrame.columnNumber}`;
    const visit = (n: any, stack: Set<string>): number => { const k = name(n); let t = self.get(n.id) ?? 0; by.set(k, (by.get(k) ?? 0) + t); const fresh = !stack.has(k); if (fresh) stack.add(k); for (const c of n.children ?? []) t += visit(nodes.get(c), stack); if (fresh) { stack.delete(k); incl.set(k, (incl.get(k) ?? 0) + t); } return t; };
    visit(profile.nodes[0], new Set());
    const top = (m: Map<string, number>) => [...m].sort((a, b) => b[1] - a[1]).slice(0, 28).map(([k, v]) => `${(v / 1000).toFixed(0)} ${k}`);
    return { self: top(by), incl: top(incl) };
  },
  timers: (id) => measured(id).timers(),
  fireTimers: (id) => measured(id).fireTimers(),
};
