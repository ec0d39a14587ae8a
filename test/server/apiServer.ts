import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { brotliCompressSync } from 'node:zlib';
import * as v from 'valibot';
import { errorAnswer, jsonAnswer, type Answer } from './answer.ts';
import { readBearer, refuseBearer, type Bearer } from './bearer.ts';
import { answerControl, controlPath } from './control.ts';
import { faultAfterWork, faultBeforeWork, faultOnWire, type Exchange } from './faultDelivery.ts';
import { Faults, type ActiveFault } from './faults.ts';
import type { LocalApi, LocalApiOptions } from './localApi.ts';
import { ProjectHost, type LocalProject } from './localProject.ts';
import { isOffered, notOfferedAnswer } from './project.ts';
import type { ProjectState } from './projectState.ts';
import { RequestJournal, type JournalEntry } from './requestJournal.ts';
import { basePath, matchRoute, type MatchedRoute } from './routes.ts';
import { defaultSwitches, switchesSchema, type Switches } from './switches.ts';

const host = '127.0.0.1';
const maxBodyBytes = 1024 * 1024;
const requestIdHeader = 'x-amzn-requestid';

/** A request to `/v2`, as far as it is known before its body has come. */
interface Arrival {
  readonly url: URL;
  readonly route: MatchedRoute | undefined;
  readonly bearer: Bearer;
  /** Undefined: no project knows the bearer. */
  readonly owner: ProjectHost | undefined;
  readonly switches: Switches;
}

export class ApiServer implements LocalApi {
  readonly journal = new RequestJournal();
  readonly faults = new Faults();
  readonly projects: readonly [ProjectHost, ...ProjectHost[]];
  private readonly options: LocalApiOptions;
  private readonly closing = new AbortController();
  private readonly server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => void this.serve(req, res));
  private currentSwitches: Switches;

  constructor(options: LocalApiOptions) {
    this.options = options;
    this.currentSwitches = this.firstSwitches();
    const { id, name, token, listAdminToken, seed } = options;
    const shared = {
      journal: this.journal,
      switches: () => this.currentSwitches,
      now: () => this.now(),
      parseSwitches: (switches: Switches) => v.parse(switchesSchema, switches),
    };
    const [own = {}, ...others] = options.projects ?? [];
    const first = defined({ id, name, token, listAdminToken, seed, ...own });
    this.projects = [
      new ProjectHost(0, first, shared),
      ...others.map((other, index) => new ProjectHost(index + 1, defined({ seed, ...other }), shared)),
    ];
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://${host}:${this.port}${basePath}`;
  }

  get token(): string {
    return this.projects[0].token;
  }

  get keys(): LocalProject['keys'] {
    return this.projects[0].keys;
  }

  get adminTokenId(): string | undefined {
    return this.projects[0].adminTokenId;
  }

  get state(): ProjectState {
    return this.projects[0].state;
  }

  get switches(): Readonly<Switches> {
    return this.currentSwitches;
  }

  now(): Date {
    const now = this.options.now?.() ?? new Date();
    return new Date(now.getTime() + this.currentSwitches.clockOffsetMs);
  }

  set(changes: Partial<Switches>): void {
    this.currentSwitches = v.parse(switchesSchema, { ...this.currentSwitches, ...changes });
  }

  reset(): void {
    this.faults.clear();
    this.journal.clear();
    this.currentSwitches = this.firstSwitches();
    for (const project of this.projects) project.reset();
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.faults.clear();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private firstSwitches(): Switches {
    const { latencyMs, switches } = this.options;
    return v.parse(switchesSchema, {
      ...defaultSwitches,
      ...(latencyMs === undefined ? {} : { latencyMs }),
      ...switches,
    });
  }

  private async serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    // A client that goes away, or a fault that ends a connection, is no error of the server.
    req.on('error', () => undefined);
    res.on('error', () => undefined);
    res.setHeader('date', this.now().toUTCString());
    res.setHeader(requestIdHeader, randomUUID());
    try {
      // Not the Host header and not a path like //elsewhere: links always name this server.
      const target = req.url?.startsWith('/') ? req.url : '/';
      const url = new URL(`http://${host}:${this.port}${target}`);
      if (url.pathname.startsWith(controlPath)) {
        const answer = await answerControl(this, req, url, () => readBody(req));
        send(res, answer);
      } else {
        await this.serveApi(req, res, url);
      }
    } catch (error) {
      if (this.closing.signal.aborted || res.destroyed) return;
      console.error(error);
      if (res.headersSent) res.destroy();
      else send(res, errorAnswer(500, { message: 'Internal Server Error' }));
    }
  }

  private async serveApi(req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> {
    const method = req.method ?? '';
    const bearer = readBearer(req.headers.authorization);
    const owner = this.projects.find(({ project }) => project.keyring.knows(bearer));
    const route = matchRoute(method, url.pathname);
    const arrival: Arrival = { url, route, bearer, owner, switches: owner?.switches ?? this.currentSwitches };
    const { operation } = route ?? {};
    const fault = this.faults.take({ operation, project: owner?.index, method, path: url.pathname });
    const entry = this.enter(req, res, arrival, fault);

    const body = await readBody(req);
    if (body === undefined) {
      send(res, errorAnswer(413, { message: 'request body too large' }));
      return;
    }
    this.journal.update(entry, { body });
    const { switches } = arrival;
    const { signal } = this.closing;
    const exchange: Exchange = { res, method, url, switches, now: () => this.now(), signal };
    if (switches.latencyMs > 0) await setTimeout(switches.latencyMs, undefined, { signal });

    const early = fault && (await faultBeforeWork(fault, exchange));
    if (early === 'stop') return;
    if (early) {
      send(res, early);
      return;
    }
    const answer = this.answer(arrival, method, req.headers['idempotency-key']?.toString(), body);
    this.journal.update(entry, { isWorkDone: answer.isWorkDone });
    await this.deliver(answer, fault, entry, exchange);
  }

  private enter(
    req: IncomingMessage,
    res: ServerResponse,
    { url, route, bearer, owner }: Arrival,
    fault: ActiveFault | undefined,
  ): JournalEntry {
    const entry = this.journal.add({
      at: this.now(),
      port: req.socket.localPort ?? 0,
      method: req.method ?? '',
      path: url.pathname,
      query: url.search,
      operation: route?.operation,
      project: owner?.index,
      bearer: bearer.token,
      headers: Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)])),
      requestId: String(res.getHeader(requestIdHeader)),
      body: '',
      fault: fault?.spec.fault.kind,
      status: undefined,
      isWorkDone: false,
      isOver: false,
      isCutShort: false,
    });
    res.on('close', () => {
      const status = res.headersSent ? { status: res.statusCode } : {};
      this.journal.update(entry, { isOver: true, isCutShort: !res.writableFinished, ...status });
    });
    return entry;
  }

  private answer(
    { url, route, bearer, owner, switches }: Arrival,
    method: string,
    idempotencyKey: string | undefined,
    body: string,
  ): Answer {
    // Whatever the path is (seen), so that it proves nothing.
    if (method === 'OPTIONS') return jsonAnswer(200, null);
    if (!route || !isOffered(route.operation, switches)) {
      const refused = owner ? owner.project.keyring.authenticate(bearer) : refuseBearer(bearer);
      return switches.notRoutedChecksBearer && typeof refused !== 'string' ? refused : notOfferedAnswer(url, switches);
    }
    if (!owner) return refuseBearer(bearer);
    return owner.project.answer({ route, method, url, idempotencyKey, body }, bearer);
  }

  private async deliver(
    answer: Answer,
    fault: ActiveFault | undefined,
    entry: JournalEntry,
    exchange: Exchange,
  ): Promise<void> {
    if (!fault) {
      send(exchange.res, answer, exchange.switches.compression);
      return;
    }
    const changed = await faultAfterWork(fault, answer, exchange);
    if (changed === 'stop') return;
    this.journal.update(entry, { status: changed.status });
    if (!(await faultOnWire(fault.spec.fault, changed, exchange)))
      send(exchange.res, changed, exchange.switches.compression);
  }
}

function send(res: ServerResponse, answer: Answer, compression: Switches['compression'] = 'none'): void {
  const isBrotli = compression === 'brotli' && /\bbr\b/.test(String(res.req.headers['accept-encoding']));
  const body = isBrotli ? brotliCompressSync(answer.body) : Buffer.from(answer.body);
  const encoding = isBrotli ? { 'content-encoding': 'br' } : {};
  res.writeHead(answer.status, { ...answer.headers, ...encoding, 'content-length': String(body.length) });
  res.end(body);
}

/** Undefined if it is larger than any request of this API. */
async function readBody(req: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  return size > maxBodyBytes ? undefined : Buffer.concat(chunks).toString();
}

/** Without the keys whose value is undefined. */
function defined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
