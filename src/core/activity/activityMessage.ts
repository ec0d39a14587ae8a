import { type Guard, isCount, isFlag, isText, listOf, oneOf, record } from '../pages/guards.ts';
import type { Shown } from '../pages/shown.ts';

/** One entry of the activity, as its page shows it. */
export interface ActivityEntry {
  /** Local time, with its zone. */
  readonly time: Shown;
  readonly utc: Shown;
  /** "Revoked" */
  readonly what: Shown;
  /** How it went, or where to; empty: there is no more to say. */
  readonly result: Shown;
  /** The token's name; empty when it has none. */
  readonly name: Shown;
  /** "project token" */
  readonly kind: Shown;
  /** Whom it is for; empty for a project token. */
  readonly recipient: Shown;
  /** Empty when it is not known. */
  readonly id: Shown;
}

/** What was done from here with a connection: metadata only. */
export interface ActivityMessage {
  readonly type: 'activity';
  /** The connection's id: what the page keeps over a reload. */
  readonly connection: string;
  readonly project: Shown;
  readonly isProduction: boolean;
  /** The connection was removed here. */
  readonly isRemoved: boolean;
  /** So many entries are kept. */
  readonly kept: number;
  /** Newest first. */
  readonly entries: readonly ActivityEntry[];
}

/** What the page of the activity sends to the host. */
export interface ActivityPageMessage {
  readonly type: 'ready' | 'export' | 'clear';
}

const isActivity = record<ActivityMessage>({
  type: oneOf('activity'),
  connection: isText,
  project: isText,
  isProduction: isFlag,
  isRemoved: isFlag,
  kept: isCount,
  entries: listOf(
    record<ActivityEntry>({
      time: isText,
      utc: isText,
      what: isText,
      result: isText,
      name: isText,
      kind: isText,
      recipient: isText,
      id: isText,
    }),
  ),
});

const isPageMessage: Guard = record<ActivityPageMessage>({ type: oneOf('ready', 'export', 'clear') });

/** What the host has sent; undefined when it is no activity. */
export const parseActivityMessage = (data: unknown): ActivityMessage | undefined =>
  isActivity(data) ? (data as ActivityMessage) : undefined;

/** What the page has sent; undefined when it is no message of ours. */
export const parseActivityPageMessage = (data: unknown): ActivityPageMessage | undefined =>
  isPageMessage(data) ? (data as ActivityPageMessage) : undefined;

/** The connection that the page has kept over a reload; undefined when it cannot be read. */
export function keptConnection(state: unknown): string | undefined {
  const connection =
    typeof state === 'object' && state !== null && 'connection' in state ? state.connection : undefined;
  return typeof connection === 'string' ? connection : undefined;
}
