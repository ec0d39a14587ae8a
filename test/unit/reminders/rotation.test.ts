import assert from 'node:assert/strict';
import {
  deliveredText,
  type Rotation,
  reviveRotation,
  rotationState,
  rotationText,
  withRotation,
} from '../../../src/core/reminders/rotation.ts';
import type { Place } from '../../../src/core/delivery/place.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { presentToken } from '../../../src/core/tokens/tokenPresentation.ts';
import { aToken } from '../../support/builders.ts';

const now = new Date('2026-11-25T12:00:00Z');
const rotation: Rotation = {
  id: tokenId('old'),
  connectionId: 'connection-1',
  kind: 'project',
  name: 'CI deploy',
  issuanceId: 'issuance-1',
  graceMs: 1000,
  revokeAt: undefined,
};

describe('rotation', () => {
  const cases: [revokeAt: string | undefined, state: string, text: string][] = [
    [undefined, 'undelivered', 'new one not copied yet'],
    ['2026-11-25T15:30:00Z', 'waiting', 'rotated, revoke in 3 hours'],
    ['2026-11-25T12:00:00Z', 'due', 'rotated, revoke it now'],
    ['2026-11-20T12:00:00Z', 'due', 'rotated, revoke it now'],
  ];
  for (const [revokeAt, state, text] of cases) {
    it(`is ${state} when the old one is to be revoked at ${String(revokeAt)}`, () => {
      const dated = { ...rotation, revokeAt: revokeAt === undefined ? undefined : new Date(revokeAt) };
      assert.equal(rotationState(dated, now), state);
      assert.equal(rotationText(dated, now), text);
    });
  }

  it('says where the new value went, by name, and where it is missing', () => {
    const env = {
      type: 'dotenv',
      folder: '/w',
      path: '/w/.env',
      shown: '.env',
      variable: 'TOKEN',
      agreed: [],
    } satisfies Place;
    const gh = {
      type: 'command',
      label: 'gh',
      steps: [['gh', 'set']],
      folder: '/w',
      opensStdin: false,
    } satisfies Place;
    const delivered = { ...rotation, revokeAt: now };
    assert.equal(deliveredText(rotation, [], []), 'the new value was not delivered yet');
    assert.equal(deliveredText(rotation, [], [env]), 'the new value was not delivered yet to .env as TOKEN');
    assert.equal(
      deliveredText(rotation, [env], [gh]),
      'the new value was delivered to .env as TOKEN, not yet to gh set',
    );
    assert.equal(deliveredText(delivered, [env, gh], []), 'the new value was delivered to .env as TOKEN and to gh set');
    assert.equal(deliveredText(delivered, [], []), undefined);
  });

  it('comes back from its file as it was', () => {
    const dated = { ...rotation, revokeAt: new Date('2026-11-26T12:00:00Z') };
    assert.deepEqual(reviveRotation(JSON.parse(JSON.stringify(dated))), dated);
    assert.deepEqual(reviveRotation(JSON.parse(JSON.stringify(rotation))), rotation);
  });

  it('comes back without what it cannot hold', () => {
    const bare = { ...rotation, kind: 'user', name: undefined, graceMs: undefined } as const;
    assert.deepEqual(reviveRotation({ ...bare, name: 7, graceMs: 'x', revokeAt: 7 }), bare);
  });

  const parts = [{ kind: 'other' }, { id: 7 }, { connectionId: 7 }, { issuanceId: undefined }];
  for (const json of [null, undefined, 7, {}, ...parts.map((part) => ({ ...rotation, ...part }))]) {
    it(`is not made from ${JSON.stringify(json)}`, () => assert.equal(reviveRotation(json), undefined));
  }

  it('stands first on the row, for eyes and ears', () => {
    const row = presentToken(aToken(), now, 7);
    assert.equal(withRotation(row, undefined, now), row);
    const rotated = withRotation(row, { ...rotation, revokeAt: now }, now);
    assert.equal(rotated.icon, 'sync');
    assert.equal(rotated.description, 'rotated, revoke it now · never expires');
    assert.equal(rotated.accessibleLabel, 'CI deploy, project token, never expires, rotated, revoke it now');
  });
});
