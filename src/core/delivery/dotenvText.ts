/** One assignment in the text of a `.env` file: where its value stands, as it is written. */
interface Assignment {
  readonly start: number;
  readonly end: number;
  readonly written: string;
  /** What must stand between the value and a comment that follows it at once. */
  readonly needsSpaceAfter: boolean;
}

/**
 * An assignment as the dotenv libraries read it: `NAME=value` or `NAME: value`, with `export` or without; the value in
 * quotes, where it may have several lines, or bare up to a comment. Quotes that do not end are part of a bare value.
 */
const assignment =
  /^((?:\xEF\xBB\xBF)?[ \t]*(?:export[ \t]+)?([\w.-]+)(?:[ \t]*=|:(?=[ \t])))([ \t]*)(?:('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)(?=[ \t]*(?:#[^\r\n]*)?$)|((?!#)[^\r\n]*?(?=[ \t]*$|[ \t]+#)|(?=#)))/gm;

/** The largest file that is taken for a `.env`. */
const maxLength = 1024 * 1024;
const quotes = ["'", '"', '`'] as const;

export type EditedText =
  | { readonly ok: true; readonly content: Buffer }
  /** A sentence for a person. */
  | { readonly ok: false; readonly problem: string };

/** What is wrong with a variable's name, for a person; undefined when nothing is. */
export function variableNameProblem(name: string): string | undefined {
  if (name === '') return 'A variable needs a name.';
  if (/^[0-9]/.test(name)) return 'A variable’s name does not start with a digit.';
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? undefined : 'A variable’s name has letters, digits and “_” only.';
}

/**
 * The content of a `.env` file with the variable set: in place where it stands, every time it stands there (a parser
 * may take the first or the last, and an old value has no use), else in a line at the end. All other bytes stay.
 */
export function setVariable(content: Buffer, name: string, value: string): EditedText {
  if (content.length > maxLength) return { ok: false, problem: 'The file is too large for a .env file.' };
  if (content.includes(0) || /^(\xFF\xFE|\xFE\xFF)/.test(toText(content.subarray(0, 2))))
    return { ok: false, problem: 'The file is not a plain text file.' };
  const text = toText(content);
  const unwritable = { ok: false, problem: 'This value cannot be written to a .env file.' } as const;
  const bare = quoted(value, '');
  if (bare === undefined) return unwritable;

  let edited = '';
  let copied = 0;
  for (const { start, end, written, needsSpaceAfter } of assignmentsOf(text, name)) {
    edited += text.slice(copied, start) + (quoted(value, quoteOf(written)) ?? bare) + (needsSpaceAfter ? ' ' : '');
    copied = end;
  }
  edited += text.slice(copied);
  if (copied === 0) edited = withLine(text, `${name}=${bare}`);
  const after = Buffer.from(edited, 'latin1');
  return readVariable(after, name) === value ? { ok: true, content: after } : unwritable;
}

/** The variable's value, the last one if there are several; escapes stay as written. Undefined when it is not set. */
export function readVariable(content: Buffer, name: string): string | undefined {
  const last = [...assignmentsOf(toText(content), name)].at(-1);
  if (last === undefined) return undefined;
  const { written } = last;
  return Buffer.from(quoteOf(written) === '' ? written : written.slice(1, -1), 'latin1').toString('utf8');
}

/** Byte for byte: whatever the encoding, what is not touched stays as it is. */
const toText = (content: Buffer): string => content.toString('latin1');

function* assignmentsOf(text: string, name: string): Generator<Assignment> {
  for (const match of text.matchAll(assignment)) {
    const [, head = '', found, space = '', inQuotes, bare = ''] = match;
    if (found !== name) continue;
    const written = inQuotes ?? bare;
    // Where there is no value, the space belongs to what follows; only a colon needs one.
    const spaceBefore = written !== '' ? space.length : head.endsWith(':') ? 1 : 0;
    const start = match.index + head.length + spaceBefore;
    const end = start + written.length;
    yield { start, end, written, needsSpaceAfter: written === '' && text[end] === '#' };
  }
}

/** The quote that a value as written is in; empty for a bare one. */
function quoteOf(written: string): '' | (typeof quotes)[number] {
  const quote = quotes.find((each) => written.startsWith(each) && written.endsWith(each));
  return quote !== undefined && written.length > 1 ? quote : '';
}

/** The value in these quotes or, where they cannot hold it, in others. Undefined where none can. */
function quoted(value: string, preferred: '' | (typeof quotes)[number]): string | undefined {
  const quote = [preferred, '' as const, ...quotes].find((each) => canHold(each, value));
  return quote === undefined ? undefined : Buffer.from(`${quote}${value}${quote}`).toString('latin1');
}

/** Only what every parser reads the same way: no escapes, no expansion. */
function canHold(quote: '' | (typeof quotes)[number], value: string): boolean {
  if (quote === '') return /^[\w.~+/:@%,-][\w.~+/=:@%,-]*$/.test(value);
  if (value === '' || /[\0\r\n\\]/.test(value) || value.includes(quote)) return false;
  return quote === "'" || !/[$`]/.test(value);
}

/** The text with one more line at its end, in its own line endings, with or without a last one as it was. */
function withLine(text: string, line: string): string {
  const ending = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  if (text === '' || text === '\xEF\xBB\xBF') return `${text}${line}\n`;
  return /[\r\n]$/.test(text) ? `${text}${line}${ending}` : `${text}${ending}${line}`;
}
