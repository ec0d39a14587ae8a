declare const baseUrlBrand: unique symbol;

/** The address of a connection's API in one spelling: no user info, query, fragment or trailing slash. */
export type BaseUrl = string & { readonly [baseUrlBrand]: true };

export type BaseUrlResult =
  | { readonly ok: true; readonly baseUrl: BaseUrl }
  /** `problem` is a sentence that quotes nothing of what was typed. */
  | { readonly ok: false; readonly problem: string };

const defaultPath = '/v2';

/** Reads a base URL as a person typed it. Equal addresses give equal text; one without a path means `/v2`. */
export function parseBaseUrl(text: string): BaseUrlResult {
  const trimmed = text.trim();
  if (trimmed === '') return refuse('Enter the address of the MagicBell API.');
  // The URL parser drops tabs and line breaks and turns \ into /. What is stored must be what the person read.
  if (/[\s\\\p{Cc}\p{Cf}]/u.test(trimmed))
    return refuse('The address must not contain spaces, backslashes or invisible characters.');
  if (!/^https?:\/\/[^/]/i.test(trimmed)) return refuse('The address must start with https://.');
  const authority = /^[^/]+\/\/([^/?#]*)/.exec(trimmed)?.[1] ?? '';
  if (authority.includes('@')) return refuse('The address must not contain a user name or password.');
  if (/[?#]/.test(trimmed)) return refuse('The address must not contain a query (?) or a fragment (#).');

  let url: URL;
  try {
    url = new URL(trimmed);
  } catch {
    return refuse('This is not a valid address.');
  }
  url.hostname = url.hostname.replace(/\.$/, '');
  if (url.hostname.endsWith('.')) return refuse('This is not a valid address.');
  if (url.protocol !== 'https:' && !isLoopback(url.hostname)) {
    return refuse(
      'The address must start with https://: over http the key could be read on the way. Only this computer itself (localhost) may use http.',
    );
  }
  const path = url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  return { ok: true, baseUrl: `${url.origin}${path === '' ? defaultPath : path}` as BaseUrl };
}

function refuse(problem: string): BaseUrlResult {
  return { ok: false, problem };
}

/** `hostname` as the URL parser spells it: IPv4 in four decimal parts, IPv6 in brackets. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
