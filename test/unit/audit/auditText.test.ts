import assert from 'node:assert/strict';
import type { Audit } from '../../../src/core/audit/audit.ts';
import type { AuditRecord } from '../../../src/core/audit/auditRecord.ts';
import { auditText } from '../../../src/core/audit/auditText.ts';
import { localTime } from '../../../src/core/base/timeText.ts';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';

const minuteMs = 60_000;
const format = { locale: 'en', timeZone: 'UTC', hourCycle: 'h23' } as const;

const aRecord = (parts: Partial<AuditRecord> = {}): AuditRecord => ({
  ...{ id: 'c-1', startedAt: new Date('2026-11-25T12:00:00Z'), phase: 'reading', scope: 'everything' },
  ...{ isCutShort: false, pageCount: 13, userCount: 1240, readCount: 1000, tokenCount: 2000, failedCount: 0, looks: 1 },
  ...parts,
});
type Shown = Pick<Audit, 'state' | 'record' | 'error' | 'leftMs'>;
const textOf = (shown: Partial<Shown>): string =>
  auditText({ state: 'none', record: undefined, error: undefined, leftMs: undefined, ...shown }, 'api.test', format);

describe('auditText', () => {
  const offline = new MagicBellError('offline', 'x');
  const cases: readonly (readonly [name: string, shown: Partial<Shown>, text: string | RegExp])[] = [
    ['none', { state: 'none' }, ''],
    ['one elsewhere', { state: 'elsewhere' }, 'Another window audits this project.'],
    ['one that has no record yet', { state: 'running' }, 'Starting…'],
    [
      'the listing of users',
      { state: 'running', record: aRecord({ phase: 'listing', userCount: 300 }) },
      'Listing users: 300 so far.',
    ],
    [
      'the reading of tokens',
      { state: 'running', record: aRecord(), leftMs: 3 * minuteMs },
      'Reading users’ tokens: 1,000 of 1,240 users, 2,000 tokens, about 3 minutes left.',
    ],
    [
      'the reading of tokens, when nobody knows how long it takes',
      { state: 'running', record: aRecord({ tokenCount: 1 }) },
      'Reading users’ tokens: 1,000 of 1,240 users, 1 token.',
    ],
    [
      'the last look',
      { state: 'running', record: aRecord({ phase: 'closing' }) },
      'Looking for users who came meanwhile: 1,000 of 1,240 users, 2,000 tokens.',
    ],
    ['a pause', { state: 'paused' }, 'Paused.'],
    ['a pause while users are listed', { state: 'paused', record: aRecord({ phase: 'listing' }) }, 'Paused.'],
    ['a pause on the way', { state: 'paused', record: aRecord() }, 'Paused at 1,000 of 1,240 users.'],
    ['a wait', { state: 'waiting', error: offline }, /api\.test.* The audit goes on by itself when that has passed\.$/],
    ['a failure', { state: 'failed', error: offline }, /^The audit has stopped\. .*api\.test/],
    [
      'a failure of the extension',
      { state: 'failed' },
      'The audit has stopped. Something went wrong in the extension: the log says more.',
    ],
    ['an end without a record', { state: 'done' }, ''],
  ];
  for (const [name, shown, text] of cases) {
    it(`describes ${name}`, () => {
      if (typeof text === 'string') assert.equal(textOf(shown), text);
      else assert.match(textOf(shown), text);
    });
  }

  const lefts: readonly (readonly [leftMs: number, words: string])[] = [
    [0, 'less than a minute left'],
    [minuteMs, 'less than a minute left'],
    [minuteMs + 1, 'about 2 minutes left'],
    [89 * minuteMs, 'about 89 minutes left'],
    [90 * minuteMs, 'about 2 hours left'],
    [185 * minuteMs, 'about 3 hours left'],
  ];
  for (const [leftMs, words] of lefts) {
    it(`says for ${leftMs} ms: ${words}`, () => {
      assert.ok(textOf({ state: 'running', record: aRecord(), leftMs }).endsWith(`, ${words}.`));
    });
  }

  const finishedAt = new Date('2026-11-26T08:30:00Z');
  const done = (parts: Partial<AuditRecord>): string =>
    textOf({ state: 'done', record: aRecord({ phase: 'done', finishedAt, ...parts }) });

  it('says when an audit has ended, or else when it began', () => {
    const [ended, begun] = [done({}), done({ finishedAt: undefined })];
    assert.match(ended, /^Audited .*26.*08:30.*: 1,240 users, 2,000 tokens\.$/);
    assert.match(begun, /^Audited .*25.*12:00.*: 1,240 users, 2,000 tokens\.$/);
  });

  const ends: readonly (readonly [parts: Partial<AuditRecord>, text: string])[] = [
    [{ userCount: 1, tokenCount: 1 }, ': 1 user, 1 token.'],
    [{ failedCount: 1 }, ': 1,240 users, 2,000 tokens. The tokens of 1 user could not all be read.'],
    [{ failedCount: 1200 }, ': 1,240 users, 2,000 tokens. The tokens of 1,200 users could not all be read.'],
    [
      { isCutShort: true },
      ': 1,240 users, 2,000 tokens. MagicBell’s list of users could not be read to its end: there may be more.',
    ],
    [{ scope: 'noUsers' }, '. This API does not list users: only project tokens are covered.'],
    [{ scope: 'noUserTokens' }, '. This API does not list users’ tokens: only project tokens are covered.'],
  ];
  for (const [parts, text] of ends) {
    it(`says what is covered: ${text}`, () => {
      assert.equal(done(parts), `Audited ${localTime(finishedAt, format)}${text}`);
    });
  }
});
