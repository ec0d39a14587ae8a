import { auditStates } from '../audit/auditStates.ts';
import { type Guard, isCount, isFlag, isNumber, isText, listOf, oneOf, orNull, record } from '../pages/guards.ts';
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

/** Validates a message from a page; undefined when it is not part of the protocol. */
export const parsePageMessage = (data: unknown): PageMessage | undefined =>
  pageMessages.some((is) => is(data)) ? (data as PageMessage) : undefined;

/** Validates a message from the host; undefined when it is not part of the protocol. */
export const parseHostMessage = (data: unknown): HostMessage | undefined =>
  hostMessages.some((is) => is(data)) ? (data as HostMessage) : undefined;

const isRow = record<RowMessage>({
  key: isCount,
  connection: isCount,
  name: isText,
  kind: oneOf('project', 'user'),
  owner: isText,
  id: isText,
  createdAt: orNull(isNumber),
  expiresAt: orNull(isNumber),
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
      aheadMs: isNumber,
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
