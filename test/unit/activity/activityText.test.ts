import assert from 'node:assert/strict';
import type { Activity, ActivityKind } from '../../../src/core/activity/activity.ts';
import {
  keptConnection,
  parseActivityMessage,
  parseActivityPageMessage,
} from '../../../src/core/activity/activityMessage.ts';
import {
  activityCsv,
  activityJson,
  activityMessage,
  historyOf,
  removedActivity,
} from '../../../src/core/activity/activityText.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { hostileNames, textsIn } from '../../support/hostileNames.ts';

const format = { locale: 'en-US', timeZone: 'Europe/Berlin' };
const anActivity = (parts: Partial<Activity> = {}): Activity => ({
  at: new Date('2026-11-25T12:00:05Z'),
  what: 'revoked',
  tokenKind: 'project',
  name: 'CI deploy',
  tokenId: tokenId('token-1'),
  ...parts,
});
const acme = { id: 'c-1', label: 'Acme', isProduction: true };
const entryOf = (parts: Partial<Activity>) => activityMessage([anActivity(parts)], acme, format).entries[0];

describe('activityMessage', () => {
  it('says when, in local time and UTC, what, and to which token', () => {
    assert.deepEqual(
      { ...entryOf({}), time: entryOf({})?.time.replaceAll('\u202F', ' ') },
      {
        time: 'Nov 25, 2026, 1:00 PM GMT+1',
        utc: '2026-11-25 12:00:05 UTC',
        what: 'Revoked',
        result: '',
        name: 'CI deploy',
        kind: 'project token',
        recipient: '',
        id: 'token-1',
      },
    );
    const failed = entryOf({
      what: 'failed',
      tokenKind: 'user',
      recipient: 'hana@example.com',
      result: 'revoke: offline',
    });
    assert.deepEqual(
      [failed?.what, failed?.result, failed?.kind, failed?.recipient],
      ['Failed', 'revoke: offline', 'user token', 'hana@example.com'],
    );
    const bare = entryOf({ name: undefined, tokenId: undefined, tokenKind: undefined });
    assert.deepEqual([bare?.name, bare?.kind, bare?.id], ['', 'token', '']);
  });

  const kinds: Record<ActivityKind, RegExp> = {
    issued: /Issued/,
    delivered: /Value delivered/,
    discarded: /Value given up/,
    revoked: /Revoked/,
    rotated: /Rotated/,
    signed: /Signed here/,
    failed: /Failed/,
    outcomeUnknown: /Outcome unknown/,
  };
  for (const [what, words] of Object.entries(kinds)) {
    it(`has words for ${what}`, () => assert.match(entryOf({ what: what as ActivityKind })?.what ?? '', words));
  }

  it('shows a kind that a later version wrote', () => {
    assert.equal(entryOf({ what: 'polished' as ActivityKind })?.what, 'polished');
  });

  it('says whose it is, and how much is kept', () => {
    const { project, isProduction, kept, entries, connection } = activityMessage([], acme);
    assert.deepEqual([connection, project, isProduction, kept, entries], ['c-1', 'Acme', true, 1000, []]);
    assert.equal(removedActivity('c-1').isRemoved, true);
  });

  it('shows hostile texts as plain text', () => {
    for (const name of hostileNames) {
      const message = activityMessage([anActivity({ name, recipient: name, result: name })], { ...acme, label: name });
      assert.ok(parseActivityMessage(JSON.parse(JSON.stringify(message))), name);
      assert.doesNotMatch(textsIn(message).join('|'), /[\u202E\u200B\u2028\p{Cc}]|\$\(|\]\(/u);
    }
  });

  it('passes as it is, and with no field more', () => {
    const message = activityMessage([anActivity()], acme);
    assert.deepEqual(parseActivityMessage(JSON.parse(JSON.stringify(message))), message);
    assert.equal(parseActivityMessage({ ...message, value: 'x' }), undefined);
    assert.deepEqual(
      ['ready', 'export', 'clear', 'delete'].map((type) => parseActivityPageMessage({ type })?.type),
      ['ready', 'export', 'clear', undefined],
    );
    assert.equal(parseActivityPageMessage({ type: 'clear', connection: 'other' }), undefined);
    assert.deepEqual(
      [keptConnection({ connection: 'c-1' }), keptConnection({}), keptConnection(null)],
      ['c-1', undefined, undefined],
    );
  });
});

describe('historyOf', () => {
  it('is what was done to this token', () => {
    const activities = [anActivity(), anActivity({ what: 'issued' }), anActivity({ tokenId: tokenId('other') })];
    const lines = historyOf(activities, 'token-1', format);
    assert.deepEqual(
      lines.map(({ words, utc }) => `${words}, ${utc}`),
      ['Revoked, 2026-11-25 12:00:05 UTC', 'Issued, 2026-11-25 12:00:05 UTC'],
    );
  });
});

describe('The export of the activity', () => {
  it('is CSV with a heading', () => {
    assert.equal(
      activityCsv([anActivity({ name: '=cmd|calc', recipient: 'a,b' })]),
      '\uFEFFtime,what,result,kind,name,token id,recipient\r\n' +
        '2026-11-25T12:00:05.000Z,revoked,,project,"\'=cmd|calc",token-1,"a,b"\r\n',
    );
  });

  it('is JSON with the names as they are', () => {
    assert.deepEqual(JSON.parse(activityJson([anActivity({ name: 'a\nb' })])), [
      { at: '2026-11-25T12:00:05.000Z', what: 'revoked', tokenKind: 'project', name: 'a\nb', tokenId: 'token-1' },
    ]);
  });
});
