import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import type { Recipient } from '../../../src/core/model/recipient.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { signUserJwt } from '../../../src/core/signing/signUserJwt.ts';
import { startLocalApi } from '../../server/localApi.ts';
import { statusAsBearer } from '../../support/bearer.ts';

const json = (part: string | undefined): unknown => JSON.parse(Buffer.from(part ?? '', 'base64url').toString());

describe('signUserJwt', () => {
  const apiKey = new Secret('pk_test');
  const secretKey = new Secret('the secret key');
  const sign = (recipient: Recipient, expiresAt?: Date): Secret =>
    signUserJwt({ recipient, apiKey, expiresAt }, secretKey);

  it('signs the documented claims with HS256, and no others', () => {
    const expiresAt = new Date('2027-03-01T12:00:00.900Z');
    const token = sign({ email: 'a@example.com', externalId: 'x-1' }, expiresAt).reveal();
    const [header, claims, signature] = token.split('.');
    assert.deepEqual(json(header), { alg: 'HS256', typ: 'JWT' });
    assert.deepEqual(json(claims), {
      user_email: 'a@example.com',
      user_external_id: 'x-1',
      api_key: 'pk_test',
      exp: Date.UTC(2027, 2, 1, 12) / 1000,
    });
    const expected = createHmac('sha256', 'the secret key').update(`${header}.${claims}`).digest('base64url');
    assert.equal(signature, expected);
  });

  it('leaves out what is not known', () => {
    const claims = (recipient: Recipient): unknown => json(sign(recipient).reveal().split('.')[1]);
    assert.deepEqual(claims({ email: 'ü@example.com' }), { user_email: 'ü@example.com', api_key: 'pk_test' });
    assert.deepEqual(claims({ externalId: 'x-1' }), { user_external_id: 'x-1', api_key: 'pk_test' });
  });

  it('makes a token that the API accepts as that user’s, until it expires', async () => {
    let now = new Date('2026-11-25T12:00:00Z');
    const api = await startLocalApi({ now: () => now });
    try {
      const keys = { apiKey: new Secret(api.keys.apiKey), secretKey: new Secret(api.keys.secretKey) };
      const recipient = { email: 'a@example.com' };
      const expiresAt = new Date(now.getTime() + 3_600_000);
      const token = signUserJwt({ recipient, apiKey: keys.apiKey, expiresAt }, keys.secretKey);
      const forEver = signUserJwt({ recipient, apiKey: keys.apiKey, expiresAt: undefined }, keys.secretKey);
      const wrongSecret = signUserJwt({ recipient, apiKey: keys.apiKey, expiresAt }, secretKey);
      const wrongProject = signUserJwt({ recipient, apiKey, expiresAt }, keys.secretKey);
      const status = (value: Secret): Promise<number> => statusAsBearer(api, 'user', value.reveal());
      assert.equal(await status(token), 200);
      assert.equal(await status(forEver), 200);
      assert.equal(await status(wrongSecret), 401);
      assert.equal(await status(wrongProject), 401);
      now = new Date(expiresAt.getTime() + 1000);
      assert.equal(await status(token), 401);
      assert.equal(await status(forEver), 200);
    } finally {
      await api.close();
    }
  });
});
