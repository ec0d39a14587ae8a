import { errorAnswer, type Answer } from './answer.ts';
import type { Switches } from './switches.ts';

const minuteMs = 60_000;

/** The requests that one project may make within a minute, all its tokens together. */
export class Budget {
  private readonly reads: number[] = [];
  private readonly writes: number[] = [];

  /** Counts a request. Undefined: there is room for it; otherwise the 429. */
  spend(method: string, now: Date, { readsPerMinute, writesPerMinute, retryAfter }: Switches): Answer | undefined {
    const isRead = ['GET', 'HEAD', 'OPTIONS'].includes(method);
    const times = isRead ? this.reads : this.writes;
    const limit = isRead ? readsPerMinute : writesPerMinute;
    while (times[0] !== undefined && times[0] <= now.getTime() - minuteMs) times.shift();
    if (limit === null || times.length < limit) {
      times.push(now.getTime());
      return undefined;
    }
    const freeAt = (times[0] ?? now.getTime()) + minuteMs;
    const answer = errorAnswer(429, { message: 'Too many requests' });
    return { ...answer, headers: { ...answer.headers, ...retryAfterHeader(retryAfter, freeAt, now) } };
  }
}

function retryAfterHeader(form: Switches['retryAfter'], freeAt: number, now: Date): Record<string, string> {
  switch (form) {
    case 'absent':
      return {};
    case 'seconds':
      return { 'retry-after': String(Math.ceil((freeAt - now.getTime()) / 1000)) };
    case 'date':
      return { 'retry-after': new Date(Math.ceil(freeAt / 1000) * 1000).toUTCString() };
  }
}
