import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Secret } from '../base/secret.ts';
import { parseBaseUrl } from './baseUrl.ts';
import type { FetchLike } from './fetchLike.ts';
import { readsPerMinute } from './limits.ts';
import { HttpTransport } from './transport.ts';
import { JwtService } from './jwtService.ts';
import type { MagicBellApi } from './magicBellApi.ts';
import { RequestRunner, type RunnerLimits } from './requests.ts';
import { UserService } from './userService.ts';

export interface ClientLimits extends RunnerLimits {
  /** A longer answer, once decompressed, is an unexpected one. */
  readonly maxBodyBytes: number;
}

/** A little below MagicBell's limits, which the project's own production shares: 250 reads and 200 writes a minute. */
const defaultLimits: ClientLimits = {
  timeoutMs: 15_000,
  totalMs: 30_000,
  maxBodyBytes: 5 * 1024 * 1024,
  maxAttempts: 4,
  baseDelayMs: 500,
  maxDelayMs: 8_000,
  readsPerMinute,
  writesPerMinute: 190,
  // 30 reads a minute: loading all of 10,000 and refreshing it right after need 202 of the others.
  interactiveShare: 0.125,
  concurrency: 6,
};

export interface MagicBellApiOptions {
  /** As `parseBaseUrl()` gave it, or any text that it accepts. */
  readonly baseUrl: string;
  readonly key: Secret;
  readonly fetch: FetchLike;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1), for jitter. Default: Math.random. */
  readonly random?: (() => number) | undefined;
  readonly limits?: Partial<ClientLimits> | undefined;
  /** Of the extension, for the User-Agent. */
  readonly version?: string | undefined;
}

/**
 * The client of one connection. Its budget is its own: keep one per connection.
 * @throws TypeError if the base URL is one that `parseBaseUrl()` refuses
 */
export function createMagicBellApi(options: MagicBellApiOptions): MagicBellApi {
  const { key, fetch, clock, logger, random = Math.random, version = '0' } = options;
  const parsed = parseBaseUrl(options.baseUrl);
  // Checked again here, where the key meets the address: no other code can send it.
  if (!parsed.ok) throw new TypeError(parsed.problem);
  const limits = { ...defaultLimits, ...options.limits };
  const transport = new HttpTransport({
    baseUrl: parsed.baseUrl,
    key,
    fetch,
    clock,
    logger,
    userAgent: `magicbell-tokens/${version}`,
    maxBodyBytes: limits.maxBodyBytes,
  });
  const runner = new RequestRunner(transport, clock, random, limits);
  return {
    jwt: new JwtService(runner, clock, logger),
    users: new UserService(runner, logger),
    get clockOffsetMs() {
      return transport.clockOffsetMs;
    },
  };
}
