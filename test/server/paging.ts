import { errorAnswer, jsonAnswer, type Answer } from './answer.ts';
import type { Switches } from './switches.ts';

/** A row and the number that places it in its list. */
export interface Row {
  readonly sequence: number;
  readonly id: string;
}

interface PageRequest {
  readonly limit: number;
  readonly after: number | undefined;
  readonly before: number | undefined;
}

interface Parameters {
  readonly limit: string;
  readonly after: string;
  readonly before: string;
}

const today: Parameters = { limit: 'limit', after: 'starting_after', before: 'ending_before' };
const december2024: Parameters = { limit: 'page[size]', after: 'page[after]', before: 'page[before]' };

/** How cursors say where a page starts. */
export type Cursors = Switches['userCursors'];

/**
 * One page of a collection with its links.
 *
 * @param url the absolute address that was asked for; the links keep its other parameters and its paging generation
 */
export function pageAnswer<R extends Row>(
  rows: readonly R[],
  render: (row: R) => unknown,
  url: URL,
  switches: Switches,
  cursors: Cursors = 'place',
): Answer {
  const request = readRequest(url, generationOf(url), switches, cursors);
  if ('status' in request) return request;

  const place = placeIn(switches.order);
  const sorted = [...rows].sort((a, b) => place(a) - place(b));
  const places = sorted.map((row) => place(row));
  const { start, end } = cursors === 'place' ? cutByPlace(places, request) : cutByPage(places.length, request);

  const page = sorted.slice(start, end);
  const number = Math.floor(start / request.limit) + 1;
  const cursorAt = (index: number): string | undefined => {
    if (cursors === 'pageNumber') return encodePage(number);
    const at = places[index];
    return at === undefined ? undefined : encodePlace(at);
  };
  const first = pageLink(url, switches.links);
  const links = {
    first: rows.length === 0 && switches.firstOfEmptyList === 'emptyString' ? '' : first,
    next: end < sorted.length ? pageLink(url, switches.links, { after: cursorAt(end - 1) }) : null,
    prev: start > 0 ? pageLink(url, switches.links, { before: cursorAt(start) }) : null,
  };
  return jsonAnswer(200, collection(page.map(render), links, switches));
}

/** A cursor that the server accepts and that lies behind every row; another one for each number. */
export function cursorBeyondEnd(number: number, cursors: Cursors): string {
  return cursors === 'pageNumber' ? encodePage(1_000_000 + number) : encodePlace(Number.MAX_SAFE_INTEGER - number);
}

/** The address of another page of this list; without a cursor: of the first. */
export function pageLink(
  url: URL,
  style: Switches['links'],
  cursor: { readonly after?: string | undefined; readonly before?: string | undefined } = {},
): string {
  const parameters = generationOf(url);
  const target = new URL(url);
  target.searchParams.delete(parameters.after);
  target.searchParams.delete(parameters.before);
  if (cursor.after !== undefined) target.searchParams.set(parameters.after, cursor.after);
  if (cursor.before !== undefined) target.searchParams.set(parameters.before, cursor.before);
  if (style === 'encoded') return target.href;
  const query = [...target.searchParams].map(([name, value]) => `${name}=${value}`).join('&');
  return `${target.origin}${target.pathname}${query === '' ? '' : `?${query}`}`;
}

/** False for the first page of a list. */
export function hasCursor(url: URL): boolean {
  const { after, before } = generationOf(url);
  return [after, before].some((name) => (url.searchParams.get(name) ?? '') !== '');
}

function generationOf(url: URL): Parameters {
  return Object.values(december2024).some((name: string) => url.searchParams.has(name)) ? december2024 : today;
}

function collection(data: unknown[], links: object, switches: Switches): object {
  switch (switches.collection) {
    case 'full':
      return { data, links };
    case 'noData':
      return { links };
    case 'noLinks':
      return { data };
    case 'emptyObject':
      return {};
  }
}

function readRequest(url: URL, parameters: Parameters, switches: Switches, cursors: Cursors): PageRequest | Answer {
  const limitText = url.searchParams.get(parameters.limit);
  const limit = limitText === null || limitText === '' ? switches.defaultLimit : Number(limitText);
  if (!Number.isSafeInteger(limit) || limit < 1) {
    return errorAnswer(422, { message: `Param '${parameters.limit}' should be a positive integer` });
  }
  const read = cursors === 'place' ? readPlace : readPage;
  const after = readCursor(url.searchParams.get(parameters.after), read);
  const before = readCursor(url.searchParams.get(parameters.before), read);
  if (after === 'bad' || before === 'bad') {
    return switches.badCursorStatus === 400
      ? errorAnswer(400, { message: 'invalid query param starting_after or ending_before - must be a valid cursor' })
      : errorAnswer(500, { message: 'Internal Server Error' });
  }
  if (after !== undefined && before !== undefined) {
    return errorAnswer(422, { message: `Params '${parameters.after}' and '${parameters.before}' exclude each other` });
  }
  return { limit: Math.min(limit, switches.maxLimit), after, before };
}

// By place, not by row: a page stays where it was when the row at its edge is discarded meanwhile.
function cutByPlace(places: readonly number[], { limit, after, before }: PageRequest): { start: number; end: number } {
  if (before !== undefined) {
    const end = firstIndex(places, (place) => place >= before);
    return { start: Math.max(0, end - limit), end };
  }
  const start = after === undefined ? 0 : firstIndex(places, (place) => place > after);
  return { start, end: Math.min(places.length, start + limit) };
}

// By number: rows that come or go between two pages shift the rest, so that one is shown twice or missed (seen).
function cutByPage(count: number, { limit, after = 0, before }: PageRequest): { start: number; end: number } {
  const number = before === undefined ? after + 1 : Math.max(1, before - 1);
  const start = Math.min(count, (number - 1) * limit);
  return { start, end: Math.min(count, start + limit) };
}

function firstIndex(places: readonly number[], test: (place: number) => boolean): number {
  const index = places.findIndex(test);
  return index === -1 ? places.length : index;
}

function placeIn(order: Switches['order']): (row: Row) => number {
  switch (order) {
    case 'newestFirst':
      return (row) => -row.sequence;
    case 'oldestFirst':
      return (row) => row.sequence;
    case 'shuffled':
      // The last 48 bits of a uuid: an order that looks random and is the same for every page.
      return (row) => Number.parseInt(row.id.slice(-12), 16);
  }
}

function encodePlace(place: number): string {
  return Buffer.from(JSON.stringify({ v: 1, at: place })).toString('base64url');
}

function encodePage(number: number): string {
  return Buffer.from(String(number)).toString('base64url');
}

function readCursor(text: string | null, read: (text: string) => number | 'bad'): number | 'bad' | undefined {
  return text === null || text === '' ? undefined : read(text);
}

function readPage(text: string): number | 'bad' {
  const number = Number(Buffer.from(text, 'base64url').toString());
  return Number.isSafeInteger(number) && number >= 1 && encodePage(number) === text ? number : 'bad';
}

function readPlace(text: string): number | 'bad' {
  try {
    const cursor: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (typeof cursor !== 'object' || cursor === null || !('at' in cursor) || typeof cursor.at !== 'number')
      return 'bad';
    return encodePlace(cursor.at) === text ? cursor.at : 'bad';
  } catch {
    return 'bad';
  }
}
