/** Where text is shown. `plain`: labels, descriptions, notifications, dialogs, quick picks, the status bar, plain tooltips. */
export type Surface = 'plain' | 'markdown';

const defaultMaxLength = 300;
const ellipsis = '…';
let graphemes: Intl.Segmenter | undefined;

/** Words of ASCII with single spaces between them, as most names are: nothing in them is invisible. */
const plainWords = /^[!-~]+(?: [!-~]+)*$/;
/** Not to be seen, or turning the text around: controls, bidi, zero-width, variation selectors, tags, fillers. */
const invisibleRun = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]+/gu;
/** Joiners inside emoji and inside scripts that are written with them, and the selector that makes emoji of signs. */
const meaningful =
  /(?<=\p{Extended_Pictographic}[\p{Emoji_Modifier}\uFE0F]?)\u200D(?=\p{Extended_Pictographic})|(?<=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Malayalam}\p{Script=Sinhala}]\p{M}?)[\u200C\u200D](?=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Malayalam}\p{Script=Sinhala}])|(?<=\p{Extended_Pictographic})\uFE0F|(?<=[0-9#*])\uFE0F(?=\u20E3)/gu;

/**
 * Text from the server, made harmless: on every surface it shows as the plain text that it is, in one line, with
 * everything invisible left out, and no longer than `maxLength` characters as a reader counts them. For `markdown`
 * the result is markdown source. Only for showing: never for comparing or sending.
 */
export function displayText(text: string, surface: Surface = 'plain', maxLength = defaultMaxLength): string {
  // Long enough for any text that is shown whole, so that megabytes cost nothing.
  const beginning =
    text.length <= maxLength * 20 ? text : text.slice(0, maxLength * 20).replace(/[\uD800-\uDBFF]$/, '');
  const shown = capped(defused(oneLine(beginning)), maxLength);
  return surface === 'markdown' ? escapedMarkdown(shown) : shown;
}

function oneLine(text: string): string {
  if (plainWords.test(text)) return text;
  const kept = new Set([...text.matchAll(meaningful)].map(({ index }) => index));
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(invisibleRun, (run, at: number) => [...visibleOf(run, at, kept)].join(''))
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .replace(/\s+/gu, ' ')
    .trim()
    // As keyboards type it: VS Code's filters compare sign by sign.
    .normalize('NFC');
}

function* visibleOf(run: string, at: number, kept: ReadonlySet<number>): Generator<string> {
  let offset = at;
  for (const character of run) {
    if (kept.has(offset)) yield character;
    // Nothing else stands for what cannot be shown at all; the rest has no look of its own.
    else if (/[\p{Cs}\p{Co}]/u.test(character)) yield '\uFFFD';
    offset += character.length;
  }
}

/**
 * A space takes the two signs apart that VS Code's labels, notifications and views look for: `$(icon)` and
 * `[text](link)`. It reads and copies as what it is, which a look-alike or an invisible sign would not.
 */
function defused(text: string): string {
  return text.replace(/\$\(/g, '$ (').replace(/\]\(/g, '] (');
}

function capped(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const kept: string[] = [];
  let length = 0;
  for (const { segment } of graphemes.segment(text)) {
    // A single grapheme can be as long as it likes.
    length += segment.length;
    if (kept.length >= maxLength || length > maxLength * 4) {
      return (
        kept
          .slice(0, maxLength - 1)
          .join('')
          // A joiner joins nothing where the text is cut.
          .replace(/[\s\u200C\u200D]+$/, '') + ellipsis
      );
    }
    kept.push(segment);
  }
  return text;
}

/** Every sign of ASCII as an entity: nothing is left that markdown could read, addresses that link themselves included. */
function escapedMarkdown(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
