import { errorAnswer, type Answer } from './answer.ts';
import { parseJwt, type ParsedJwt } from './jwt.ts';

export type Role = 'project' | 'user';

/** What came in the Authorization header. */
export interface Bearer {
  /** Undefined: there is no header of the form `Bearer <token>`. */
  readonly token: string | undefined;
  /** Undefined if the token is no JWT. */
  readonly jwt: ParsedJwt | undefined;
}

export function readBearer(authorization: string | undefined): Bearer {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  return { token, jwt: token === undefined ? undefined : parseJwt(token) };
}

/** The answer to a bearer that no project knows. */
export function refuseBearer({ token, jwt }: Bearer): Answer {
  // What is no JWT at all, like a project API key, is taken for a header of the wrong form.
  if (token?.split('.').length !== 3) {
    return errorAnswer(401, {
      message: 'expected authorization header format: Bearer <token>',
      code: 'invalid_jwt_format',
      suggestion: 'Send a project token as "Authorization: Bearer <token>"',
      help_link: 'https://www.magicbell.com/docs/api/authentication',
    });
  }
  if (!jwt) return errorAnswer(401, { message: 'Unable to parse the JWT', code: 'unparsable_jwt_token' });
  return authenticationFailed();
}

export function authenticationFailed(): Answer {
  return errorAnswer(401, { message: 'Unable to authenticate the JWT', code: 'jwt_auth_failed' });
}

/** A token of one role on a route of the other (seen, without a code). */
export function wrongRoleAnswer(needed: Role, actual: Role): Answer {
  return errorAnswer(401, {
    message: `authorize: incorrect role, claim[${actual}] roles[[${needed}]]: role not found: token has invalid claims`,
  });
}
