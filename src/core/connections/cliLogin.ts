import { Secret } from '../base/secret.ts';
import { identityOf } from '../checking/tokenIdentity.ts';

/**
 * The login of MagicBell's own command line program, as `~/.magicbell/config.json` holds it (seen: 1.4.0). Every field
 * may be missing, or empty.
 */
export type CliLogin =
  | {
      readonly type: 'login';
      readonly token: Secret;
      /** Both undefined where the token's claims name another project's key. */
      readonly apiKey: Secret | undefined;
      readonly secretKey: Secret | undefined;
    }
  /** `loggedOut`: there is no token in it; `unreadable`: it is no JSON object. */
  | { readonly type: 'none' | 'loggedOut' | 'unreadable' };

/** A longer file is no login. */
const maxLength = 256 * 1024;

/** Reads the login's file. */
export function parseCliLogin(text: string | undefined): CliLogin {
  if (text === undefined) return { type: 'none' };
  const json = parseObject(text);
  if (json === undefined) return { type: 'unreadable' };
  const token = secretIn(json['jwt']);
  if (token === undefined) return { type: 'loggedOut' };
  const apiKey = secretIn(json['api_key']);
  const ofProject = identityOf(token)?.apiKey;
  // What is signed with them would be a token of another project.
  if (ofProject !== undefined && apiKey?.equals(ofProject) === false)
    return { type: 'login', token, apiKey: undefined, secretKey: undefined };
  return { type: 'login', token, apiKey, secretKey: secretIn(json['secret_key']) };
}

/**
 * The file's text with another token and everything else unchanged. Undefined when the file no longer holds `replaced`:
 * a newer login stays.
 */
export function withToken(text: string, replaced: Secret, token: Secret): string | undefined {
  const json = parseObject(text);
  if (json === undefined || secretIn(json['jwt'])?.equals(replaced) !== true) return undefined;
  const indent = /^\{\r?\n([ \t]+)"/.exec(text)?.[1];
  const end = /\r?\n$/.exec(text)?.[0] ?? '';
  return JSON.stringify({ ...json, jwt: token.reveal() }, undefined, indent) + end;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (text.length > maxLength) return undefined;
  try {
    const json: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function secretIn(value: unknown): Secret | undefined {
  return typeof value === 'string' && value.trim() !== '' ? new Secret(value.trim()) : undefined;
}
