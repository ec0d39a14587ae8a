import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import * as v from 'valibot';
import { emptyAnswer, errorAnswer, type Answer } from './answer.ts';
import { answerControl, controlPath } from './control.ts';
import { faultAfterWork, faultBeforeWork, faultOnWire, type Exchange } from './faultDelivery.ts';
import { Faults, type ActiveFault } from './faults.ts';
import { mintProjectToken, Project, projectKeys } from './project.ts';
import { uuidOf, type ProjectState } from './projectState.ts';
import { RequestJournal, type JournalEntry } from './requestJournal.ts';
import { basePath, matchRoute } from './routes.ts';
import { plantSeed, type SeedName } from './seeds.ts';
import { defaultSwitches, switchesSchema, type Switches } from './switches.ts';

const host = '127.0.0.1';
const maxBodyBytes = 1024 * 1024;

export interface LocalApiOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Accepted as an administrator's project token, whatever it looks like. Absent: a JWT is made. */
  readonly token?: string;
  /** True: the administrator's token is one of the project tokens, and discarding it ends it. */
  readonly listAdminToken?: boolean;
  readonly seed?: SeedName;
  readonly latencyMs?: number;
  readonly switches?: Partial<Switches>;
  /** The clock under `clockOffsetMs`; the machine's by default. */
  readonly now?: () => Date;
}

/** A MagicBell-compatible API on 127.0.0.1. */
export interface LocalApi {
  /** The base URL, as in `http://127.0.0.1:4010/v2`. */
  readonly url: string;
  readonly port: number;
  /** The administrator's project token. */
  readonly token: string;
  /** The id under which `token` is listed, with `listAdminToken`. */
  readonly adminTokenId: string | undefined;
  /** What a backend of the project's owner would sign user tokens with. */
  readonly keys: { readonly apiKey: string; readonly secretKey: string };
  readonly journal: RequestJournal;
  readonly faults: Faults;
  readonly switches: Readonly<Switches>;
  /** The project's tokens and users. Another object after `reset`. */
  readonly state: ProjectState;
  /** The server's clock. */
  now(): Date;
  /** @throws if a value does not parse */
  set(changes: Partial<Switches>): void;
  /** Back to the seed, the first switches, no faults, an empty journal. */
  reset(): void;
  /** Ends every connection, also those that a fault keeps open. */
  close(): Promise<void>;
}

/** @throws when the port is taken (`code` is EADDRINUSE) or a switch does not parse */
export async function startLocalApi(options: LocalApiOptions = {}): Promise<LocalApi> {
  const adminTokenId = uuidOf('local administrator');
  const token =
    options.token ??
    (await mintProjectToken(adminTokenId, 'Local administrator', { iat: Math.floor(Date.now() / 1000) }));
  const server = new LocalApiServer(token, adminTokenId, options);
  await server.listen(options.port ?? 0);
  return server;
}

class LocalApiServer implements LocalApi {
  readonly token: string;
  readonly keys = projectKeys;
  readonly journal = new RequestJournal();
  readonly faults = new Faults();
  private readonly options: LocalApiOptions;
  private readonly listedId: string;
  private readonly closing = new AbortController();
  private readonly server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => void this.serve(req, res));
  private currentSwitches: Switches;
  private project: Project;

  constructor(token: string, listedId: string, options: LocalApiOptions) {
    this.token = token;
    this.listedId = listedId;
    this.options = options;
    this.currentSwitches = this.firstSwitches();
    this.project = this.newProject();
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://${host}:${this.port}${basePath}`;
  }

  get adminTokenId(): string | undefined {
    return this.project.adminRecord?.id;
  }

  get switches(): Readonly<Switches> {
    return this.currentSwitches;
  }

  get state(): ProjectState {
    return this.project.state;
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
    this.project = this.newProject();
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

  private newProject(): Project {
    const project = new Project(
      this.token,
      () => this.currentSwitches,
      () => this.now(),
    );
    plantSeed(this.options.seed ?? 'empty', project.state, this.now());
    if (this.options.listAdminToken === true) {
      project.adminRecord = project.state.addProjectToken({
        id: this.listedId,
        name: 'Local administrator',
        createdAt: this.now(),
      });
    }
    return project;
  }

  private async serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    // A client that goes away, or a fault that ends a connection, is no error of the server.
    req.on('error', () => undefined);
    res.on('error', () => undefined);
    res.setHeader('date', this.now().toUTCString());
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
    const route = matchRoute(method, url.pathname);
    const fault = this.faults.take({ operation: route?.operation, method, path: url.pathname });
    const entry = this.journal.add({
      at: this.now(),
      port: req.socket.localPort ?? 0,
      method,
      path: url.pathname,
      query: url.search,
      operation: route?.operation,
      bearer: /^Bearer +(\S+)/i.exec(req.headers.authorization ?? '')?.[1],
      headers: Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)])),
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

    const body = await readBody(req);
    if (body === undefined) {
      send(res, errorAnswer(413, { message: 'request body too large' }));
      return;
    }
    this.journal.update(entry, { body });
    const exchange: Exchange = { res, url, signal: this.closing.signal };
    if (this.currentSwitches.latencyMs > 0) {
      await setTimeout(this.currentSwitches.latencyMs, undefined, { signal: exchange.signal });
    }

    const early = fault && (await faultBeforeWork(fault, exchange));
    if (early === 'stop') return;
    if (early) {
      send(res, early);
      return;
    }
    const { authorization } = req.headers;
    const idempotencyKey = req.headers['idempotency-key']?.toString();
    const answer = route
      ? await this.project.answer({ route, url, authorization, idempotencyKey, body })
      : emptyAnswer(405);
    this.journal.update(entry, { isWorkDone: answer.isWorkDone });
    await this.deliver(answer, fault, entry, exchange);
  }

  private async deliver(
    answer: Answer,
    fault: ActiveFault | undefined,
    entry: JournalEntry,
    exchange: Exchange,
  ): Promise<void> {
    if (!fault) {
      send(exchange.res, answer);
      return;
    }
    const changed = await faultAfterWork(fault, answer, exchange);
    if (changed === 'stop') return;
    this.journal.update(entry, { status: changed.status });
    if (!(await faultOnWire(fault.spec.fault, changed, exchange))) send(exchange.res, changed);
  }
}

function send(res: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body);
  res.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length) });
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
