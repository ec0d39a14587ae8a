import assert from 'node:assert/strict';
import {
  type AuditRecord,
  isOpen,
  reviveAuditPage,
  reviveAuditRecord,
  tokenToKeep,
} from '../../../src/core/audit/auditRecord.ts';
import type { Token } from '../../../src/core/model/token.ts';
import { aToken, aUser } from '../../support/builders.ts';

const onDisk = (value: unknown): Readonly<Record<string, unknown>> =>
  JSON.parse(JSON.stringify(value)) as Readonly<Record<string, unknown>>;

describe('reviveAuditRecord', () => {
  const record: AuditRecord = {
    ...{ id: 'c-1', startedAt: new Date('2026-11-25T12:00:00Z'), phase: 'reading', scope: 'everything' },
    ...{ pageCount: 1, userCount: 2, readCount: 3, tokenCount: 4, failedCount: 5, looks: 6 },
    ...{ isCutShort: true, finishedAt: new Date('2026-11-25T13:00:00Z') },
  };

  for (const parts of [
    {},
    { phase: 'listing' },
    { phase: 'closing' },
    { phase: 'done' },
    { scope: 'noUserTokens' },
    { scope: 'noUsers' },
    { isCutShort: false },
    { finishedAt: undefined },
    { looks: 0 },
  ] as const) {
    it(`reads what was written, with ${JSON.stringify(parts)}`, () => {
      const written = { ...record, ...parts };
      assert.deepEqual(reviveAuditRecord(onDisk(written)), written);
    });
  }

  const broken: readonly Readonly<Record<string, unknown>>[] = [
    { id: 1 },
    { startedAt: undefined },
    { startedAt: 1_764_072_000_000 },
    { startedAt: 'then' },
    { phase: 'resting' },
    { phase: undefined },
    { scope: 'something' },
    { pageCount: -1 },
    { userCount: '2' },
    { readCount: 1.5 },
    { tokenCount: null },
    { failedCount: undefined },
    { looks: 2 ** 53 },
  ];
  for (const parts of broken) {
    it(`reads no record with ${JSON.stringify(parts)}`, () => {
      assert.equal(reviveAuditRecord({ ...onDisk(record), ...parts }), undefined);
    });
  }

  it('reads none from nothing, and takes only a yes for a yes', () => {
    assert.equal(reviveAuditRecord(null), undefined);
    assert.equal(reviveAuditRecord(undefined), undefined);
    assert.equal(reviveAuditRecord({ ...onDisk(record), isCutShort: 'no' })?.isCutShort, false);
    assert.equal(reviveAuditRecord({ ...onDisk(record), finishedAt: 5 })?.finishedAt, undefined);
  });
});

describe('reviveAuditPage', () => {
  const user = aUser({ externalId: 'ext', firstName: 'Hana', lastName: 'Ito' });
  const token: Token = {
    ...aToken({ name: 'Inbox', expiresAt: new Date('2026-12-01T12:00:00Z') }),
    ...{ kind: 'user', revokedAt: new Date('2026-11-26T12:00:00Z'), lastUsedAt: new Date('2026-11-27T12:00:00Z') },
  };

  it('reads what was written', () => {
    const users = [
      {
        user,
        tokens: [token, { ...token, id: undefined, name: undefined, isExpiryUnknown: true }],
        problem: undefined,
      },
      { user: aUser({ email: undefined }), tokens: undefined, problem: 'gone' },
      { user, tokens: [], problem: 'failed' },
      { user, tokens: undefined, problem: undefined },
    ] as const;
    const read = reviveAuditPage(onDisk({ id: 'page', users }));
    assert.deepEqual(read, { id: 'page', users });
    assert.deepEqual(read.users.map(isOpen), [false, false, false, true]);
  });

  it('passes over tokens that are none, and reads nothing into fields of another kind', () => {
    const odd = { id: 1, name: 2, createdAt: '2026-11-25T12:00:00Z', expiresAt: 3, isExpiryUnknown: 'yes' };
    const written = {
      user: { id: 'user-1', email: 1, externalId: null, firstName: [], lastName: {} },
      tokens: [null, { id: 'x' }, { id: 'x', createdAt: 'then' }, odd],
      problem: 'lazy',
    };
    const nobody = { email: undefined, externalId: undefined, firstName: undefined, lastName: undefined };
    const only = {
      ...{ kind: 'user', id: undefined, name: undefined, createdAt: new Date('2026-11-25T12:00:00Z') },
      ...{ expiresAt: undefined, revokedAt: undefined, lastUsedAt: undefined },
    };
    assert.deepEqual(reviveAuditPage({ id: 'page', users: [written] })?.users, [
      { user: { id: 'user-1', ...nobody }, tokens: [only], problem: undefined },
    ]);
  });

  for (const page of [
    null,
    { users: [] },
    { id: 'page' },
    { id: 'page', users: { 0: { user } } },
    { id: 'page', users: [{ user }, null] },
    { id: 'page', users: [{ user: { email: 'hana@example.com' } }] },
    { id: 'page', users: [{}] },
  ]) {
    it(`reads no page from ${JSON.stringify(page)}`, () => assert.equal(reviveAuditPage(page), undefined));
  }
});

describe('tokenToKeep', () => {
  it('keeps no field that it does not name', () => {
    const token: Token = { ...aToken({ name: 'Inbox' }), kind: 'user', isExpiryUnknown: true };
    assert.deepEqual(tokenToKeep({ ...token, value: 'secret' } as Token), token);
    const known: Token = { ...aToken(), kind: 'user' };
    assert.deepEqual(tokenToKeep({ ...known, isExpiryUnknown: false } as unknown as Token), known);
  });
});
