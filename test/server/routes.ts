export const operationNames = [
  'FetchProjectTokens',
  'CreateProjectJwt',
  'DiscardProjectJwt',
  'CreateUserJwt',
  'FetchUserTokens',
  'DiscardUserJwt',
  'ListUsers',
  'ListNotifications',
] as const;

/** MagicBell's own names, so that faults and the journal speak of operations instead of paths. */
export type OperationName = (typeof operationNames)[number];

/** Where the API lives on the server. */
export const basePath = '/v2';

interface Route {
  readonly operation: OperationName;
  readonly method: string;
  readonly path: RegExp;
}

/** `id` is the last path segment, decoded; the empty string where the route has none. */
export interface MatchedRoute {
  readonly operation: OperationName;
  readonly id: string;
}

// GET and DELETE share /jwt/user/{x}: a user id for one, a token id for the other.
const routes: readonly Route[] = [
  { operation: 'FetchProjectTokens', method: 'GET', path: /^\/jwt\/project$/ },
  { operation: 'CreateProjectJwt', method: 'POST', path: /^\/jwt\/project$/ },
  { operation: 'DiscardProjectJwt', method: 'DELETE', path: /^\/jwt\/project\/([^/]+)$/ },
  { operation: 'CreateUserJwt', method: 'POST', path: /^\/jwt\/user$/ },
  { operation: 'FetchUserTokens', method: 'GET', path: /^\/jwt\/user\/([^/]+)$/ },
  { operation: 'DiscardUserJwt', method: 'DELETE', path: /^\/jwt\/user\/([^/]+)$/ },
  { operation: 'ListUsers', method: 'GET', path: /^\/users$/ },
  { operation: 'ListNotifications', method: 'GET', path: /^\/notifications$/ },
];

/** True for the operations that the API had until June 2025: in June 2026 it routes none of them. */
export function isUnderJwt(operation: OperationName): boolean {
  return operation !== 'ListUsers' && operation !== 'ListNotifications';
}

/** Undefined where the API routes nothing, which it answers with 405 and an empty body. */
export function matchRoute(method: string, pathname: string): MatchedRoute | undefined {
  if (!pathname.startsWith(basePath)) return undefined;
  const path = pathname.slice(basePath.length);
  for (const route of routes) {
    const match = route.method === method ? route.path.exec(path) : null;
    if (match) return { operation: route.operation, id: decodeSegment(match[1] ?? '') };
  }
  return undefined;
}

/** The methods of those operations that this path has. */
export function methodsAt(pathname: string, isOffered: (operation: OperationName) => boolean): string[] {
  const path = pathname.startsWith(basePath) ? pathname.slice(basePath.length) : '';
  return routes.filter((route) => route.path.test(path) && isOffered(route.operation)).map(({ method }) => method);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
