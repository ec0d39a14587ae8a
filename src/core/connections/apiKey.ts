import { Secret } from '../base/secret.ts';
import { unwrapSecret } from '../checking/pastedSecret.ts';
import { identityOf } from '../checking/tokenIdentity.ts';

export type ParsedApiKey =
  | { readonly ok: true; readonly key: Secret }
  /** A sentence that never quotes the text. */
  | { readonly ok: false; readonly problem: string };

const fail = (problem: string): ParsedApiKey => ({ ok: false, problem });

/**
 * Reads a pasted API key, without what people paste around it. Text that is surely something else is refused by name;
 * only the API can judge the rest.
 */
export function parseApiKey(text: string): ParsedApiKey {
  const unwrapped = unwrapSecret(text, 'token');
  if (unwrapped === '') return fail('Paste a project token (it starts with eyJ).');
  if (/^pk_/i.test(unwrapped)) {
    return fail('This is a project API key (pk_…). A project token is needed: it starts with eyJ.');
  }
  if (/^sk_/i.test(unwrapped)) {
    return fail('This is a Secret Key. A project token is needed: it starts with eyJ.');
  }
  if (/\s/.test(unwrapped)) {
    return fail('A token has no spaces or line breaks. Copy it again and paste only the token.');
  }
  // Header values are visible ASCII: anything else could not be sent.
  if (!/^[\x21-\x7e]+$/.test(unwrapped)) return fail('This holds characters that no token has. Copy it again.');
  if (/[^\w.]eyJ/.test(unwrapped)) return fail('This is more than a token. Paste only the token: it starts with eyJ.');
  const key = new Secret(unwrapped);
  if (identityOf(key)?.kind === 'user') {
    return fail('This is a user token, which opens one user’s inbox. A project token is needed.');
  }
  return { ok: true, key };
}
