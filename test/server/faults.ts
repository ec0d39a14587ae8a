import * as v from 'valibot';
import { operationNames, type OperationName } from './routes.ts';

const milliseconds = v.pipe(v.number(), v.minValue(0));
const status = v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599));
/** Before anything was created or discarded, or after. */
const at = v.picklist(['beforeWork', 'afterWork']);

const faultSchema = v.variant('kind', [
  /** A status with MagicBell's error body, Cloudflare's HTML, plain text, or nothing. */
  v.strictObject({
    kind: v.literal('status'),
    status,
    body: v.optional(v.picklist(['magicbell', 'html', 'text', 'empty']), 'magicbell'),
    message: v.optional(v.string()),
    code: v.optional(v.string()),
    /** Sent as it is: seconds, an HTTP date, nonsense. `dateInSeconds`: the HTTP date by the server's clock. */
    retryAfter: v.optional(v.union([v.number(), v.string(), v.strictObject({ dateInSeconds: v.number() })])),
    /** Further headers, as in `{ "cf-ray": "…" }`. */
    headers: v.optional(v.record(v.string(), v.string()), {}),
    at: v.optional(at, 'beforeWork'),
  }),
  /** 405 with an empty body: what an operation answers that the API does not route. */
  v.strictObject({ kind: v.literal('notOffered') }),
  /** The 401 of a user token used where a project token belongs. */
  v.strictObject({ kind: v.literal('wrongRole') }),
  v.strictObject({ kind: v.literal('forbidden') }),
  /** The work is done and the status is right, but not the body. */
  v.strictObject({
    kind: v.literal('body'),
    body: v.picklist([
      'null',
      'emptyObject',
      'emptyArray',
      'empty',
      'garbage',
      'truncatedJson',
      'shorterThanContentLength',
      'gzipGarbage',
      'wrongContentType',
      'html',
    ]),
    status: v.optional(status),
  }),
  /** The work is done; top-level fields of the JSON are left out or replaced, the status is replaced. */
  v.strictObject({
    kind: v.literal('edit'),
    status: v.optional(status),
    omit: v.optional(v.array(v.string()), []),
    set: v.optional(v.record(v.string(), v.unknown()), {}),
    headers: v.optional(v.record(v.string(), v.string()), {}),
  }),
  v.strictObject({ kind: v.literal('delay'), ms: milliseconds, at: v.optional(at, 'beforeWork') }),
  /** Accepts the request and never answers. */
  v.strictObject({ kind: v.literal('hang'), at: v.optional(at, 'beforeWork') }),
  /** Waits until it is released, then goes on as if nothing had been. */
  v.strictObject({ kind: v.literal('hold'), at: v.optional(at, 'beforeWork') }),
  /** Resets the connection (RST); `midBody` after headers and half of the body. */
  v.strictObject({
    kind: v.literal('reset'),
    at: v.optional(v.picklist(['beforeWork', 'afterWork', 'midBody']), 'beforeWork'),
  }),
  /** Sends one header line per interval. */
  v.strictObject({ kind: v.literal('slowHeaders'), intervalMs: milliseconds }),
  /** Sends the headers at once, then so many bytes of the body per interval. */
  v.strictObject({
    kind: v.literal('slowBody'),
    intervalMs: milliseconds,
    bytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
  }),
  /** A body that goes on for as long as somebody reads. */
  v.strictObject({ kind: v.literal('endlessBody') }),
  /** Valid JSON of this size. */
  v.strictObject({ kind: v.literal('hugeBody'), megabytes: v.optional(v.pipe(v.number(), v.minValue(1)), 50) }),
  /** To an origin (the path is kept), or to `same`: this server, with `redirected=1` in the query. */
  v.strictObject({
    kind: v.literal('redirect'),
    status: v.pipe(v.number(), v.integer(), v.minValue(300), v.maxValue(308)),
    to: v.string(),
    at: v.optional(at, 'beforeWork'),
  }),
  /** Every page's `next` is that of the first page which met this fault. */
  v.strictObject({ kind: v.literal('repeatedCursor') }),
  /** The page before's last row comes again, and so does this page's last row. */
  v.strictObject({ kind: v.literal('duplicateRows') }),
  /** Each page begins with the last rows of the page before. */
  v.strictObject({ kind: v.literal('overlap'), rows: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
  /**
   * There is always a next page, with a cursor that was never there before. Behind the real end its rows are new ones
   * (which no other operation knows), those of the first page again, or none.
   */
  v.strictObject({ kind: v.literal('endlessList'), rows: v.optional(v.picklist(['new', 'same', 'none']), 'new') }),
  /** The links name another origin. */
  v.strictObject({ kind: v.literal('foreignLinks'), origin: v.string() }),
]);

/** What requests a fault is for (absent: any), how often, and what it does. JSON, also over HTTP. */
export const faultSpecSchema = v.strictObject({
  operation: v.optional(v.picklist(operationNames)),
  method: v.optional(v.string()),
  /** The index of the project whose bearer the request carries. */
  project: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** The exact path, as in `/v2/jwt/project`. */
  path: v.optional(v.string()),
  /** Matching requests that pass unharmed first. */
  skip: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  /** `always`: until it is removed. */
  times: v.optional(v.union([v.pipe(v.number(), v.integer(), v.minValue(1)), v.literal('always')]), 1),
  fault: faultSchema,
});

export type Fault = v.InferOutput<typeof faultSchema>;
export type FaultSpec = v.InferInput<typeof faultSpecSchema>;

export interface RequestToMatch {
  readonly operation: OperationName | undefined;
  readonly project: number | undefined;
  readonly method: string;
  readonly path: string;
}

/** A fault that was set: tells how often it struck, and lets go of what it holds. */
export class ActiveFault {
  /** How many requests it struck. */
  hits = 0;
  /** What faults of lists remember from the pages before. */
  memory: unknown = undefined;
  private passed = 0;
  private readonly held = new Set<() => void>();
  private readonly waiters = new Set<() => void>();

  readonly id: string;
  readonly spec: v.InferOutput<typeof faultSpecSchema>;

  constructor(id: string, spec: v.InferOutput<typeof faultSpecSchema>) {
    this.id = id;
    this.spec = spec;
  }

  /** True if this request is struck; counts it. */
  strikes(request: RequestToMatch): boolean {
    const { operation, project, method, path, skip, times } = this.spec;
    if (operation !== undefined && operation !== request.operation) return false;
    if (project !== undefined && project !== request.project) return false;
    if (method !== undefined && method !== request.method) return false;
    if (path !== undefined && path !== request.path) return false;
    if (times !== 'always' && this.hits >= times) return false;
    if (this.passed < skip) {
      this.passed++;
      return false;
    }
    this.hits++;
    return true;
  }

  /** How many requests wait at a `hold` now. */
  get heldCount(): number {
    return this.held.size;
  }

  /** Resolves as soon as a request waits at this `hold`. */
  async untilHeld(): Promise<void> {
    if (this.held.size > 0) return;
    await new Promise<void>((resolve) => this.waiters.add(resolve));
  }

  /** Lets every request go on that waits at this `hold`. */
  release(): void {
    const released = [...this.held];
    this.held.clear();
    for (const go of released) go();
  }

  /** Called by the server: resolves when released. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.held.add(resolve);
      const waiters = [...this.waiters];
      this.waiters.clear();
      for (const tell of waiters) tell();
    });
  }
}

/** The faults that are set now. The oldest that fits strikes; at most one per request. */
export class Faults {
  private readonly active = new Map<string, ActiveFault>();
  private lastId = 0;

  get all(): readonly ActiveFault[] {
    return [...this.active.values()];
  }

  /** @throws if the specification does not parse */
  add(spec: FaultSpec): ActiveFault {
    const fault = new ActiveFault(String(++this.lastId), v.parse(faultSpecSchema, spec));
    this.active.set(fault.id, fault);
    return fault;
  }

  get(id: string): ActiveFault | undefined {
    return this.active.get(id);
  }

  /** Releases what it holds. */
  remove(id: string): void {
    this.active.get(id)?.release();
    this.active.delete(id);
  }

  clear(): void {
    for (const id of this.active.keys()) this.remove(id);
  }

  take(request: RequestToMatch): ActiveFault | undefined {
    return this.all.find((fault) => fault.strikes(request));
  }
}
