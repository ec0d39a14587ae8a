import { createHmac } from 'node:crypto';
import type { Recipient } from '../model/recipient.ts';
import { Secret } from '../base/secret.ts';

export interface UserTokenClaims {
  /** Has an email, an external id, or both. */
  readonly recipient: Recipient;
  readonly apiKey: Secret;
  /** Undefined: the token never expires. */
  readonly expiresAt: Date | undefined;
}

/** Signs a user token with HS256 and the project's Secret Key, as MagicBell's guide describes for backends. */
export function signUserJwt({ recipient, apiKey, expiresAt }: UserTokenClaims, key: Secret): Secret {
  const { email, externalId } = recipient;
  const claims = {
    user_email: email,
    user_external_id: externalId,
    api_key: apiKey.reveal(),
    exp: expiresAt === undefined ? undefined : Math.floor(expiresAt.getTime() / 1000),
  };
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims].map(encoded).join('.');
  return new Secret(`${signed}.${createHmac('sha256', key.reveal()).update(signed).digest('base64url')}`);
}

const encoded = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
