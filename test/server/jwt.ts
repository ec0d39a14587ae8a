import { CompactSign, compactVerify, decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';

/** Signs the claims as MagicBell does: HS256. */
export async function signJwt(claims: JWTPayload, secret: string): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify(claims));
  return new CompactSign(payload).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(keyOf(secret));
}

/** True if this secret signed the token. Says nothing about its expiry: the server's clock is not this machine's. */
export async function isSignedWith(token: string, secret: string): Promise<boolean> {
  try {
    await compactVerify(token, keyOf(secret), { algorithms: ['HS256'] });
    return true;
  } catch {
    return false;
  }
}

/** The claims without any check of the signature; undefined if the token does not parse. */
export function parseClaims(token: string): JWTPayload | undefined {
  try {
    decodeProtectedHeader(token);
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

function keyOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}
