import type { Clock } from '../../src/core/base/clock.ts';
import { Secret } from '../../src/core/base/secret.ts';
import { createMagicBellApi } from '../../src/core/magicbell/client.ts';
import type { FetchLike } from '../../src/core/magicbell/fetchLike.ts';
import type { MagicBellApi } from '../../src/core/magicbell/magicBellApi.ts';
import { RecordingLogger } from './recordingLogger.ts';

/** What stands in the place of values: MagicBell sends none in lists, but what if it did. */
export const plantedValue = 'VALUE-that-nobody-keeps';

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A project with users and their tokens, behind MagicBell's limit, on the tests' clock. Users are paged by number, so
 * that those who go shift the others.
 */
export class SimulatedProject {
  users: string[];
  /** When each answered read arrived. */
  readonly reads: number[] = [];
  /** How often the tokens of each user were read. */
  readonly readsOf = new Map<string, number>();
  refusals = 0;
  limitPerMinute = 250;
  roundTripMs = 150;
  hasUserTokens = true;
  isOffline = false;
  /** Takes the place of the answer about a user's tokens. */
  answerOf: (user: string, url: URL) => object | undefined = () => undefined;
  /** Called with each request, before it is answered. */
  onRequest: (url: URL) => void = () => undefined;
  private readonly clock: Clock;

  constructor(clock: Clock, userCount: number) {
    this.clock = clock;
    this.users = Array.from({ length: userCount }, (_, index) => `user-${index}`);
  }

  /** A window's client. */
  api(): MagicBellApi {
    const { clock } = this;
    const key = new Secret('simulated-key');
    const logger = new RecordingLogger();
    const fetch: FetchLike = async (target, { signal }) => {
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')), { once: true });
        clock.after(this.roundTripMs, resolve);
      });
      if (this.isOffline) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
      const { status, body, headers = {} } = this.answer(new URL(target));
      return {
        status,
        headers: { get: (name) => headers[name] ?? null },
        body: textOf(body === undefined ? '' : JSON.stringify(body)),
      };
    };
    return createMagicBellApi({ baseUrl: 'http://127.0.0.1/v2', key, fetch, clock, logger, random: () => 0.5 });
  }

  /** How many reads were answered or refused within the minute before an instant. */
  private get used(): number {
    const now = this.clock.now().getTime();
    return this.reads.filter((at) => at > now - 60_000).length;
  }

  /** Reads by the project's own production. */
  use(count: number): void {
    for (let each = 0; each < count && this.used < this.limitPerMinute; each += 1)
      this.reads.push(this.clock.now().getTime());
  }

  private answer(url: URL): Answer {
    this.onRequest(url);
    if (this.used >= this.limitPerMinute) {
      this.refusals += 1;
      return { status: 429, body: { errors: [{ message: 'Too many requests' }] }, headers: { 'retry-after': '5' } };
    }
    this.reads.push(this.clock.now().getTime());
    if (url.pathname.endsWith('/users')) return this.page(url);
    const user = url.pathname.split('/').at(-1) ?? '';
    const body = this.answerOf(user, url);
    return body === undefined ? this.tokens(user) : { status: 200, body };
  }

  private page(url: URL): Answer {
    const limit = Number(url.searchParams.get('limit'));
    const page = Number(url.searchParams.get('starting_after') ?? 0);
    const data = this.users.slice(page * limit, (page + 1) * limit).map((id) => ({ id, email: `${id}@example.com` }));
    const isLast = (page + 1) * limit >= this.users.length;
    const next = isLast ? null : `${url.origin}${url.pathname}?limit=${limit}&starting_after=${page + 1}`;
    return { status: 200, body: { data, links: { next } } };
  }

  private tokens(user: string): Answer {
    if (!this.hasUserTokens) return { status: 405, body: undefined, headers: { allow: 'OPTIONS' } };
    this.readsOf.set(user, (this.readsOf.get(user) ?? 0) + 1);
    if (!this.users.includes(user))
      return { status: 400, body: { errors: [{ message: `invalid user for the project with id: userID[${user}]` }] } };
    const data = [{ id: `token of ${user}`, name: 'Inbox', created_at: '2026-01-01T00:00:00Z', token: plantedValue }];
    return { status: 200, body: { data, links: { next: null } } };
  }
}

async function* textOf(text: string): AsyncIterable<string> {
  yield await Promise.resolve(text);
}
