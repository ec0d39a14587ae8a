import { setTimeout as delay } from 'node:timers/promises';
import type { BenchStage, BenchWindow } from './benchWindow.ts';
import type { Pair } from './lines.ts';
import type { ListShape, PagesServer } from './pagesServer.ts';
import type { Staged } from './stageExtensions.ts';

/** Everything that runs beside the bench, and what the windows hold. */
export interface Rig {
  readonly stage: BenchStage;
  readonly server: PagesServer;
  readonly product: Staged;
  readonly bare: Staged;
  /** Activated first, so that nobody else pays for what only the first extension of a host pays for. */
  readonly warm: Staged;
  readonly floors: readonly [Staged, Staged];
}

/** A window that is used as most are: no sooner than the extension has done what it does a second after its start. */
const settledMs = 1500;

/** A view of the extension, or of the floor beside it. */
export interface Target {
  readonly name: 'ours' | 'floor';
  readonly container: string;
  readonly view: string;
  /** Of its commands. */
  readonly prefix: string;
}

export const ours: Target = {
  name: 'ours',
  container: 'MagicBell',
  view: 'Project Tokens',
  prefix: 'magicbellTokens',
};
const bare: Target = { name: 'floor', container: 'Bench bare', view: 'Bare Tokens', prefix: 'bare' };

/** CPU time of require and activate, in milliseconds. */
export interface ActivationSample {
  readonly ours: number;
  readonly floor: number;
  /** The floor once more: what two equal things differ by is noise. */
  readonly floorAgain: number;
}

/** Opens a window on a list, with everything in it activated, and lets it be used. */
export async function inWindow<T>(
  rig: Rig,
  shape: ListShape,
  index: number,
  use: (window: BenchWindow, activation: ActivationSample) => Promise<T>,
): Promise<T> {
  rig.server.prepare(shape);
  const baseUrl = rig.server.baseUrl(shape);
  const window = await rig.stage.open({ 'magicbellTokens.apiBaseUrl': baseUrl });
  try {
    const activation = await activate(rig, window, baseUrl, index);
    await window.timeToFirstRow('Bench warm', 'Floor');
    await delay(settledMs);
    return await use(window, activation);
  } finally {
    await window.close();
  }
}

async function activate(rig: Rig, window: BenchWindow, baseUrl: string, index: number): Promise<ActivationSample> {
  const { product, floors, warm } = rig;
  const alone = { baseUrl: '', watchesTimers: false };
  const connected = { baseUrl, watchesTimers: false };
  await window.step('activate', warm.id, alone);
  const cpuMs = new Map<string, number>();
  for (const { id } of rotated([floors[0], product, floors[1]], index)) {
    const cost = await window.step('activate', id, id === product.id ? connected : alone);
    cpuMs.set(id, cost.cpuMs);
  }
  await window.step('activate', rig.bare.id, connected);
  const of = ({ id }: Staged): number => cpuMs.get(id) ?? Number.NaN;
  return { ours: of(product), floor: of(floors[0]), floorAgain: of(floors[1]) };
}

/** Does the same to both, and to either first by turns: what the first one warms up is no advantage of one of them. */
export async function inPairs(index: number, measure: (target: Target) => Promise<number>): Promise<Pair> {
  const pair = { ours: 0, floor: 0 };
  for (const target of rotated([ours, bare], index)) pair[target.name] = await measure(target);
  return pair;
}

/** The list, begun elsewhere each time. */
function rotated<T>(list: readonly T[], by: number): T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** Shows both views for the first time, in milliseconds. */
export function firstRow(window: BenchWindow, index: number): Promise<Pair> {
  return inPairs(index, ({ container, view }) => window.timeToFirstRow(container, view));
}
