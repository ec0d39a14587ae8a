import { findEncryption } from './encryptedText.ts';

/** One assignment in the text of a `.env` file: where its value stands, as it is written. */
interface Assignment {
  readonly start: number;
  readonly end: number;
  readonly written: string;
  /** What must stand between the value and a comment that follows it at once. */
  readonly needsSpaceAfter: boolean;
}

/** The largest file that is taken for a `.env`. */
export const maxDotenvLength = 128 * 1024;
const maxGrowth = 64 * 1024;
const tooLarge = 'The file is too large for a .env file.';
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
  if (content.length > maxDotenvLength) return { ok: false, problem: tooLarge };
  const encryptedBy = findEncryption(content);
  if (encryptedBy !== undefined)
    return { ok: false, problem: `It is encrypted with ${encryptedBy}; a value in plain text would spoil it.` };
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
    // A file that sets the variable ten thousand times would grow without a limit.
    if (edited.length > maxDotenvLength + maxGrowth) return { ok: false, problem: tooLarge };
  }
  edited += text.slice(copied);
  if (copied === 0) edited = withLine(text, `${name}=${bare}`);
  const after = Buffer.from(edited, 'latin1');
  return readVariable(after, name) === value ? { ok: true, content: after } : unwritable;
}

/** The variable's value, the last one if there are several; escapes stay as written. Undefined when it is not set. */
export function readVariable(content: Buffer, name: string): string | undefined {
  let last: Assignment | undefined;
  for (const assignment of assignmentsOf(toText(content), name)) last = assignment;
  if (last === undefined) return undefined;
  const { written } = last;
  return Buffer.from(quoteOf(written) === '' ? written : written.slice(1, -1), 'latin1').toString('utf8');
}

/** Byte for byte: whatever the encoding, what is not touched stays as it is. */
const toText = (content: Buffer): string => content.toString('latin1');

function* assignmentsOf(text: string, name: string): Generator<Assignment> {
  for (let lineStart = 0; lineStart < text.length;) {
    const head = headAt(text, lineStart);
    if (head === undefined) {
      lineStart = nextLine(text, lineStart);
      continue;
    }
    const valueStart = skip(text, head.end, isBlank);
    const end = quotedEnd(text, valueStart) ?? bareEnd(text, valueStart);
    lineStart = nextLine(text, end);
    if (head.name !== name) continue;
    const written = text.slice(valueStart, end);
    if (written !== '') yield { start: valueStart, end, written, needsSpaceAfter: false };
    else {
      // Where there is no value, the space belongs to what follows; only a colon needs one.
      const start = head.end + (text[head.end - 1] === ':' ? 1 : 0);
      yield { start, end: start, written, needsSpaceAfter: text[start] === '#' };
    }
  }
}

/**
 * The start of an assignment as the dotenv libraries read it: `NAME=` or `NAME: `, with `export` or without. Read by
 * hand, not by one pattern, so that no line takes longer than its length.
 */
function headAt(text: string, lineStart: number): { readonly name: string; readonly end: number } | undefined {
  const start = skip(text, text.startsWith(bom, lineStart) ? lineStart + bom.length : lineStart, isBlank);
  const afterExport = start + 'export'.length;
  const exported = text.startsWith('export', start) && isBlank(text[afterExport]);
  return (exported ? namedAt(text, skip(text, afterExport, isBlank)) : undefined) ?? namedAt(text, start);
}

function namedAt(text: string, start: number): { readonly name: string; readonly end: number } | undefined {
  const nameEnd = skip(text, start, isNameCharacter);
  if (nameEnd === start) return undefined;
  const name = text.slice(start, nameEnd);
  if (text[nameEnd] === ':') return isBlank(text[nameEnd + 1]) ? { name, end: nameEnd + 1 } : undefined;
  const equals = skip(text, nameEnd, isBlank);
  return text[equals] === '=' ? { name, end: equals + 1 } : undefined;
}

/** Where a value in quotes ends, which may have several lines. Undefined when there is none, or it does not end. */
function quotedEnd(text: string, start: number): number | undefined {
  const quote = quotes.find((each) => each === text[start]);
  if (quote === undefined) return undefined;
  let end: number | undefined;
  for (let at = text.indexOf(quote, start + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    const next = text[skip(text, at + 1, isBlank)];
    if (next === undefined || next === '#' || isLineEnd(next)) end = at + 1;
    // A quote after a backslash may be part of the value, or its end where no better one follows.
    if (text[at - 1] !== '\\') break;
  }
  return end;
}

/** Where a value without quotes ends: at the end of the line, or where a space and a comment follow. */
function bareEnd(text: string, start: number): number {
  if (text[start] === '#') return start;
  for (let at = start; ;) {
    const blank = skip(text, at, (character) => !isBlank(character) && !isLineEnd(character));
    const next = skip(text, blank, isBlank);
    const character = text[next];
    if (character === undefined || isLineEnd(character) || (character === '#' && next > blank)) return blank;
    at = next;
  }
}

/** The first position from `at` on whose character is of another kind. */
function skip(text: string, at: number, isOfKind: (character: string) => boolean): number {
  let end = at;
  for (let character = text[end]; character !== undefined && isOfKind(character); character = text[end]) end += 1;
  return end;
}

function nextLine(text: string, at: number): number {
  return skip(text, at, (character) => !isLineEnd(character)) + 1;
}

const bom = '\xEF\xBB\xBF';
const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';
const isLineEnd = (character: string): boolean => character === '\n' || character === '\r';
const isNameCharacter = (character: string): boolean => /[\w.-]/.test(character);

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
  if (text === '' || text === bom) return `${text}${line}\n`;
  return /[\r\n]$/.test(text) ? `${text}${line}${ending}` : `${text}${ending}${line}`;
}
