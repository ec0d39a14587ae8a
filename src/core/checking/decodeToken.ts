/** The claims of a token. Integers that JavaScript cannot represent exactly are strings. */
export type Claims = Readonly<Record<string, unknown>>;

interface DecodedToken {
  readonly header: Claims;
  /** Undefined when they cannot be read. */
  readonly claims: Claims | undefined;
  /** Problems, in sentences that never quote the token. */
  readonly problems: readonly string[];
}

export type Decoding =
  | ({ readonly ok: true } & DecodedToken)
  /** `problem` is a sentence that never quotes the text. */
  | { readonly ok: false; readonly problem: string };

/** Servers do not accept headers that are longer. */
const maxTokenLength = 64 * 1024;

const fail = (problem: string): Decoding => ({ ok: false, problem });

/**
 * Decodes a JWT without verifying its signature. Tolerates a missing signature, padding, the alphabet of plain base64,
 * claims in UTF-8, and integers over 2^53.
 *
 * @param text unwrapped: see `unwrapSecret`
 */
export function decodeToken(text: string): Decoding {
  const token = text.trim();
  if (token === '') return fail('There is nothing to check.');
  if (/^pk_/i.test(token)) return fail('This is a project API key (pk_…), not a token.');
  if (/^sk_/i.test(token)) return fail('This is a Secret Key, not a token.');
  if (token.length > maxTokenLength) return fail('This is too long for a token.');
  const parts = token.split('.');
  if (parts.length === 5) return fail('This is an encrypted token (JWE): only its recipient can read its claims.');
  if (parts.length === 1)
    return fail(
      token.startsWith('eyJ')
        ? 'This is only the first part of a token. Copy it again, as a whole.'
        : 'This is not a JWT: it does not have three parts with dots between them.',
    );
  if (parts.length > 3) return fail('This is not a JWT: it has more than three parts.');
  const [header, claims, signature = ''] = parts.map((part) => part.replace(/(?<!=)=+$/, ''));
  const readHeader = readPart(header ?? '', 'header');
  if (!readHeader.ok) return fail(`This is not a JWT: ${readHeader.problem}`);
  const readClaims = readPart(claims ?? '', 'claims');
  const problems = [
    ...(readClaims.ok ? [] : [`Its claims cannot be read: ${readClaims.problem}`]),
    ...(signature === '' ? ['Its signature is missing: MagicBell refuses it like this.'] : []),
    ...(/[+/=]/.test(token)
      ? ['It is written in plain base64 instead of base64url: MagicBell refuses it like this.']
      : []),
    ...(!/^[\w+/-]*$/.test(signature) ? ['Its signature holds characters that no token has.'] : []),
    ...signatureProblem(readHeader.json['alg'], signature),
  ];
  return { ok: true, header: readHeader.json, claims: readClaims.ok ? readClaims.json : undefined, problems };
}

/** MagicBell uses HS256 and RS256. The length of an RSA signature depends on the key. */
function signatureProblem(alg: unknown, signature: string): readonly string[] {
  if (signature === '') return [];
  const expected = alg === 'HS256' ? 43 : undefined;
  if (expected === undefined || signature.length === expected) return [];
  return [
    signature.length < expected
      ? 'Its signature is cut off: it was not copied as a whole.'
      : 'Its signature is too long: more than the token was copied.',
  ];
}

type ReadPart = { readonly ok: true; readonly json: Claims } | { readonly ok: false; readonly problem: string };

function readPart(part: string, name: string): ReadPart {
  const problem = (text: string): ReadPart => ({ ok: false, problem: text });
  if (part === '') return problem(`its ${name} part is empty.`);
  if (!/^[\w+/-]+$/.test(part)) return problem(`its ${name} part holds characters that no token has.`);
  if (part.length % 4 === 1) return problem(`its ${name} part is cut off.`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url'));
  } catch {
    return problem(`its ${name} part is not text in UTF-8.`);
  }
  try {
    const json: unknown = JSON.parse(withExactIntegers(text));
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ok: true, json: json as Claims };
    return problem(`its ${name} part is not an object.`);
  } catch {
    return problem(`its ${name} part is not JSON, or is cut off.`);
  }
}

/**
 * Quotes integers that a number cannot represent exactly, so that ids keep all digits. A single pass, to keep it linear
 * for hostile text.
 */
function withExactIntegers(json: string): string {
  let result = '';
  let copiedTo = 0;
  for (let at = 0; at < json.length; at++) {
    if (json[at] === '"') at = endOfString(json, at);
    else if (isNumberSign(json[at])) {
      let end = at + 1;
      while (isNumberSign(json[end])) end++;
      const literal = json.slice(at, end);
      if (/^-?\d{16,}$/.test(literal) && !Number.isSafeInteger(Number(literal))) {
        result += `${json.slice(copiedTo, at)}"${literal}"`;
        copiedTo = end;
      }
      at = end - 1;
    }
  }
  return result + json.slice(copiedTo);
}

const isNumberSign = (sign: string | undefined): boolean => sign !== undefined && /[\d.eE+-]/.test(sign);

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}

/** The instant of a claim such as `exp`. Undefined when it is missing or invalid. */
export function claimInstant(claim: unknown): Date | undefined {
  if (typeof claim !== 'number') return undefined;
  const instant = new Date(claim * 1000);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

/** A string or number claim as text. Undefined for an empty string and other types. */
export function claimText(claim: unknown): string | undefined {
  if (typeof claim === 'number' && Number.isFinite(claim)) return String(claim);
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}

/** An object claim. Undefined for other types. */
export function claimObject(claim: unknown): Claims | undefined {
  return typeof claim === 'object' && claim !== null && !Array.isArray(claim) ? (claim as Claims) : undefined;
}
