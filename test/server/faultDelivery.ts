import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { emptyAnswer, errorAnswer, htmlAnswer, jsonAnswer, methodNotAllowed, type Answer } from './answer.ts';
import type { ActiveFault, Fault } from './faults.ts';
import { wrongRoleAnswer } from './bearer.ts';
import { faultOnList, withOrigin } from './faultOnList.ts';
import { isObject } from './json.ts';
import { methodsAt } from './routes.ts';
import type { Switches } from './switches.ts';

/** What a fault does to a request, in three stages: before the work, to the answer, and to the wire. */
export interface Exchange {
  readonly res: ServerResponse;
  readonly method: string;
  readonly url: URL;
  readonly switches: Switches;
  /** The server's clock. */
  readonly now: () => Date;
  /** Aborted when the server closes. */
  readonly signal: AbortSignal;
}

/** Stage 1. An answer ends the request here, without any work; `stop` ends it without an answer. */
export async function faultBeforeWork(active: ActiveFault, exchange: Exchange): Promise<Answer | 'stop' | undefined> {
  const fault = active.spec.fault;
  switch (fault.kind) {
    case 'status':
      return fault.at === 'beforeWork' ? statusAnswer(fault, exchange) : undefined;
    case 'notOffered':
      return methodNotAllowed(methodsAt(exchange.url.pathname, () => true).filter((name) => name !== exchange.method));
    case 'wrongRole':
      return wrongRoleAnswer('project', 'user');
    case 'forbidden':
      return errorAnswer(403, { message: 'Forbidden' });
    case 'redirect':
      return fault.at === 'beforeWork' ? redirectAnswer(fault, exchange.url) : undefined;
    case 'delay':
      if (fault.at === 'beforeWork') await setTimeout(fault.ms, undefined, { signal: exchange.signal });
      return undefined;
    case 'hang':
      return fault.at === 'beforeWork' ? 'stop' : undefined;
    case 'hold':
      if (fault.at === 'beforeWork') await active.wait();
      return undefined;
    case 'reset':
      if (fault.at !== 'beforeWork') return undefined;
      exchange.res.socket?.resetAndDestroy();
      return 'stop';
    default:
      return undefined;
  }
}

/** Stage 2. The work is done: what the answer becomes. */
export async function faultAfterWork(
  active: ActiveFault,
  answer: Answer,
  exchange: Exchange,
): Promise<Answer | 'stop'> {
  const fault = active.spec.fault;
  switch (fault.kind) {
    case 'status':
      return { ...statusAnswer(fault, exchange), isWorkDone: answer.isWorkDone };
    case 'redirect':
      return { ...redirectAnswer(fault, exchange.url), isWorkDone: answer.isWorkDone };
    case 'delay':
      if (fault.at === 'afterWork') await setTimeout(fault.ms, undefined, { signal: exchange.signal });
      return answer;
    case 'hang':
      return 'stop';
    case 'hold':
      if (fault.at === 'afterWork') await active.wait();
      return answer;
    case 'reset':
      if (fault.at !== 'afterWork') return answer;
      exchange.res.socket?.resetAndDestroy();
      return 'stop';
    case 'body':
      return bodyAnswer(fault, answer);
    case 'edit':
      return editedAnswer(fault, answer);
    default:
      return faultOnList(active, answer, exchange);
  }
}

/** Stage 3. False if the answer is still to be sent in the ordinary way. */
export async function faultOnWire(fault: Fault, answer: Answer, exchange: Exchange): Promise<boolean> {
  const { res } = exchange;
  const body = Buffer.from(answer.body);
  const headers = { ...answer.headers, 'content-length': String(body.length) };
  switch (fault.kind) {
    case 'slowHeaders':
      await sendHeadersSlowly(fault.intervalMs, answer, headers, exchange);
      return true;
    case 'slowBody':
      res.writeHead(answer.status, headers);
      res.flushHeaders();
      for (let sent = 0; sent < body.length && !res.destroyed; sent += fault.bytes) {
        await setTimeout(fault.intervalMs, undefined, { signal: exchange.signal });
        res.write(body.subarray(sent, sent + fault.bytes));
      }
      res.end();
      return true;
    case 'endlessBody':
      res.writeHead(answer.status, answer.headers);
      await pump(exchange, ' '.repeat(65_536), Number.POSITIVE_INFINITY);
      return true;
    case 'hugeBody':
      await sendHugeBody(fault.megabytes, answer, exchange);
      return true;
    case 'reset': {
      res.writeHead(answer.status, headers);
      const { socket } = res;
      // Reset only what has left: otherwise the client sees a reset before the headers.
      await new Promise<void>((resolve) => res.write(body.subarray(0, body.length >> 1), () => resolve()));
      await setTimeout(20, undefined, { signal: exchange.signal });
      socket?.resetAndDestroy();
      return true;
    }
    case 'body':
      if (fault.body === 'shorterThanContentLength') {
        res.writeHead(answer.status, { ...headers, 'content-length': String(body.length + 100) });
        res.write(body, () => res.socket?.end());
        return true;
      }
      if (fault.body === 'gzipGarbage') {
        res.writeHead(answer.status, { ...answer.headers, 'content-encoding': 'gzip' });
        res.end(Buffer.from('1f8b0800deadbeefdeadbeefdeadbeef', 'hex'));
        return true;
      }
      return false;
    default:
      return false;
  }
}

function statusAnswer(fault: Extract<Fault, { kind: 'status' }>, { now }: Exchange): Answer {
  const { retryAfter, headers } = fault;
  const text =
    typeof retryAfter === 'object'
      ? new Date(now().getTime() + retryAfter.dateInSeconds * 1000).toUTCString()
      : String(retryAfter);
  const answer = plainStatusAnswer(fault);
  const retryAfterHeader = retryAfter === undefined ? {} : { 'retry-after': text };
  return { ...answer, headers: { ...answer.headers, ...retryAfterHeader, ...headers } };
}

function plainStatusAnswer({ status, body, message, code }: Extract<Fault, { kind: 'status' }>): Answer {
  switch (body) {
    case 'magicbell':
      return errorAnswer(status, { message: message ?? `Fault ${status}`, ...(code === undefined ? {} : { code }) });
    case 'html':
      return htmlAnswer(status);
    case 'text':
      return { ...emptyAnswer(status), body: message ?? `Fault ${status}` };
    case 'empty':
      return emptyAnswer(status);
  }
}

function redirectAnswer({ status, to }: Extract<Fault, { kind: 'redirect' }>, url: URL): Answer {
  const location = new URL(url);
  if (to === 'same') location.searchParams.set('redirected', '1');
  const href = to === 'same' ? location.href : withOrigin(url.href, to);
  return { ...emptyAnswer(status), headers: { location: String(href) } };
}

function bodyAnswer({ body, status }: Extract<Fault, { kind: 'body' }>, answer: Answer): Answer {
  const as = (text: string, headers = answer.headers): Answer => ({
    ...answer,
    status: status ?? answer.status,
    headers,
    body: text,
  });
  switch (body) {
    case 'null':
      return as('null');
    case 'emptyObject':
      return as('{}');
    case 'emptyArray':
      return as('[]');
    case 'empty':
      return as('');
    case 'garbage':
      return as('\u0000\uFFFD<<not json>>');
    case 'truncatedJson':
      return as(answer.body.slice(0, answer.body.length >> 1));
    case 'wrongContentType':
      return as(answer.body, { 'content-type': 'text/html; charset=UTF-8' });
    case 'html':
      return { ...htmlAnswer(status ?? answer.status), isWorkDone: answer.isWorkDone };
    case 'shorterThanContentLength':
    case 'gzipGarbage':
      return as(answer.body);
  }
}

function editedAnswer({ status, omit, set, headers }: Extract<Fault, { kind: 'edit' }>, answer: Answer): Answer {
  const fields = { ...(isObject(answer.json) ? answer.json : {}), ...set };
  const kept = Object.entries(fields).filter(([name]) => !omit.includes(name));
  const edited = jsonAnswer(status ?? answer.status, Object.fromEntries(kept), answer.isWorkDone);
  return { ...edited, headers: { ...edited.headers, ...headers } };
}

async function sendHeadersSlowly(
  intervalMs: number,
  answer: Answer,
  headers: Record<string, string>,
  { res, signal }: Exchange,
): Promise<void> {
  // Node sends headers in one piece: only the bare socket can do this.
  const { socket } = res;
  const lines = [
    `HTTP/1.1 ${answer.status} Slow`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...['date', 'x-amzn-requestid'].map((name) => `${name}: ${String(res.getHeader(name))}`),
    'connection: close',
  ];
  for (const line of lines) {
    socket?.write(`${line}\r\n`);
    await setTimeout(intervalMs, undefined, { signal });
  }
  socket?.end(`\r\n${answer.body}`);
}

async function sendHugeBody(megabytes: number, answer: Answer, exchange: Exchange): Promise<void> {
  const fields = isObject(answer.json) ? answer.json : {};
  const head = JSON.stringify({ ...fields, padding: '' }).slice(0, -2);
  const size = megabytes * 1024 * 1024;
  exchange.res.writeHead(answer.status, { ...answer.headers, 'content-length': String(size) });
  exchange.res.write(head);
  await pump(exchange, 'x'.repeat(65_536), size - Buffer.byteLength(head) - 2);
  exchange.res.end('"}');
}

async function pump({ res }: Exchange, chunk: string, size: number): Promise<void> {
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  for (let left = size; left > 0 && !res.destroyed; left -= chunk.length) {
    const isFull = !res.write(left < chunk.length ? chunk.slice(0, left) : chunk);
    // Nobody reads any further: wait for the reader, or for its end.
    if (isFull) await once(res, 'drain', { signal: gone.signal }).catch(() => undefined);
    await setImmediate();
  }
}
