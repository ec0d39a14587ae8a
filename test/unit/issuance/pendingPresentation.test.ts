import assert from 'node:assert/strict';
import { type Place, plainClipboard } from '../../../src/core/delivery/place.ts';
import type { PendingIssuance } from '../../../src/core/issuance/pendingIssuance.ts';
import { issuanceName, presentPending } from '../../../src/core/issuance/pendingPresentation.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { userId } from '../../../src/core/model/user.ts';
import { aToken, anIssuance } from '../../support/builders.ts';

const now = new Date('2026-11-25T12:05:00Z');
const pending = (parts: Partial<PendingIssuance>): PendingIssuance => ({
  issuance: anIssuance(),
  status: 'undelivered',
  isStored: true,
  ...parts,
});

describe('presentPending', () => {
  const cases: [Partial<PendingIssuance>, RegExp][] = [
    [{ status: 'inProgress' }, /^being created$/],
    [{ status: 'undelivered' }, /^value not copied yet · Copy$/],
    [{ status: 'orphaned' }, /^created, its value is lost · Revoke$/],
    [{ status: 'unreadable' }, /Reload$/],
    [{ status: 'unknown' }, /^not known whether it was created · Check$/],
    [{ status: 'unknown', candidates: [] }, /^not found so far · Check Again$/],
    [{ status: 'unknown', candidates: [aToken()] }, /its value never arrived · Revoke$/],
  ];
  for (const [parts, description] of cases) {
    it(`says ${description.source}`, () => {
      const row = presentPending(pending(parts), now);
      assert.match(row.description, description);
      assert.equal(row.icon, parts.status === 'inProgress' ? 'loading~spin' : 'warning');
      assert.equal(row.color, parts.status === 'inProgress' ? undefined : 'list.warningForeground');
      assert.equal(row.accessibleLabel, `CI deploy, project token, ${row.description}`);
      assert.match(row.tooltip.join('\n'), /^CI deploy\nRequested 5 minutes ago: Nov 25, 2026[^\n]*$/);
    });
  }

  it('offers to deliver where places beside the clipboard are left, and to copy otherwise', () => {
    const terminal: Place = { type: 'terminal', variable: 'TOKEN' };
    const other: Place = { type: 'terminal', variable: 'OTHER' };
    const row = (places: Place[], placesDone?: Place[]): string => {
      const request = { ...anIssuance().request, places };
      return presentPending(pending({ issuance: anIssuance({ request, placesDone }) }), now).description;
    };
    assert.equal(row([plainClipboard]), 'value not copied yet · Copy');
    assert.equal(row([plainClipboard, terminal]), 'value not delivered yet · Deliver');
    assert.equal(row([plainClipboard, terminal, other], [terminal]), 'delivered to 1 of 3 places · Deliver');
    assert.equal(row([plainClipboard, terminal], [terminal]), 'value not copied yet · Copy');
  });

  it('says of a user’s token what it is', () => {
    const request = { kind: 'user', name: 'x', expirySeconds: undefined } as const;
    const label = (parts: object): string =>
      presentPending(pending({ issuance: anIssuance({ request: { ...request, ...parts } }) }), now).accessibleLabel;
    assert.match(label({}), /^x, user token, /);
    assert.match(label({ isSigned: true }), /^x, signed user token, /);
  });

  it('speaks of memory only where there is a value', () => {
    const row = presentPending(pending({ status: 'orphaned', isStored: false }), now);
    assert.doesNotMatch(row.tooltip.join('\n'), /memory/);
  });

  it('names a known id, and says when only this window has the value', () => {
    const issuance = anIssuance({ tokenId: tokenId('token-9') });
    const tooltip = presentPending(pending({ issuance, isStored: false }), now).tooltip.join('\n');
    assert.match(tooltip, /ID: token-9/);
    assert.match(tooltip, /only in this window’s memory/);
    assert.doesNotMatch(presentPending(pending({ issuance }), now).tooltip.join('\n'), /memory/);
  });
});

describe('issuanceName', () => {
  const base = { kind: 'user', expirySeconds: undefined } as const;
  const cases: [Parameters<typeof issuanceName>[0]['request'], string][] = [
    [{ ...base, name: 'CI', recipient: { email: 'a@b' } }, 'CI'],
    [{ ...base, name: undefined, recipient: { email: 'a@b', externalId: 'x' } }, 'a@b'],
    [{ ...base, name: '', recipient: { externalId: 'x' } }, 'x'],
    [{ ...base, name: '\u200b', recipient: { userId: userId('u') } }, 'u'],
    [{ ...base, name: undefined }, 'Unnamed token'],
    [{ ...base, name: '$(trash) [x](command:y)' }, '$ (trash) [x] (command:y)'],
  ];
  for (const [request, name] of cases) {
    it(`is ${name}`, () => assert.equal(issuanceName({ request }), name));
  }
});
