import type { FetchLike } from '../../src/core/magicbell/fetchLike.ts';
import { createMagicBellApi } from '../../src/core/magicbell/client.ts';
import type { MagicBellApi } from '../../src/core/magicbell/magicBellApi.ts';
import { Secret } from '../../src/core/base/secret.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { RecordingLogger } from '../support/recordingLogger.ts';

/** A request as it left the client, in milliseconds of the clock. */
export interface SentRequest {
  readonly url: URL;
  readonly at: number;
}

/** The real client on a clock that the bench moves, and an API that answers everything with one page. */
export class SimulatedApi {
  readonly clock = new FakeClock();
  readonly sent: SentRequest[] = [];
  readonly api: MagicBellApi;
  /** The most requests that were ever under way at once. */
  mostInFlight = 0;
  private inFlight = 0;

  /** @param pages how many pages a list has; each names the next one */
  constructor(roundTripMs: number, pages = 1) {
    const fetch: FetchLike = async (target, { signal }) => {
      const url = new URL(target);
      this.sent.push({ url, at: this.now });
      this.inFlight += 1;
      this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
      try {
        await this.roundTrip(roundTripMs, signal);
      } finally {
        this.inFlight -= 1;
      }
      const page = Number(url.searchParams.get('starting_after') ?? 0) + 1;
      return { status: 200, headers: { get: () => null }, body: bodyOf(url, page, pages) };
    };
    const logger = new RecordingLogger();
    const key = new Secret('simulated-key');
    this.api = createMagicBellApi({ baseUrl: 'http://127.0.0.1/v2', key, fetch, clock: this.clock, logger });
  }

  get now(): number {
    return this.clock.now().getTime();
  }

  private roundTrip(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')), { once: true });
      this.clock.after(delayMs, resolve);
    });
  }
}

/** A row that carries the page, or the query that it answers. */
async function* bodyOf(url: URL, page: number, pages: number): AsyncIterable<string> {
  const text = url.searchParams.get('query') ?? url.search;
  const isUsers = url.pathname.endsWith('/users');
  const row = isUsers
    ? { id: `id of ${url.search}`, email: text }
    : { id: `${url.pathname} ${page}`, created_at: '2026-01-01T00:00:00Z' };
  const next = page < pages ? `${url.origin}${url.pathname}?limit=100&starting_after=${page}` : null;
  yield await Promise.resolve(JSON.stringify({ data: [row], links: { next } }));
}
