import { setTimeout as delay } from 'node:timers/promises';
import type { BenchWindow } from './benchWindow.ts';
import type { Pair } from './lines.ts';
import type { ListShape } from './pagesServer.ts';
import { type ActivationSample, type Rig, firstRow, inWindow, ours } from './samples.ts';

/** What is left of a long list, in bytes. */
export interface ForgetSample {
  readonly activation: ActivationSample;
  readonly firstRow: Pair;
  /** The heap after the key is forgotten, and before all was loaded. */
  readonly heap: Pair;
}

/** Loads a long list beside a floor that has its first page only, and forgets it. */
export function forgetSample(rig: Rig, shape: ListShape, index: number): Promise<ForgetSample> {
  return inWindow(rig, shape, index, async (window, activation) => {
    const rows = await firstRow(window, index);
    await window.show(ours.container, ours.view);
    const before = await window.step('heap');
    await window.commandUntil(`${ours.prefix}.loadAll`, `bench.rowCount('${ours.view}') === ${shape.total}`);
    await forget(window);
    return { activation, firstRow: rows, heap: { ours: await window.step('heap'), floor: before } };
  });
}

async function forget({ workbench }: BenchWindow): Promise<void> {
  await workbench.palette('MagicBell: Forget API Key…');
  await workbench.modal.wait(/Forget the API key/);
  await workbench.modal.press('Forget API Key');
  await workbench.toast('The API key is forgotten.');
  await delay(500);
}
