import { findEncryption } from './encryptedText.ts';

/** An assignment in the text of a `.env` file: the position of its value, and the value as written, with quotes. */
interface Assignment {
  readonly start: number;
  readonly end: number;
  readonly written: string;
  /** Whether a comment follows immediately, so that a space must separate it from the new value. */
  readonly needsSpaceAfter: boolean;
}

/** Larger files are not accepted as `.env` files. */
export const maxDotenvLength = 128 * 1024;
const maxGrowth = 64 * 1024;
/** A sentence for the user. */
export const tooLarge = 'The file is too large for a .env file.';
const quotes = ["'", '"', '`'] as const;

export type EditedText =
  | { readonly ok: true; readonly content: Buffer }
  /** A sentence for the user. */
  | { readonly ok: false; readonly problem: string };

/** Describes what is wrong with a variable's name; undefined when it is valid. */
export function variableNameProblem(name: string): string | undefined {
  if (name === '') return 'A variable needs a name.';
  if (/^[0-9]/.test(name)) return 'A variable’s name does not start with a digit.';
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? undefined : 'A variable’s name has letters, digits and “_” only.';
}

/**
 * The content of a `.env` file with the variable set: in each of its assignments (parsers take the first or the last),
 * or in a new line at the end if there is none. All other bytes are kept.
 */
export function setVariable(content: Buffer, name: string, value: string): EditedText {
  if (content.length > maxDotenvLength) return { ok: false, problem: tooLarge };
  const encryptedBy = findEncryption(content);
  if (encryptedBy !== undefined)
    return { ok: false, problem: `It is encrypted with ${encryptedBy}; a value in plain text would spoil it.` };
  if (content.includes(0) || /^(\xFF\xFE|\xFE\xFF)/.test(toText(content.subarray(0, 2))))
    return { ok: false, problem: 'The file is not a plain text file.' };
  const text = toText(content);
  if (!hasDotenvLine(text)) return { ok: false, problem: 'Its lines are not those of a .env file.' };
  const unwritable = { ok: false, problem: 'This value cannot be written to a .env file.' } as const;
  const bare = quoted(value, '');
  if (bare === undefined) return unwritable;

  let edited = '';
  let copied = 0;
  for (const { start, end, written, needsSpaceAfter } of assignmentsOf(text, name)) {
    edited += text.slice(copied, start) + (quoted(value, quoteOf(written)) ?? bare) + (needsSpaceAfter ? ' ' : '');
    copied = end;
    // Limits the growth of a file that sets the variable thousands of times.
    if (edited.length > maxDotenvLength + maxGrowth) return { ok: false, problem: tooLarge };
  }
  edited += text.slice(copied);
  if (copied === 0) edited = withLine(text, `${name}=${bare}`);
  const after = Buffer.from(edited, 'latin1');
  return readVariable(after, name) === value ? { ok: true, content: after } : unwritable;
}

/** The variable's value, from its last assignment; escapes are not resolved. Undefined when it is not set. */
export function readVariable(content: Buffer, name: string): string | undefined {
  let last: Assignment | undefined;
  for (const assignment of assignmentsOf(toText(content), name)) last = assignment;
  if (last === undefined) return undefined;
  const { written } = last;
  return Buffer.from(quoteOf(written) === '' ? written : written.slice(1, -1), 'latin1').toString('utf8');
}

/** One character for each byte, so that unedited parts stay the same in any encoding. */
const toText = (content: Buffer): string => content.toString('latin1');

/**
 * Whether a line is an assignment, a comment or an `export`, or all are blank: what other formats do not have, except
 * for the comments of PHP.
 */
function hasDotenvLine(text: string): boolean {
  const written = text.replace(bom, '').trimStart();
  if (written === '' || written.startsWith('<?')) return written === '';
  return /^[ \t]*(?:#|export[ \t]|[\w.-]+(?:[ \t]*=|:[ \t]))/m.test(written);
}

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
      // Of an empty value, the blanks belong to what follows; only a colon needs one before the value.
      const start = head.end + (text[head.end - 1] === ':' ? 1 : 0);
      yield { start, end: start, written, needsSpaceAfter: text[start] === '#' };
    }
  }
}

/**
 * The start of an assignment as the dotenv libraries read it: `NAME=` or `NAME: `, with or without `export`. Scanned by
 * hand instead of with a regular expression, to keep it in linear time.
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

/** The end of a quoted value, which may span lines. Undefined when it is not quoted, or its quote is not closed. */
function quotedEnd(text: string, start: number): number | undefined {
  const quote = quotes.find((each) => each === text[start]);
  if (quote === undefined) return undefined;
  let end: number | undefined;
  for (let at = text.indexOf(quote, start + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    const next = text[skip(text, at + 1, isBlank)];
    if (next === undefined || next === '#' || isLineEnd(next)) end = at + 1;
    // A quote after a backslash may be part of the value, or its end if no other closing quote follows.
    if (text[at - 1] !== '\\') break;
  }
  return end;
}

/** The end of an unquoted value: the end of the line, or a blank that is followed by a comment. */
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

/** The first position from `at` on whose character is not of this kind. */
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

/** The quote around a written value; empty when it is unquoted. */
function quoteOf(written: string): '' | (typeof quotes)[number] {
  const quote = quotes.find((each) => written.startsWith(each) && written.endsWith(each));
  return quote !== undefined && written.length > 1 ? quote : '';
}

/** The value in the preferred quotes, or in others if those cannot hold it. Undefined when none can. */
function quoted(value: string, preferred: '' | (typeof quotes)[number]): string | undefined {
  const quote = [preferred, '' as const, ...quotes].find((each) => canHold(each, value));
  return quote === undefined ? undefined : Buffer.from(`${quote}${value}${quote}`).toString('latin1');
}

/** Allows only values that every parser reads the same way: no escapes, no expansion. */
function canHold(quote: '' | (typeof quotes)[number], value: string): boolean {
  if (quote === '') return /^[\w.~+/:@%,-][\w.~+/=:@%,-]*$/.test(value);
  if (value === '' || /[\0\r\n\\]/.test(value) || value.includes(quote)) return false;
  return quote === "'" || !/[$`]/.test(value);
}

/** Appends a line, with the line endings of the text. A text without a final line break stays without one. */
function withLine(text: string, line: string): string {
  const ending = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  if (text === '' || text === bom) return `${text}${line}\n`;
  return /[\r\n]$/.test(text) ? `${text}${line}${ending}` : `${text}${ending}${line}`;
}
