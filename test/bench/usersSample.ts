import type { BenchWindow } from './benchWindow.ts';
import type { Pair } from './lines.ts';
import { type ListShape, pagesOf100 } from './pagesServer.ts';
import { type Rig, type Target, inPairs, inWindow } from './samples.ts';

/** What many users cost, in milliseconds. */
export interface UsersSample {
  /** From "Load All" of one page with nearly all of them until they are painted. */
  readonly present: Pair;
  /** From the click that confirms "Forget API Key", or from the bare command, until the rows are gone. */
  readonly forget: Pair;
  /** For how long the host did nothing else, at the longest, in each of the two. */
  readonly blocked: number;
}

export const usersTotal = 10_000;
const shape: ListShape = { ...pagesOf100(100), users: usersTotal };

const userView: Readonly<Record<Target['name'], string>> = { ours: 'User Tokens', floor: 'Bare Users' };
const loadAllOf: Readonly<Record<Target['name'], string>> = {
  ours: 'magicbellTokens.loadAll',
  floor: 'bare.loadAllUsers',
};

/** Loads many users, and forgets them. */
export function usersSample(rig: Rig, index: number): Promise<UsersSample> {
  return inWindow(rig, shape, index, async (window) => {
    const blocks: number[] = [];
    const watched = async (name: Target['name'], work: () => Promise<number>): Promise<number> => {
      if (name === 'floor') return work();
      await window.step('watchBlocking');
      const ms = await work();
      blocks.push(await window.step('longestBlock'));
      return ms;
    };
    const present = await inPairs(index, async ({ name, container, view }) => {
      await window.timeToFirstRow(container, view);
      await window.workbench.tree(userView[name]).locator('.monaco-list-row').first().waitFor();
      await window.step('heap');
      return watched(name, async () => {
        const { startedAt, paintedAt } = await window.commandUntil(
          loadAllOf[name],
          `bench.rowCount('${userView[name]}') === ${usersTotal}`,
        );
        return paintedAt - startedAt;
      });
    });
    const forget = await inPairs(index, async ({ name, container, view }) => {
      await window.show(container, view);
      await window.step('heap');
      return watched(name, () => (name === 'ours' ? forgetKey(window) : clearBare(window)));
    });
    return { present, forget, blocked: Math.max(...blocks) };
  });
}

/** Where nobody is connected, a welcome takes the place of the rows. */
async function forgetKey(window: BenchWindow): Promise<number> {
  const { workbench } = window;
  await workbench.palette('MagicBell: Forget API Key…');
  await workbench.modal.wait(/Forget the API key/);
  return window.pressUntil(() => workbench.modal.press('Forget API Key'), `bench.isEmpty('${userView.ours}')`);
}

async function clearBare(window: BenchWindow): Promise<number> {
  const { startedAt, paintedAt } = await window.commandUntil('bare.clearUsers', `bench.isEmpty('${userView.floor}')`);
  return paintedAt - startedAt;
}
