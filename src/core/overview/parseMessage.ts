import { auditStates } from '../audit/auditStates.ts';
import { findingIds } from './findingIds.ts';
import {
  auditActions,
  type AuditMessage,
  type HostMessage,
  type OverviewMessage,
  type PageMessage,
  type RowMessage,
  tokenActions,
} from './protocol.ts';

type Guard = (value: unknown) => boolean;

/** What a page has sent; undefined when it is no message of ours. */
export const parsePageMessage = (data: unknown): PageMessage | undefined =>
  pageMessages.some((is) => is(data)) ? (data as PageMessage) : undefined;

/** What the host has sent; undefined when it is no message of ours. */
export const parseHostMessage = (data: unknown): HostMessage | undefined =>
  hostMessages.some((is) => is(data)) ? (data as HostMessage) : undefined;

const isText: Guard = (value) => typeof value === 'string';
const isFlag: Guard = (value) => typeof value === 'boolean';
const isNumber: Guard = (value) => typeof value === 'number' && Number.isFinite(value);
const isCount: Guard = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isNumberOrNull: Guard = (value) => value === null || isNumber(value);

const oneOf =
  (...values: readonly string[]): Guard =>
  (value) =>
    typeof value === 'string' && values.includes(value);

const listOf =
  (is: Guard): Guard =>
  (value) =>
    Array.isArray(value) && value.every(is);

/** An object with these fields and no other: what is not in the protocol does not pass. */
function record<T>(fields: Readonly<Record<keyof T & string, Guard>>): Guard {
  const guards = Object.entries<Guard>(fields);
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === guards.length &&
    guards.every(([name, is]) => is((value as Readonly<Record<string, unknown>>)[name]));
}

const isRow = record<RowMessage>({
  key: isCount,
  connection: isCount,
  name: isText,
  kind: oneOf('project', 'user'),
  owner: isText,
  id: isText,
  createdAt: isNumberOrNull,
  expiresAt: isNumberOrNull,
  isExpiryUnknown: isFlag,
  isRevoked: isFlag,
  findings: isCount,
});

const isAudit = record<AuditMessage>({
  state: oneOf(...auditStates),
  done: isCount,
  total: isCount,
  text: isText,
});

const isOverview = record<OverviewMessage>({
  type: oneOf('overview'),
  generation: isCount,
  rowCount: isCount,
  soonDays: isNumber,
  connections: listOf(
    record<OverviewMessage['connections'][number]>({
      name: isText,
      isProduction: isFlag,
      count: isCount,
      hasMore: isFlag,
      problem: isText,
      audit: isAudit,
    }),
  ),
  findings: listOf(record<OverviewMessage['findings'][number]>({ id: oneOf(...findingIds), count: isCount })),
  timeline: record<OverviewMessage['timeline']>({
    expired: isCount,
    months: listOf(
      record<OverviewMessage['timeline']['months'][number]>({ from: isNumber, to: isNumber, count: isCount }),
    ),
    later: isCount,
    never: isCount,
  }),
});

const hostMessages: readonly Guard[] = [
  isOverview,
  record({ type: oneOf('rows'), generation: isCount, rows: listOf(isRow) }),
  record({ type: oneOf('audits'), audits: listOf(isAudit) }),
];

const pageMessages: readonly Guard[] = [
  record({ type: oneOf('ready', 'connect', 'loadAll', 'markSeen', 'exportExpiries') }),
  record({ type: oneOf('act'), action: oneOf(...tokenActions), keys: listOf(isCount) }),
  record({ type: oneOf('export'), keys: listOf(isCount) }),
  record({ type: oneOf('audit'), action: oneOf(...auditActions), connection: isCount }),
];
