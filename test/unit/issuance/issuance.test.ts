import assert from 'node:assert/strict';
import {
  type Phase,
  isFinal,
  parseIssuance,
  serializeIssuance,
  tokenOfIssuance,
} from '../../../src/core/issuance/issuance.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { userId } from '../../../src/core/model/user.ts';
import { anIssuance } from '../../support/builders.ts';

describe('an issuance’s file', () => {
  const whole = anIssuance({
    request: { kind: 'user', name: 'x', recipient: { email: 'a@b', userId: userId('u') }, expirySeconds: 60 },
    knownIds: [tokenId('a')],
    phase: 'resolved',
    outcomeUnknownSince: new Date(1),
    tokenId: tokenId('t'),
    createdAt: new Date(2),
    expiresAt: new Date(3),
    storedAt: new Date(4),
    finishedAt: new Date(5),
    resolution: 'revoked',
  });

  for (const [what, issuance] of [
    ['all there is', whole],
    ['as little as there can be', anIssuance()],
  ] as const) {
    it(`holds ${what}`, () => assert.deepEqual(parseIssuance(serializeIssuance(issuance)), issuance));
  }

  const text = serializeIssuance(whole);
  const changed = (parts: object): string => JSON.stringify({ ...(JSON.parse(text) as object), ...parts });
  const foreign: [string, string][] = [
    ['nothing', ''],
    ['no JSON', 'x'],
    ['null', 'null'],
    ['a number', '1'],
    ['an array', '[]'],
    ['a later version', changed({ version: 2 })],
    ['no id', changed({ id: 1 })],
    ['a phase of a later version', changed({ phase: 'paused' })],
    ['no request', changed({ request: null })],
    ['a request that is none', changed({ request: 'x' })],
    ['no known ids', changed({ knownIds: undefined })],
    ['no time', changed({ intendedAt: undefined })],
    ['a time that is none', changed({ intendedAt: 'soon' })],
    ['a time as a number', changed({ intendedAt: 5 })],
  ];
  for (const [what, foreignText] of foreign) {
    it(`is not one when it holds ${what}`, () => assert.equal(parseIssuance(foreignText), undefined));
  }

  it('is not one when it is cut anywhere', () => {
    for (let end = 0; end < text.length; end++) assert.equal(parseIssuance(text.slice(0, end)), undefined);
  });

  it('leaves out a time that cannot be read', () => {
    assert.equal(parseIssuance(changed({ expiresAt: 'soon' }))?.expiresAt, undefined);
  });
});

describe('isFinal', () => {
  const phases: [Phase, boolean][] = [
    ['intended', false],
    ['answered', false],
    ['stored', false],
    ['delivered', true],
    ['resolved', true],
  ];
  for (const [phase, expected] of phases) {
    it(`is ${expected} for ${phase}`, () => assert.equal(isFinal({ phase }), expected));
  }
});

describe('tokenOfIssuance', () => {
  const now = new Date(9);
  const asked = (expirySeconds: number | undefined, expiresAt?: Date) =>
    tokenOfIssuance(
      anIssuance({ request: { kind: 'project', name: 'x', expirySeconds }, tokenId: tokenId('t'), expiresAt }),
      now,
    );

  it('never expires only when nothing else was asked for', () => {
    assert.equal(asked(undefined).isExpiryUnknown, undefined);
    assert.equal(asked(60, new Date(3)).isExpiryUnknown, undefined);
    assert.equal(asked(60).isExpiryUnknown, true);
  });

  it('is created now when the answer did not say when', () => {
    const issuance = anIssuance({ createdAt: new Date(2) });
    assert.equal(tokenOfIssuance(issuance, now).createdAt.getTime(), 2);
    assert.equal(tokenOfIssuance({ ...issuance, createdAt: undefined }, now).createdAt, now);
  });
});
