import assert from 'node:assert/strict';
import type { Activity, ActivityKind } from '../../../src/core/activity/activity.ts';
import { activityCsv, activityJson, activityPage, historyOf } from '../../../src/core/activity/activityText.ts';
import { tokenId } from '../../../src/core/model/token.ts';

const format = { locale: 'en-US', timeZone: 'Europe/Berlin' };
const anActivity = (parts: Partial<Activity> = {}): Activity => ({
  at: new Date('2026-11-25T12:00:05Z'),
  what: 'revoked',
  tokenKind: 'project',
  name: 'CI deploy',
  tokenId: tokenId('token-1'),
  ...parts,
});
const lineOf = (parts: Partial<Activity>) =>
  activityPage([anActivity(parts)], 'https://api.magicbell.com/v2', format).split('\n')[3] ?? '';

describe('activityPage', () => {
  it('says when, in local time and UTC, what, and to which token', () => {
    assert.equal(
      lineOf({}).replaceAll('\u202F', ' '),
      'Nov 25, 2026, 1:00 PM GMT+1: Revoked: project token “CI deploy”, ID token-1 (2026-11-25 12:00:05 UTC)',
    );
    assert.match(
      lineOf({ what: 'failed', tokenKind: 'user', recipient: 'hana@example.com', result: 'revoke: offline' }),
      /: Failed \(revoke: offline\): user token “CI deploy”, for hana@example\.com, ID token-1 /,
    );
    assert.match(lineOf({ name: undefined, tokenId: undefined, tokenKind: undefined }), /: Revoked: token \(/);
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
    it(`has words for ${what}`, () => assert.match(lineOf({ what: what as ActivityKind }), words));
  }

  it('shows a kind that a later version wrote', () => {
    assert.match(lineOf({ what: 'polished' as ActivityKind }), /: polished: /);
  });

  it('says of what it is, and how much there is', () => {
    const page = activityPage([anActivity()], 'https://api.magicbell.com/v2');
    assert.match(page, /^What was done .* with https:\/\/api\.magicbell\.com\/v2\n1 entry, newest first/);
    assert.ok(page.endsWith(')\n'));
  });

  it('says so when there is nothing', () => {
    assert.match(activityPage([], 'https://api.magicbell.com/v2'), /0 entries.*\n\nNothing was issued or revoked/);
  });

  it('keeps a hostile name in its line, as plain text', () => {
    const page = activityPage(
      [anActivity({ name: 'a\nb\u202Ec[d](command:e)$(key)', recipient: 'x\ny', result: 'r\ns' })],
      'https://api.magicbell.com/v2',
    );
    assert.equal(page.split('\n').length, 5);
    assert.match(page, /“a bc\[d\] \(command:e\)\$ \(key\)”, for x y/);
  });
});

describe('historyOf', () => {
  it('is what was done to this token', () => {
    const activities = [anActivity(), anActivity({ what: 'issued' }), anActivity({ tokenId: tokenId('other') })];
    const lines = historyOf(activities, 'token-1', format);
    assert.deepEqual(
      lines.map((line) => line.replace(/^.*GMT\+1: /, '')),
      ['Revoked (2026-11-25 12:00:05 UTC)', 'Issued (2026-11-25 12:00:05 UTC)'],
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
