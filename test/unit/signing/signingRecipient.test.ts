import assert from 'node:assert/strict';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import { type User, userId } from '../../../src/core/model/user.ts';
import { resolveRecipient } from '../../../src/core/signing/signingRecipient.ts';
import { aUser } from '../../support/builders.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { FakeMagicBell } from '../../support/fakeMagicBell.ts';

describe('resolveRecipient', () => {
  const { signal } = new AbortController();
  const one = aUser({ email: 'team@example.com', externalId: 'x-1' });
  const two = aUser({ id: userId('user-2'), email: 'Team@example.com' });
  const near = aUser({ id: userId('user-3'), email: 'team@example.com.au' });
  const answering = (users: readonly User[] | Error, asked: string[] = []) => {
    const api: MagicBellApi = {
      ...new FakeMagicBell(new FakeClock()).usedBy(),
      users: {
        listUsers: (query = '') => {
          asked.push(query);
          return users instanceof Error ? Promise.reject(users) : Promise.resolve({ items: users, next: undefined });
        },
      },
    };
    return () => Promise.resolve(api);
  };

  it('asks nobody where an external id tells the user, or all users are loaded', async () => {
    const asked: string[] = [];
    const api = answering([one, two], asked);
    const both = { email: 'team@example.com', externalId: 'x-1' };
    assert.deepEqual(await resolveRecipient(both, undefined, api, signal), { type: 'one', recipient: both });
    const recipient = { email: 'team@example.com' };
    assert.deepEqual(await resolveRecipient(recipient, [one, near], api, signal), { type: 'one', recipient });
    assert.deepEqual(await resolveRecipient(recipient, [one, two], api, signal), { type: 'shared', users: [one, two] });
    assert.deepEqual(asked, []);
  });

  it('asks for the e-mail, and takes only whole ones for the same', async () => {
    const asked: string[] = [];
    const recipient = { email: 'team@example.com' };
    assert.deepEqual(await resolveRecipient(recipient, undefined, answering([two, near, one], asked), signal), {
      type: 'shared',
      users: [two, one],
    });
    assert.deepEqual(asked, ['team@example.com']);
    assert.deepEqual(await resolveRecipient(recipient, undefined, answering([near, one]), signal), {
      type: 'one',
      recipient,
    });
  });

  it('does not stop the signing when MagicBell cannot be asked', async () => {
    const recipient = { email: 'team@example.com' };
    const failing = answering(new MagicBellError('offline', 'no network'));
    assert.deepEqual(await resolveRecipient(recipient, undefined, failing, signal), { type: 'one', recipient });
  });
});
