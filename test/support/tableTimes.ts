import { eventually } from './eventually.ts';
import type { WebviewPage } from './webviewPage.ts';

/** How long the Overview's page works, at its best of five, in milliseconds of its own thread. */
export interface TableTimes {
  readonly sortMs: number;
  readonly searchMs: number;
  /** For the frame after a jump to another place. */
  readonly scrollMs: number;
}

/** Sorts, searches and scrolls the table of an Overview that has been sent to the page. @param rowCount as its status says it */
export async function tableTimes({ page }: WebviewPage, rowCount: number): Promise<TableTimes> {
  const all = `${rowCount.toLocaleString('en')} of ${rowCount.toLocaleString('en')} tokens`;
  await eventually(async () => {
    const shown = await page.getByRole('status').innerText();
    if (shown !== all) throw new Error(`the page shows ${shown}`);
  });
  // The page prepares itself in steps; nobody sorts within the first moments.
  await page.evaluate(`new Promise((resolve) => setTimeout(resolve, 3000))`);
  // The time that the page's own thread works: a busy machine does not count.
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const workedMs = async (): Promise<number> => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1000;
  };
  const best = async (work: (turn: number) => string): Promise<number> => {
    const times: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const before = await workedMs();
      await page.evaluate(`{ ${work(turn)}; document.body.offsetHeight }`);
      times.push((await workedMs()) - before);
    }
    return Math.min(...times);
  };
  const sortMs = await best((turn) => `document.querySelectorAll('.sort')[${turn % 4}].click()`);
  const searchMs = await best(
    (turn) =>
      `const box = document.querySelector('#search'); box.value = 'token ${turn}'; box.dispatchEvent(new Event('input', { bubbles: true }))`,
  );
  await page.getByRole('searchbox').fill('');
  const scrollMs = await best(
    (turn) =>
      `const table = document.querySelector('#table'); table.scrollTop = ${turn + 1} * 400000; table.dispatchEvent(new Event('scroll'))`,
  );
  return { sortMs, searchMs, scrollMs };
}
