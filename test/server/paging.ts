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
): Answer {
  const parameters = Object.values(december2024).some((name: string) => url.searchParams.has(name))
    ? december2024
    : today;
  const request = readRequest(url, parameters, switches);
  if ('status' in request) return request;

  const place = placeIn(switches.order);
  const sorted = [...rows].sort((a, b) => place(a) - place(b));
  const { start, end } = cut(
    sorted.map((row) => place(row)),
    request,
  );
  const page = sorted.slice(start, end);

  const link = (cursorParameter?: string, row?: R): string => {
    const target = new URL(url);
    target.searchParams.delete(parameters.after);
    target.searchParams.delete(parameters.before);
    if (cursorParameter !== undefined && row) target.searchParams.set(cursorParameter, encodeCursor(place(row)));
    return target.href;
  };
  const isEmptyList = rows.length === 0;
  const links = {
    first: isEmptyList && switches.firstOfEmptyList === 'emptyString' ? '' : link(),
    next: end < sorted.length ? link(parameters.after, page.at(-1) ?? sorted[start - 1]) : null,
    prev: start > 0 ? link(parameters.before, page[0] ?? sorted[start]) : null,
  };
  return jsonAnswer(200, collection(page.map(render), links, switches));
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

function readRequest(url: URL, parameters: Parameters, switches: Switches): PageRequest | Answer {
  const limitText = url.searchParams.get(parameters.limit);
  const limit = limitText === null || limitText === '' ? switches.defaultLimit : Number(limitText);
  if (!Number.isSafeInteger(limit) || limit < 1) {
    return errorAnswer(422, { message: `Param '${parameters.limit}' should be a positive integer` });
  }
  const after = readCursor(url.searchParams.get(parameters.after));
  const before = readCursor(url.searchParams.get(parameters.before));
  if (after === 'bad' || before === 'bad') {
    return switches.badCursorStatus === 400
      ? errorAnswer(400, { message: 'invalid cursor' })
      : errorAnswer(500, { message: 'Internal Server Error' });
  }
  if (after !== undefined && before !== undefined) {
    return errorAnswer(422, { message: `Params '${parameters.after}' and '${parameters.before}' exclude each other` });
  }
  return { limit: Math.min(limit, switches.maxLimit), after, before };
}

// By place, not by row: a page stays where it was when the row at its edge is discarded meanwhile.
function cut(places: readonly number[], { limit, after, before }: PageRequest): { start: number; end: number } {
  if (before !== undefined) {
    const end = firstIndex(places, (place) => place >= before);
    return { start: Math.max(0, end - limit), end };
  }
  const start = after === undefined ? 0 : firstIndex(places, (place) => place > after);
  return { start, end: Math.min(places.length, start + limit) };
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

function encodeCursor(place: number): string {
  return Buffer.from(JSON.stringify({ v: 1, at: place })).toString('base64url');
}

function readCursor(text: string | null): number | 'bad' | undefined {
  if (text === null || text === '') return undefined;
  try {
    const cursor: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (typeof cursor !== 'object' || cursor === null || !('at' in cursor) || typeof cursor.at !== 'number')
      return 'bad';
    return encodeCursor(cursor.at) === text ? cursor.at : 'bad';
  } catch {
    return 'bad';
  }
}
