import { jsonAnswer, type Answer } from './answer.ts';
import type { Exchange } from './faultDelivery.ts';
import type { ActiveFault } from './faults.ts';
import { isObject } from './json.ts';
import { cursorBeyondEnd, hasCursor, pageLink } from './paging.ts';
import { uuidOf } from './projectState.ts';

interface Collection {
  readonly data: readonly unknown[];
  readonly links: Record<string, unknown>;
}

/** What a fault makes of a page of a list. Other answers stay as they are. */
export function faultOnList(active: ActiveFault, answer: Answer, { url, switches }: Exchange): Answer {
  const fault = active.spec.fault;
  switch (fault.kind) {
    case 'repeatedCursor':
      return changedCollection(answer, ({ data, links }) => {
        active.memory ??= links['next'] ?? url.href;
        return { data, links: { ...links, next: active.memory } };
      });
    case 'duplicateRows':
      return changedCollection(answer, ({ data, links }) => {
        const before = active.memory === undefined ? [] : [active.memory];
        active.memory = data.at(-1);
        return { data: [...before, ...data, ...data.slice(-1)], links };
      });
    case 'overlap':
      return changedCollection(answer, ({ data, links }) => {
        const before = hasCursor(url) && Array.isArray(active.memory) ? (active.memory as unknown[]) : [];
        active.memory = data.slice(-fault.rows);
        return { data: [...before, ...data], links };
      });
    case 'endlessList':
      return changedCollection(answer, ({ data, links }) => {
        // The hits tell one page from another, and so does each cursor.
        const cursors = url.pathname.endsWith('/users') ? switches.userCursors : 'place';
        const next = pageLink(url, switches.links, { after: cursorBeyondEnd(active.hits, cursors) });
        if (data.length > 0) active.memory ??= data;
        const first = Array.isArray(active.memory) ? (active.memory as unknown[]) : [];
        const further = { new: newRows(first, active.hits), same: first, none: [] }[fault.rows];
        return { data: data.length > 0 ? data : further, links: { ...links, next: links['next'] ?? next } };
      });
    case 'foreignLinks':
      return changedCollection(answer, ({ data, links }) => ({
        data,
        links: Object.fromEntries(Object.entries(links).map(([name, link]) => [name, withOrigin(link, fault.origin)])),
      }));
    default:
      return answer;
  }
}

/** The same address at another origin; anything else but an address as it is. */
export function withOrigin(link: unknown, origin: string): unknown {
  if (typeof link !== 'string' || link === '') return link;
  return new URL(origin).origin + link.replace(/^\w+:\/\/[^/]*/, '');
}

function newRows(rows: readonly unknown[], page: number): unknown[] {
  return rows.map((row, index) => (isObject(row) ? { ...row, id: uuidOf(`endless ${page} ${index}`) } : row));
}

function changedCollection(answer: Answer, change: (collection: Collection) => Collection): Answer {
  const { json } = answer;
  if (answer.status !== 200 || !isObject(json)) return answer;
  const data: readonly unknown[] = Array.isArray(json['data']) ? json['data'] : [];
  return jsonAnswer(200, change({ data, links: isObject(json['links']) ? json['links'] : {} }));
}
