import { setTimeout as delay } from 'node:timers/promises';
import { pagesOf100 } from './pagesServer.ts';
import { ours, type Rig } from './samples.ts';

const settleMs = 3000;
export const idleMs = 10_000;
const minuteMs = 60_000;

/** What was counted, requests but for the last. */
export interface IdleSample {
  readonly unseen: number;
  readonly expanding: number;
  readonly idle: number;
  readonly byTimers: number;
  /** How often the most frequent timer comes in a minute. */
  readonly timersPerMinute: number;
}

/** What the extension does when nothing is asked of it, and when one user is. */
export async function idleSample(rig: Rig): Promise<IdleSample> {
  const { server, product } = rig;
  const baseUrl = server.baseUrl(pagesOf100(100));
  const window = await rig.stage.open({ 'magicbellTokens.apiBaseUrl': baseUrl });
  try {
    const before = server.requestCount;
    await window.step('activate', product.id, { baseUrl, watchesTimers: true });
    await delay(settleMs);
    const unseen = server.requestCount - before;

    await window.timeToFirstRow(ours.container, ours.view);
    await window.workbench.row('user000@example.com').waitFor();
    const beforeExpand = server.requestCount;
    await window.workbench.expand(window.workbench.row('user000@example.com'));
    await window.workbench.row('Service 000001', 'User Tokens').waitFor();
    const expanding = server.requestCount - beforeExpand;

    await window.workbench.openContainer('Explorer');
    await delay(settleMs);
    const beforeIdle = server.requestCount;
    await delay(idleMs);
    const idle = server.requestCount - beforeIdle;
    const rounds = [await window.step('timers', product.id)];
    // An hour goes by in no time: what each timer sets in its turn counts as well.
    for (let minute = 0; minute < 60; minute++) {
      await window.step('fireTimers', product.id);
      await delay(20);
      rounds.push(await window.step('timers', product.id));
    }
    const shortest = Math.min(...rounds.flat().map(({ delayMs }) => delayMs));
    const sinceIdle = server.requestCount - beforeIdle - idle;
    return { unseen, expanding, idle, byTimers: sinceIdle, timersPerMinute: minuteMs / shortest };
  } finally {
    await window.close();
  }
}
