import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { redactPatterns } from '../base/redaction.ts';
import type { Secret } from '../base/secret.ts';
import type { BaseUrl } from './baseUrl.ts';
import { allowedMethods, judgeRefusal, kindOf, parseJson, requestIdOf } from './answer.ts';
import { beginningOfRefusal, textOf } from './body.ts';
import { asMagicBellError, MagicBellError, type ErrorReason, type MagicBellErrorDetails } from './errors.ts';
import type { FetchInit, FetchLike, FetchResponse } from './fetchLike.ts';
import { networkError } from './networkError.ts';
import { redirectTarget } from './redirect.ts';
import { parseHttpDate, parseRetryAfter, type HttpMethod } from './retry.ts';

export interface HttpRequest {
  readonly method: HttpMethod;
  /** Its name in the log and in errors, such as `/jwt/user/{token_id}`. */
  readonly template: string;
  /** The path under the base URL; ids in it come from `pathSegment()`. */
  readonly path: string;
  /** Without the `?`. */
  readonly query?: string | undefined;
  readonly body?: object | undefined;
  readonly idempotencyKey?: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** The parsed JSON; undefined for 204. */
  readonly body: unknown;
  readonly serverTime: Date | undefined;
  readonly requestId: string | undefined;
}

export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /** For headers and body together. */
  readonly timeoutMs: number;
  /** For the log; 1 for the first. */
  readonly attempt: number;
}

export interface HttpTransportOptions {
  readonly baseUrl: BaseUrl;
  readonly key: Secret;
  readonly fetch: FetchLike;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly userAgent: string;
  readonly maxBodyBytes: number;
}

const maxServerMessages = 5;
const maxServerMessageLength = 1000;
/** MagicBell's codes that may stand in a log. */
const knownCodes = new Set(['invalid_jwt_format', 'jwt_auth_failed', 'unparsable_jwt_token']);

/** What has arrived so far: decides how a failed attempt counts. */
interface PartialAnswer {
  status?: number;
  serverTime?: Date | undefined;
  requestId?: string | undefined;
  readonly chunks: Uint8Array[];
}

/** Sends one request to the API, once. */
export class HttpTransport {
  /** Server clock minus ours, from the latest Date header. */
  clockOffsetMs: number | undefined;
  private readonly options: HttpTransportOptions;

  constructor(options: HttpTransportOptions) {
    this.options = options;
  }

  /** @throws MagicBellError */
  async send(request: HttpRequest, options: SendOptions): Promise<HttpAnswer> {
    const { clock, logger } = this.options;
    const startedAt = clock.now().getTime();
    const report = (outcome: string, requestId: string | undefined, write: (line: string) => void): void => {
      const durationMs = clock.now().getTime() - startedAt;
      const id = requestId === undefined ? '' : `, request id ${requestId}`;
      write(`${label(request)}: ${outcome} in ${durationMs} ms${id} (attempt ${options.attempt})`);
    };
    try {
      const answer = await this.attempt(request, options);
      report(String(answer.status), answer.requestId, (line) => logger.info(line));
      return answer;
    } catch (error) {
      const known = asMagicBellError(error) ?? failure(request, 'unexpectedResponse', 'it could not be carried out');
      const { status, code, requestId } = known.details;
      const parts = [known.reason, status, code].filter((part) => part !== undefined);
      // The other reasons are clear by themselves.
      if (known.reason === 'unexpectedResponse') parts.push(`(${known.message.replace(`${label(request)}: `, '')})`);
      report(parts.join(' '), requestId, (line) => logger.warn(line));
      throw known;
    }
  }

  private async attempt(request: HttpRequest, { signal, timeoutMs }: SendOptions): Promise<HttpAnswer> {
    if (signal?.aborted === true)
      throw failure(request, 'cancelled', 'cancelled before it was sent', { notSent: true });
    const init = this.initOf(request);
    const arrived: PartialAnswer = { chunks: [] };
    const controller = new AbortController();
    // Raced, not only aborted: a fetch or stream that ignores its signal must not block the caller.
    const { promise: stopped, reject: stop } = deferred();
    const timer = this.options.clock.after(timeoutMs, () => {
      stop(failure(request, 'timeout', 'no complete answer in time', answerDetails(arrived)));
    });
    const onAbort = (): void => stop(failure(request, 'cancelled', 'cancelled', answerDetails(arrived)));
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([this.exchange(request, { ...init, signal: controller.signal }, arrived), stopped]);
    } catch (error) {
      const salvaged = this.salvage(request, arrived, error);
      if (salvaged === undefined) throw error;
      return salvaged;
    } finally {
      timer.dispose();
      signal?.removeEventListener('abort', onAbort);
      // Releases the connection, even if the answer was not read completely.
      controller.abort();
    }
  }

  private initOf(request: HttpRequest): Omit<FetchInit, 'signal'> {
    const key = this.options.key.reveal();
    if (!/^[\x21-\x7e]+$/.test(key)) {
      throw failure(request, 'unauthorized', 'the key holds characters that cannot be sent', { notSent: true });
    }
    const { body, idempotencyKey } = request;
    // An answer with a value comes but once: it is read here even where its encoding is not what its header says.
    const compress = request.method !== 'POST';
    return {
      method: request.method,
      headers: {
        Authorization: `Bearer ${key}`,
        Accept: 'application/json',
        'User-Agent': this.options.userAgent,
        ...(compress ? {} : { 'Accept-Encoding': 'identity' }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      compress,
    };
  }

  private async exchange(request: HttpRequest, init: FetchInit, arrived: PartialAnswer): Promise<HttpAnswer> {
    let url = new URL(this.options.baseUrl + request.path);
    if (request.query !== undefined) url.search = request.query;
    for (let redirects = 0; ; redirects++) {
      const response = await this.fetch(request, url, init);
      if (response.status < 300 || response.status > 399) return this.answerOf(request, response, arrived);
      const target = redirectTarget(request.method, url, response, redirects);
      if (typeof target === 'string') {
        const details = { status: response.status, requestId: requestIdOf(response.headers) };
        throw failure(request, 'unexpectedResponse', `${response.status}, ${target}`, {
          ...details,
          unexpected: 'redirected',
        });
      }
      url = target;
    }
  }

  private async fetch(request: HttpRequest, url: URL, init: FetchInit): Promise<FetchResponse> {
    try {
      const response = await this.options.fetch(url.href, init);
      ignoreLateErrors(response.body);
      return response;
    } catch (error) {
      throw networkError(error, label(request), url);
    }
  }

  private async answerOf(request: HttpRequest, response: FetchResponse, arrived: PartialAnswer): Promise<HttpAnswer> {
    const { status } = response;
    arrived.status = status;
    if (status !== 407) arrived.serverTime = this.noteServerTime(response.headers.get('date'));
    arrived.requestId = requestIdOf(response.headers);
    const details = answerDetails(arrived);
    const { serverTime, requestId } = arrived;
    const isSuccess = status >= 200 && status <= 299;
    const readsStatusOnly = !isSuccess && status !== 404;
    const text = await this.read(request, response, arrived).catch((error: unknown) => {
      // For 404 the whole body decides whether it is MagicBell's.
      if (readsStatusOnly) return beginningOfRefusal(arrived.chunks, error);
      throw error;
    });
    if (isSuccess) {
      if (status === 204) return { status, body: undefined, serverTime, requestId };
      const parsed = parseJson(text);
      if (parsed !== undefined) return { status, body: parsed.json, serverTime, requestId };
      throw failure(request, 'unexpectedResponse', `${status} with ${kindOf(text)}`, {
        ...details,
        unexpected: 'foreign',
      });
    }
    const { reason, errors, unexpected } = judgeRefusal(status, text);
    const now = serverTime ?? this.options.clock.now();
    throw failure(request, reason, unexpected === undefined ? `${status}` : `${status} with ${kindOf(text)}`, {
      ...details,
      unexpected,
      allow: reason === 'notOffered' ? allowedMethods(response.headers.get('allow')) : undefined,
      serverMessages: errors?.slice(0, maxServerMessages).map(({ message }) => this.withoutSecrets(message)),
      retryAfterMs:
        reason === 'rateLimited' || status === 503
          ? parseRetryAfter(response.headers.get('retry-after'), now)
          : undefined,
      code: errors?.map(({ code }) => code).find((code) => code !== undefined && knownCodes.has(code)),
    });
  }

  private async read(request: HttpRequest, { body, status }: FetchResponse, arrived: PartialAnswer): Promise<string> {
    let size = 0;
    try {
      for await (const chunk of body ?? []) {
        const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
        size += bytes.length;
        if (size > this.options.maxBodyBytes) {
          throw failure(request, 'unexpectedResponse', 'the answer is too large', {
            ...answerDetails(arrived),
            unexpected: 'tooLarge',
          });
        }
        arrived.chunks.push(bytes);
      }
    } catch (error) {
      throw (
        asMagicBellError(error) ?? networkError(error, label(request), undefined, { ...answerDetails(arrived), status })
      );
    }
    return textOf(request.method, arrived.chunks, this.options.maxBodyBytes);
  }

  /** The complete answer to a creation whose connection then failed: its value is not thrown away. */
  private salvage(request: HttpRequest, arrived: PartialAnswer, error: unknown): HttpAnswer | undefined {
    const { status, serverTime, requestId, chunks } = arrived;
    const reason = asMagicBellError(error)?.reason;
    const isBroken = reason === 'connectionLost' || reason === 'timeout';
    if (request.method !== 'POST' || !isBroken || status === undefined || status < 200 || status > 299)
      return undefined;
    const parsed = parseJson(textOf('POST', chunks, this.options.maxBodyBytes));
    return parsed === undefined ? undefined : { status, serverTime, requestId, body: parsed.json };
  }

  /** A server may echo what it was sent, and people see its messages. */
  private withoutSecrets(message: string): string {
    const withoutKey = message.slice(0, maxServerMessageLength).replaceAll(this.options.key.reveal(), '<redacted>');
    return redactPatterns(withoutKey);
  }

  private noteServerTime(header: string | null): Date | undefined {
    const time = parseHttpDate(header ?? '');
    if (Number.isNaN(time)) return undefined;
    this.clockOffsetMs = time - this.options.clock.now().getTime();
    return new Date(time);
  }
}

/** An id as one segment of a path. @throws MagicBellError for ids that would lead to another path */
export function pathSegment(id: string): string {
  if (id === '' || id === '.' || id === '..' || /\p{Surrogate}/u.test(id)) {
    throw new MagicBellError('invalidInput', 'The id cannot stand in a path', { notSent: true });
  }
  return encodeURIComponent(id);
}

function label({ method, template }: HttpRequest): string {
  return `${method} ${template}`;
}

function failure(
  request: HttpRequest,
  reason: ErrorReason,
  what: string,
  details: MagicBellErrorDetails = {},
): MagicBellError {
  return new MagicBellError(reason, `${label(request)}: ${what}`, details);
}

function answerDetails({ status, serverTime, requestId }: PartialAnswer): MagicBellErrorDetails {
  return { status, serverTime, requestId };
}

/** The body's stream may fail after the attempt has ended; without a listener that would end the process. */
function ignoreLateErrors(body: FetchResponse['body']): void {
  if (body === null || !('on' in body) || typeof body.on !== 'function') return;
  (body as unknown as NodeJS.EventEmitter).on('error', () => undefined);
}

function deferred(): { readonly promise: Promise<never>; readonly reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_resolve, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}
