import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
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

/** What the watch adds to each time itself. */
const resolutionMs = 5;
const blocking = monitorEventLoopDelay({ resolution: resolutionMs });

const steps: HostSteps = {
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
  watchBlocking: () => {
    blocking.reset();
    blocking.enable();
  },
  longestBlock: () => {
    blocking.disable();
    return Math.max(0, blocking.max / 1e6 - resolutionMs);
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
  timers: (id) => measured(id).timers(),
  fireTimers: (id) => measured(id).fireTimers(),
};
