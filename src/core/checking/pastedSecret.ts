/** The value that is asked for: the pasted text may contain several. */
export type WantedSecret = 'token' | 'projectApiKey' | 'secretKey';

/** Secrets are not searched for in longer text. */
const maxPastedLength = 64 * 1024;

/** More lines than a whole settings file has. */
const maxLines = 500;

const tokenShape = /^eyJ[\w-]*\.[\w-]+(?:\.[\w-]*)?$/;

const shapes: Record<WantedSecret, RegExp> = {
  token: tokenShape,
  projectApiKey: /^pk_[\x21-\x7e]+$/i,
  secretKey: /^sk_[\x21-\x7e]+$/i,
};

/** Usual variable names of the wanted value, for values without a known format. */
const names: Record<WantedSecret, RegExp> = {
  token: /token|jwt/i,
  projectApiKey: /api_?key/i,
  secretKey: /secret/i,
};

interface Candidate {
  readonly name: string;
  readonly value: string;
}

/**
 * Removes what people paste around a secret: quotes, brackets, a trailing comma, `NAME=…`, `export`, `$env:NAME=`, a
 * header, `Bearer`, a line of JSON, line breaks of a terminal, an address. Text with no secret, or with several, is only
 * trimmed.
 */
export function unwrapSecret(text: string, wanted?: WantedSecret): string {
  const trimmed = text.trim();
  if (trimmed.length > maxPastedLength) return trimmed;
  const lines = trimmed.split(/[\r\n]+/, maxLines);
  const wrapped = joinedToken(lines);
  if (wrapped !== undefined) return wrapped;
  const candidates = jsonCandidates(trimmed) ?? lines.map((line) => unwrapLine(line));
  if (candidates.length === 1) return innermost(candidates[0]?.value ?? trimmed, wanted ?? 'token');
  for (const each of wanted === undefined ? (['token', 'projectApiKey', 'secretKey'] as const) : [wanted]) {
    const byShape = distinct(candidates.filter(({ value }) => shapes[each].test(value)));
    const found = byShape.length > 0 ? byShape : distinct(candidates.filter(({ name }) => names[each].test(name)));
    if (found.length === 1) return found[0] ?? trimmed;
    if (found.length > 1) return trimmed;
  }
  return trimmed;
}

/** Where each secret begins inside other text. */
const starts: Record<WantedSecret, RegExp> = {
  token: /(?<![\w.+/-])eyJ/g,
  projectApiKey: /(?<![\w-])pk_/gi,
  secretKey: /(?<![\w-])sk_/gi,
};

/** Visible ASCII, and the quotes and brackets of print. */
const visible = /^[\x21-\x7e‹›«»“”‘’„]+$/;

/** The only secret of the wanted format inside a word, without the signs around it; else the word. */
function innermost(word: string, wanted: WantedSecret): string {
  if (!visible.test(word)) return word;
  const [start, ...others] = [...word.matchAll(starts[wanted])];
  if (start === undefined || others.length > 0) return word;
  const rest = word.slice(start.index);
  const inner =
    wanted === 'token'
      ? (/^eyJ[\w-]*\.[\w-]+(?:\.[\w-]*)?(?![\w+/=-]|\.\w)/.exec(rest)?.[0] ?? rest)
      : rest.replace(/(?<![)\]}>›»”’*"'`.,;])[)\]}>›»”’*"'`.,;]+$/, '');
  return shapes[wanted].test(inner) ? inner : word;
}

const distinct = (candidates: readonly Candidate[]): readonly string[] => [
  ...new Set(candidates.map(({ value }) => value).filter((value) => value !== '')),
];

/** Lengths of signatures. A line that holds a whole signature does not continue on the next line. */
const signatureLengths = new Set([43, 64, 86, 342, 512, 683]);

/** Joins a token that a terminal or mail program has wrapped. Undefined when it is not one. */
function joinedToken(lines: readonly string[]): string | undefined {
  if (lines.length === 1) return undefined;
  const first = unwrapStart(lines[0] ?? '').value.replace(/^["'`]/, '');
  const signatureLength = /^[\w-]+\.[\w-]+\.([\w-]*)$/.exec(first)?.[1]?.length ?? 0;
  if (!first.startsWith('eyJ') || signatureLengths.has(signatureLength)) return undefined;
  const joined = [first, ...lines.slice(1).map((line) => line.trim())].join('').replace(/["'`]?[,;]?$/, '');
  return tokenShape.test(joined) ? joined : undefined;
}

/** The strings in JSON. Undefined when the text is not JSON. */
function jsonCandidates(text: string): readonly Candidate[] | undefined {
  const withoutComma = text.replace(/,$/, '');
  const json = withoutComma.startsWith('{') ? withoutComma : withoutComma.startsWith('"') ? `{${withoutComma}}` : '';
  if (json === '') return undefined;
  try {
    const found: Candidate[] = [];
    collect(JSON.parse(json), '', found, 0);
    return found.length === 0 ? undefined : found.map(({ name, value }) => ({ name, value: unwrapLine(value).value }));
  } catch {
    return undefined;
  }
}

const maxDepth = 5;

function collect(json: unknown, name: string, found: Candidate[], depth: number): void {
  if (typeof json === 'string') found.push({ name, value: json });
  else if (typeof json === 'object' && json !== null && depth < maxDepth)
    for (const [key, value] of Object.entries(json)) collect(value, key, found, depth + 1);
}

const maxLayers = 6;

function unwrapLine(line: string): Candidate {
  let { name, value } = unwrapStart(line);
  for (let layer = 0; layer < maxLayers; layer++) {
    const before = value;
    value = withoutQuotes(value.replace(/[,;]$/, ''));
    const inner = unwrapStart(value);
    name ||= inner.name;
    value = inner.value;
    if (value === before) break;
  }
  return { name, value };
}

/** Removes a name, a header or a scheme. */
function unwrapStart(line: string): Candidate {
  const trimmed = line.trim();
  // A value that starts with "=" is the padding of base64 text, not an assignment.
  const named =
    /^(?:export |setx? |\$env:|-H )?\s*["']?(?!eyJ)([A-Za-z_][\w.-]{0,99})["']?\s?(?:=|:(?=[\s"']))\s?(?=[^=\s])/i.exec(
      trimmed,
    );
  const name = named?.[1] ?? '';
  const rest = trimmed.slice(named?.[0].length ?? 0);
  const value = rest.replace(/^["'`]?bearer\s+/i, '');
  // An unquoted value of a .env file may be followed by a comment.
  return { name, value: named === null || /^["'`]/.test(value) ? value : withoutComment(value) };
}

function withoutComment(value: string): string {
  const at = value.indexOf(' #');
  return at < 0 ? value : value.slice(0, at).trimEnd();
}

function withoutQuotes(value: string): string {
  const [quote = ''] = value;
  if (!['"', "'", '`'].includes(quote)) return /^[^"'`]+["'`]$/.test(value) ? value.slice(0, -1) : value;
  return value.length > 1 && value.endsWith(quote) ? value.slice(1, -1).trim() : value.slice(1);
}

/** Patterns of secrets anywhere in a text. Linear: each starts with a fixed word, and its repetitions are bounded. */
const secretShapes: readonly RegExp[] = [
  /eyJ[\w-]{3}/,
  /\b[ps]k_[\w-]{6}/i,
  /\bbearer\s\s?[^\s]{6}/i,
  /(?:token|secret|api_?key|jwt)\w{0,20}["']?\s?[=:]\s?["']?[^\s"']{8}/i,
];

/** Longer than any user id is expected to be. */
const minOpaqueLength = 40;

/**
 * Whether a text may be or contain a token or a key, and so must be neither sent as a search nor shown. Linear time.
 * Emails, UUIDs, hexadecimal ids and names do not count.
 */
export function mayBeSecret(text: string): boolean {
  if (secretShapes.some((shape) => shape.test(text))) return true;
  for (const word of text.split(/[^\w+/=-]+/)) {
    if (word.length >= minOpaqueLength && /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word)) return true;
  }
  return false;
}
