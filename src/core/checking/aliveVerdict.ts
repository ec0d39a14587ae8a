import type { ErrorReason, MagicBellErrorDetails } from '../magicbell/errors.ts';
import type { TokenIdentity } from './tokenIdentity.ts';

/** The error of a call with the token; undefined when MagicBell answered with users. */
export type AskFailure = { readonly reason: ErrorReason; readonly details: MagicBellErrorDetails } | undefined;

/** What MagicBell's answer to `GET /users` says about the token. Undefined when it says nothing, or is missing. */
export function aliveVerdict(
  failure: AskFailure,
  identity: Pick<TokenIdentity, 'kind' | 'expiresAt'> | undefined,
  now: Date,
): string | undefined {
  switch (failure?.reason) {
    case undefined:
      return 'It is alive: MagicBell accepts it as a project token.';
    case 'wrongTokenKind':
      return 'It is alive: MagicBell accepts it, as a user token.';
    case 'forbidden':
      return 'It is alive, but may not list users: MagicBell knows it and refused the call (403).';
    case 'unauthorized': {
      const { expiresAt, kind } = identity ?? {};
      if (expiresAt !== undefined && expiresAt.getTime() <= now.getTime())
        return 'It is dead: MagicBell refuses it, and it has expired.';
      return kind === 'user'
        ? 'MagicBell refuses it: it was revoked, its user’s e-mail is not unique, or the Secret Key that signed it was rolled or is another project’s.'
        : 'It is dead: MagicBell refuses it. It was revoked, or was never a token of this address.';
    }
    default:
      return undefined;
  }
}
