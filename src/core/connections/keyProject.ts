import { decodeJwt } from 'jose';
import type { Secret } from '../base/secret.ts';

/** What a key's claims say of its project. Source: recordings of the real API; the claims are not documented. */
export interface KeyProject {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  /** Until when the key is valid. */
  readonly expiresAt?: Date | undefined;
}

/** Reads the claims of a key. Nothing is required to be there: a key can be opaque. */
export function projectOf(key: Secret): KeyProject {
  let claims: Record<string, unknown>;
  try {
    claims = decodeJwt(key.reveal());
  } catch {
    return {};
  }
  const { ProjectKey, exp } = claims;
  const { ID, Name } = (typeof ProjectKey === 'object' && ProjectKey !== null ? ProjectKey : {}) as Record<
    string,
    unknown
  >;
  return {
    id: typeof ID === 'string' || typeof ID === 'number' ? String(ID) : undefined,
    name: typeof Name === 'string' && Name.trim() !== '' ? Name.trim() : undefined,
    expiresAt: typeof exp === 'number' && Number.isFinite(exp) ? new Date(exp * 1000) : undefined,
  };
}

/** Whether two keys are of the same project; undefined when their claims do not say. */
export function isSameProject(a: Secret, b: Secret): boolean | undefined {
  const [first, second] = [projectOf(a).id, projectOf(b).id];
  return first === undefined || second === undefined ? undefined : first === second;
}
