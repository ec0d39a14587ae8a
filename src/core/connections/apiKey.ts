import { decodeJwt } from 'jose';
import { Secret } from '../base/secret.ts';

export type ParsedApiKey =
  | { readonly ok: true; readonly key: Secret }
  /** A sentence for a person, which never quotes what was typed. */
  | { readonly ok: false; readonly problem: string };

const fail = (problem: string): ParsedApiKey => ({ ok: false, problem });

/** Reads a pasted API key. What is surely something else is named for what it is; the rest only the API can tell. */
export function parseApiKey(text: string): ParsedApiKey {
  const trimmed = text.trim().replace(/^bearer\s+/i, '');
  if (trimmed === '') return fail('Paste a project token (it starts with eyJ).');
  if (/^pk_/i.test(trimmed)) {
    return fail('This is a project API key (pk_…). A project token is needed: it starts with eyJ.');
  }
  if (/^sk_/i.test(trimmed)) {
    return fail('This is a Secret Key. A project token is needed: it starts with eyJ.');
  }
  if (/\s/.test(trimmed)) return fail('A token has no spaces or line breaks. Copy it again and paste only the token.');
  // Header values are visible ASCII: anything else could not be sent.
  if (!/^[\x21-\x7e]+$/.test(trimmed)) return fail('This holds characters that no token has. Copy it again.');
  if (isUserToken(trimmed)) {
    return fail('This is a user token, which opens one user’s inbox. A project token is needed.');
  }
  return { ok: true, key: new Secret(trimmed) };
}

/** MagicBell's user tokens carry the user in their claims (documented). Project tokens' claims are unpublished. */
function isUserToken(jwt: string): boolean {
  const claims = claimsOf(jwt);
  return claims !== undefined && ('user_email' in claims || 'user_external_id' in claims);
}

/** Whether the key's own claims name this token id: then revoking the token would lock the extension out. */
export function isKeyOwnToken(key: Secret, tokenId: string): boolean {
  return Object.values(claimsOf(key.reveal()) ?? {}).includes(tokenId);
}

function claimsOf(jwt: string): Record<string, unknown> | undefined {
  try {
    return decodeJwt(jwt);
  } catch {
    return undefined;
  }
}
