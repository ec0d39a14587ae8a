import type { Secret } from './secret.ts';

const placeholder = '<redacted>';
/** Shorter values are no secrets, and replacing them would make the log unreadable. */
const minSecretLength = 8;
/** A piece of a secret that is this long counts as the secret. */
const pieceLength = 20;

/** Shapes of secrets, known or not. Linear in the text: each starts at a fixed word and has no nested repetition. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,4}/g, placeholder],
  [/\b(Bearer|Basic)(\s+|%20)(?!<redacted>)[^\s"',;]+/gi, `$1$2${placeholder}`],
  [/\b[ps]k_[A-Za-z0-9_-]{6,}/g, placeholder],
  [/(:\/\/)[^\s/?#@]+@/g, `$1${placeholder}@`],
];

/** Replaces whatever has the shape of a secret: JWTs, bearer tokens, MagicBell's API keys, user info in URLs. */
export function redactPatterns(text: string): string {
  return patterns.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text);
}

interface Known {
  readonly secret: Secret;
  readonly holders: Set<object>;
  readonly forms: readonly string[];
  readonly pieces: ReadonlySet<string>;
}

/**
 * The last safeguard for text that goes to a log: removes known secrets in their usual encodings, then secrets by
 * shape.
 */
export class Redactor {
  private known: Known[] = [];

  /** Redacts it from now on, until each of its holders has forgotten it. */
  remember(secret: Secret, holder: object = this): void {
    const value = secret.reveal();
    if (value.length < minSecretLength) return;
    const known = this.known.find((entry) => entry.secret.equals(secret));
    if (known !== undefined) known.holders.add(holder);
    else this.known.push({ secret, holders: new Set([holder]), forms: formsOf(value), pieces: piecesOf(value) });
  }

  /** Ends a holder's use. After the last one nothing of the secret is kept; its shape may still be recognised. */
  forget(secret: Secret, holder: object = this): void {
    const known = this.known.find((entry) => entry.secret.equals(secret));
    known?.holders.delete(holder);
    if (known?.holders.size === 0) this.known = this.known.filter((entry) => entry !== known);
  }

  redact(text: string): string {
    let redacted = text;
    for (const { forms, pieces } of this.known) {
      for (const form of forms) redacted = redacted.replaceAll(form, placeholder);
      redacted = withoutPieces(redacted, pieces);
    }
    return redactPatterns(redacted);
  }
}

function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const forms = new Set([
    value,
    encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD')),
    JSON.stringify(value).slice(1, -1),
    bytes.toString('base64').replace(/(?<!=)=+$/, ''),
    bytes.toString('base64url'),
  ]);
  // The longest first: replacing a shorter one inside it would leave the rest readable.
  return [...forms].sort((a, b) => b.length - a.length);
}

function piecesOf(value: string): Set<string> {
  const pieces = new Set<string>();
  for (let at = 0; at + pieceLength <= value.length; at++) pieces.add(value.slice(at, at + pieceLength));
  return pieces;
}

function withoutPieces(text: string, pieces: ReadonlySet<string>): string {
  if (pieces.size === 0) return text;
  let kept = '';
  let keptTo = 0;
  for (let at = 0; at + pieceLength <= text.length; at++) {
    if (!pieces.has(text.slice(at, at + pieceLength))) continue;
    let end = at + 1;
    while (pieces.has(text.slice(end, end + pieceLength))) end++;
    kept += text.slice(keptTo, at) + placeholder;
    keptTo = end - 1 + pieceLength;
    at = keptTo - 1;
  }
  return kept + text.slice(keptTo);
}
