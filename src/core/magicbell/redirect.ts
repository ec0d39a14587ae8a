import type { FetchResponse } from './fetchLike.ts';
import type { HttpMethod } from './retry.ts';

const maxRedirects = 3;

/**
 * The target of a redirect that may be followed with the key: for a GET, within its origin. Otherwise the reason, for
 * the log.
 */
export function redirectTarget(
  method: HttpMethod,
  from: URL,
  { status, headers }: FetchResponse,
  redirects: number,
): URL | string {
  const location = headers.get('location');
  if (![301, 302, 303, 307, 308].includes(status) || location === null) return 'which answers nothing';
  if (method !== 'GET') return 'and only a GET may be redirected';
  if (redirects >= maxRedirects) return 'redirected too often';
  if (!URL.canParse(location, from.href)) return 'a redirect to nowhere';
  const target = new URL(location, from);
  if (target.origin !== from.origin) return 'a redirect to another origin, which is refused: the key stays here';
  if (target.username !== '' || target.password !== '') return 'a redirect with user info';
  return target;
}
