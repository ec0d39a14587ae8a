import { CompactSign } from 'jose';
import type { Recipient } from '../model/recipient.ts';
import { Secret } from '../base/secret.ts';

export interface UserTokenClaims {
  /** With an email, an external id, or both. */
  readonly recipient: Recipient;
  readonly apiKey: Secret;
  /** Undefined: it never expires. */
  readonly expiresAt: Date | undefined;
}

/** Signs a user token as MagicBell's guide tells backends to do: HS256 with the project's Secret Key. */
export async function signUserToken({ recipient, apiKey, expiresAt }: UserTokenClaims, key: Secret): Promise<Secret> {
  const { email, externalId } = recipient;
  const claims = {
    user_email: email,
    user_external_id: externalId,
    api_key: apiKey.reveal(),
    exp: expiresAt === undefined ? undefined : Math.floor(expiresAt.getTime() / 1000),
  };
  const bytes = new TextEncoder();
  const signing = new CompactSign(bytes.encode(JSON.stringify(claims)));
  return new Secret(await signing.setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(bytes.encode(key.reveal())));
}
