import { createHmac, generateKeyPairSync, sign, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import { parseObject } from './json.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** A JWT whose signature was not looked at yet. */
export interface ParsedJwt {
  readonly algorithm: unknown;
  readonly claims: Claims;
  readonly signedText: string;
  readonly signature: Buffer;
}

/** Signs the claims as MagicBell does with user tokens: HS256. */
export function signHs256(claims: Claims, secret: string): string {
  const text = signedText('HS256', claims);
  return `${text}.${hmac(text, secret).toString('base64url')}`;
}

/** Signs the claims as MagicBell does with project tokens, with a key of this process. */
export function signRs256(claims: Claims): string {
  const text = signedText('RS256', claims);
  return `${text}.${sign('sha256', Buffer.from(text), rsaKeys().privateKey).toString('base64url')}`;
}

/** Undefined if the token does not parse. Says nothing about signature and expiry. */
export function parseJwt(token: string): ParsedJwt | undefined {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  const parsedHeader = parsePart(header);
  const claims = parsePart(payload);
  if (more.length > 0 || !parsedHeader || !claims) return undefined;
  return {
    algorithm: parsedHeader['alg'],
    claims,
    signedText: `${header}.${payload}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** True if this secret signed it. */
export function isSignedWith({ algorithm, signedText: text, signature }: ParsedJwt, secret: string): boolean {
  if (algorithm !== 'HS256') return false;
  const expected = hmac(text, secret);
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

/** True if this process signed it. */
export function isSignedHere({ algorithm, signedText: text, signature }: ParsedJwt): boolean {
  return algorithm === 'RS256' && verify('sha256', Buffer.from(text), rsaKeys().publicKey, signature);
}

let keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined;

/** One pair for all servers of the process: a pair takes a noticeable time to make. */
function rsaKeys(): NonNullable<typeof keys> {
  return (keys ??= generateKeyPairSync('rsa', { modulusLength: 2048 }));
}

function signedText(algorithm: string, claims: Claims): string {
  return [{ alg: algorithm, typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
}

function hmac(text: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}

function parsePart(part: string): Record<string, unknown> | undefined {
  return parseObject(Buffer.from(part, 'base64url').toString());
}
