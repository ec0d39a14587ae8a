import assert from 'node:assert/strict';
import { presetExpiry, readExpiry, readNewToken } from '../../../src/core/agents/newToken.ts';
import { notOffered } from '../../../src/core/agents/notOffered.ts';
import { outcomeOf } from '../../../src/core/agents/outcome.ts';
import type { Operation } from '../../../src/core/connections/capabilities.ts';
import type { PendingStatus } from '../../../src/core/issuance/pendingIssuance.ts';
import { expiryPresets } from '../../../src/core/tokens/expiry.ts';

const now = new Date('2026-11-25T12:00:00Z');

describe('A token that a model asks for', () => {
  const email = 'hana@example.com';
  const none = { name: undefined, email: undefined, externalId: undefined };
  const forNobody = 'A project token is for no user: leave "email" and "externalId" out.';
  const forSomebody = 'A user token needs the "email" or the "externalId" of its user.';
  const cases: readonly (readonly [given: Parameters<typeof readNewToken>[0], read: object | string])[] = [
    [
      { ...none, kind: 'project', name: 'CI' },
      { kind: 'project', name: 'CI' },
    ],
    [{ ...none, kind: 'project' }, 'A project token needs a "name".'],
    [{ ...none, kind: 'project', name: 'CI', email }, forNobody],
    [{ ...none, kind: 'project', name: 'CI', externalId: 'ext' }, forNobody],
    [{ ...none, kind: 'user' }, forSomebody],
    [{ ...none, kind: 'user', name: 'Inbox' }, forSomebody],
    [
      { ...none, kind: 'user', email },
      { kind: 'user', name: undefined, recipient: { email, externalId: undefined } },
    ],
    [
      { ...none, kind: 'user', name: 'Inbox', externalId: 'ext' },
      { kind: 'user', name: 'Inbox', recipient: { email: undefined, externalId: 'ext' } },
    ],
  ];
  for (const [given, read] of cases) {
    it(`is read from ${JSON.stringify(given)}`, () => {
      const expected = typeof read === 'string' ? { ok: false, problem: read } : { ok: true, value: read };
      assert.deepEqual(readNewToken(given), expected);
    });
  }

  const secret = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc';
  for (const [what, input] of [
    ['name of a project token', { kind: 'project', name: secret }],
    ['name of a user token', { name: `eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoxfQ.c2ln`, email }],
    ['email', { email: secret }],
    ['external id', { externalId: secret }],
  ] as const)
    it(`is refused with a token or a key as the ${what}, without repeating it`, () => {
      const read = readNewToken({ ...none, kind: 'user', ...input });
      assert.ok(!read.ok);
      assert.match(read.problem, /^This looks like a token or a key/);
      assert.ok(!read.problem.includes('sk_') && !read.problem.includes('eyJ'));
    });

  it('expires as it says, else by default', () => {
    const otherwise = presetExpiry('1d');
    assert.deepEqual(readExpiry(undefined, otherwise, now), { ok: true, value: otherwise });
    assert.deepEqual(readExpiry('never', otherwise, now), { ok: true, value: { type: 'never' } });
    const wrong = readExpiry('soonish', otherwise, now);
    assert.ok(!wrong.ok);
    assert.match(wrong.problem, /^"expires": ./);
  });

  it('has the expiry of a preset', () => {
    for (const { id, expiry } of expiryPresets) assert.deepEqual(presetExpiry(id), expiry);
    assert.deepEqual(presetExpiry('gone' as never), { type: 'never' });
  });
});

describe('What a model is told that this API does not do', () => {
  const dashboard = ' The person does that in MagicBell’s dashboard: “MagicBell: Open Project Auth”.';
  const cases: Readonly<Record<Operation, readonly [does: string, instead: string]>> = {
    fetchProjectTokens: ['list project tokens', dashboard],
    createProjectJwt: ['create project tokens', dashboard],
    discardProjectJwt: ['revoke project tokens', dashboard],
    fetchUserTokens: [
      'list user tokens',
      ' The person sees those that were signed here: “MagicBell: Show Signed Tokens…”.',
    ],
    createUserJwt: ['create user tokens', ' The person can sign one: “MagicBell: Sign for a User…”.'],
    discardUserJwt: ['revoke user tokens', ''],
    listUsers: ['list users', ''],
  };
  for (const [operation, [does, instead]] of Object.entries(cases)) {
    it(`names what helps instead: ${operation}`, () => {
      const text = `This MagicBell API does not ${does}. Trying again does not help.${instead}`;
      assert.equal(notOffered(operation as Operation), text);
    });
  }
});

describe('What a model is told of an issuance', () => {
  const cases: readonly (readonly [status: PendingStatus | undefined, says: RegExp])[] = [
    [undefined, /^The token was created, .* as asked, to \.env as TOKEN\. The value is not shown here\.$/],
    ['inProgress', /^The request was sent; its answer is not there yet\. Do not ask again: /],
    ['undelivered', /^The token was created; its value has not been delivered yet .* Do not ask again\.$/],
    ['unknown', /^It is not known whether the token was created\. Do not ask again: /],
    ['orphaned', /^The token was created, but its value is not there\. The person can revoke it in VS Code\.$/],
    ['unreadable', /^The token was created, but its value is not there\. The person can revoke it in VS Code\.$/],
  ];
  for (const [status, says] of cases) {
    it(`is the truth about one that is ${status ?? 'settled'}`, () => {
      assert.match(outcomeOf(status, '.env as TOKEN'), says);
    });
  }
});
