import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { benchKey } from './benchKey.ts';

/** How long each answer takes to come, on top of what the machine takes. */
const latencyMs = 5;

/** A list of project tokens, and how the server cuts it into pages. */
export interface ListShape {
  readonly total: number;
  /** Rows of a page, whatever `limit` the client asks for: 100,000 rows in pages of 100 would be over MagicBell's budget. */
  readonly pageRows: number;
  /** So many pages at the end have `lastPageRows` rows, whatever is on the others. */
  readonly lastPages: number;
  readonly lastPageRows: number;
  /** So many users, the first hundred on a page and the others on another; 100 when absent. */
  readonly users?: number;
}

/** Pages as the extension asks for them. */
export const pagesOf100 = (total: number): ListShape => ({ total, pageRows: 100, lastPages: 0, lastPageRows: 0 });

/** A server that costs next to nothing itself: every page is made before it is asked for. */
export interface PagesServer {
  /** Where a list of this shape is the project's. */
  baseUrl(shape: ListShape): string;
  /** How many requests came since the start. */
  readonly requestCount: number;
  /** Gives all tokens new names, so that a refresh can be seen: "Service 00001 r2". */
  revise(): string;
  /** Makes the pages of a list. */
  prepare(shape: ListShape): void;
  close(): Promise<void>;
}

const firstUsers = 100;

/** @throws when nothing can be listened on */
export async function startPagesServer(): Promise<PagesServer> {
  let requestCount = 0;
  let revision = 1;
  const made = new Map<string, readonly string[]>();
  const pagesOf = (base: string, shape: ListShape): readonly string[] => {
    const key = `${base} ${revision}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const pages = tokenPages(base, shape, revision);
    made.set(key, pages);
    return pages;
  };

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    requestCount += 1;
    const answer = answerTo(request.url ?? '', request.headers.authorization, pagesOf, origin());
    setTimeout(() => send(response, answer), latencyMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const baseUrl = ({ total, pageRows, lastPages, lastPageRows, users = firstUsers }: ListShape): string =>
    `${origin()}/${total}/${pageRows}/${lastPages}/${lastPageRows}/${users}/v2`;
  return {
    baseUrl,
    get requestCount() {
      return requestCount;
    },
    revise: () => {
      revision += 1;
      made.clear();
      return ` r${revision}`;
    },
    prepare: (shape) => {
      pagesOf(baseUrl(shape), shape);
      for (const isSecond of [false, true]) userPage(baseUrl(shape), shape.users ?? firstUsers, isSecond);
    },
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

type PagesOf = (base: string, shape: ListShape) => readonly string[];

function answerTo(target: string, authorization: string | undefined, pagesOf: PagesOf, origin: string): string {
  const url = new URL(target, origin);
  const [, base, total, pageRows, lastPages, lastPageRows, users, what = ''] =
    /^(\/(\d+)\/(\d+)\/(\d+)\/(\d+)\/(\d+)\/v2)\/(jwt\/project|jwt\/user\/.+|users)$/.exec(url.pathname) ?? [];
  if (base === undefined || authorization !== `Bearer ${benchKey}`) return '';
  if (what === 'users') return userPage(`${origin}${base}`, Number(users), url.searchParams.has('starting_after'));
  if (what.startsWith('jwt/user/')) return collection([tokenRow(0, '')]);
  const shape = {
    total: Number(total),
    pageRows: Number(pageRows),
    lastPages: Number(lastPages),
    lastPageRows: Number(lastPageRows),
  };
  return pagesOf(`${origin}${base}`, shape)[Number(url.searchParams.get('starting_after') ?? 0)] ?? '';
}

function send(response: ServerResponse, answer: string): void {
  const body = Buffer.from(answer === '' ? '{"errors":[{"message":"Unauthorized"}]}' : answer);
  response.writeHead(answer === '' ? 401 : 200, {
    'content-type': 'application/json',
    'content-length': String(body.length),
  });
  response.end(body);
}

function tokenPages(base: string, shape: ListShape, revision: number): string[] {
  const { total, pageRows, lastPages, lastPageRows } = shape;
  const lastStart = total - lastPages * lastPageRows;
  const suffix = revision === 1 ? '' : ` r${revision}`;
  const pages: string[] = [];
  for (let start = 0; start < total;) {
    const end = start < lastStart ? Math.min(start + pageRows, lastStart) : start + lastPageRows;
    const rows = Array.from({ length: end - start }, (_, index) => tokenRow(start + index, suffix));
    const next = `${base}/jwt/project?limit=100&starting_after=${pages.length + 1}`;
    pages.push(collection(rows, end < total ? next : null));
    start = end;
  }
  return pages;
}

function collection(data: readonly unknown[], next: string | null = null): string {
  return JSON.stringify({ data, links: { first: '', next, prev: null } });
}

const startedAt = Date.now();
const firstCreated = Date.UTC(2026, 0, 1);
const dayMs = 24 * 60 * 60_000;
/** None is so near that something pops up about it. */
const expiryDays = [undefined, 30, 90, 365];

/** Newest first, as MagicBell lists them. */
function tokenRow(index: number, suffix: string): object {
  const days = expiryDays[index % expiryDays.length];
  return {
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    name: `Service ${String(index + 1).padStart(6, '0')}${suffix}`,
    created_at: new Date(firstCreated - index * 60_000).toISOString(),
    ...(days === undefined ? {} : { expires_at: new Date(startedAt + days * dayMs).toISOString() }),
  };
}

const userPages = new Map<string, string>();

function userPage(base: string, total: number, isSecond: boolean): string {
  const key = `${base} ${isSecond}`;
  const known = userPages.get(key);
  if (known !== undefined) return known;
  const [from, to] = isSecond ? [firstUsers, total] : [0, Math.min(firstUsers, total)];
  const rows = Array.from({ length: to - from }, (_, index) => userRow(from + index));
  const page = collection(rows, to < total ? `${base}/users?limit=100&starting_after=1` : null);
  userPages.set(key, page);
  return page;
}

function userRow(index: number): object {
  const number = String(index).padStart(3, '0');
  return {
    id: `00000000-0000-7000-8000-${number.padStart(12, '0')}`,
    email: `user${number}@example.com`,
    external_id: `ext-${number}`,
    first_name: 'User',
    last_name: number,
  };
}
