/** Where text is shown. `plain`: labels, descriptions, notifications, dialogs, quick picks, the status bar, plain tooltips. */
export type Surface = 'plain' | 'markdown';

const defaultMaxLength = 300;
const ellipsis = '…';
let graphemes: Intl.Segmenter | undefined;

/** Words of ASCII with single spaces between them, as most names are: nothing to remove. */
const plainWords = /^[!-~]+(?: [!-~]+)*$/;
/** Invisible or direction-changing characters: controls, bidi, zero-width, variation selectors, tags, fillers. */
const invisibleRun = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]+/gu;
/** Joiners inside emoji and inside scripts that are written with them, and the selector that makes emoji of signs. */
const meaningful =
  /(?<=\p{Extended_Pictographic}[\p{Emoji_Modifier}\uFE0F]?)\u200D(?=\p{Extended_Pictographic})|(?<=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Malayalam}\p{Script=Sinhala}]\p{M}?)[\u200C\u200D](?=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Malayalam}\p{Script=Sinhala}])|(?<=\p{Extended_Pictographic})\uFE0F|(?<=[0-9#*])\uFE0F(?=\u20E3)/gu;

/**
 * Makes text from the server safe to show: plain on every surface, in one line, without invisible characters, and at
 * most `maxLength` graphemes long. For `markdown` the result is markdown source. Only for showing: never for comparing
 * or sending.
 */
export function displayText(text: string, surface: Surface = 'plain', maxLength = defaultMaxLength): string {
  // Long enough for any text that fits, short enough that megabytes of text cost nothing.
  const beginning =
    text.length <= maxLength * 20 ? text : text.slice(0, maxLength * 20).replace(/[\uD800-\uDBFF]$/, '');
  const shown = capped(defused(oneLine(beginning)), maxLength);
  return surface === 'markdown' ? escapedMarkdown(shown) : shown;
}

function oneLine(text: string): string {
  if (plainWords.test(text)) return text;
  const kept = new Set([...text.matchAll(meaningful)].map(({ index }) => index));
  return (
    text
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
      .replace(invisibleRun, (run, at: number) => [...visibleOf(run, at, kept)].join(''))
      .replace(/(\p{M}{4})\p{M}+/gu, '$1')
      .replace(/\s+/gu, ' ')
      .trim()
      // The form that keyboards produce: VS Code's filters compare code units.
      .normalize('NFC')
  );
}

function* visibleOf(run: string, at: number, kept: ReadonlySet<number>): Generator<string> {
  let offset = at;
  for (const character of run) {
    if (kept.has(offset)) yield character;
    // Surrogates and private-use characters become a replacement character; the others have no glyph at all.
    else if (/[\p{Cs}\p{Co}]/u.test(character)) yield '\uFFFD';
    offset += character.length;
  }
}

/**
 * Puts a space into the two sequences that VS Code's labels, notifications and views interpret: `$(icon)` and
 * `[text](link)`. Unlike a look-alike or an invisible character, a space reads and copies as what it is.
 */
function defused(text: string): string {
  // Hardly any name has one, and there may be very many names.
  if (!text.includes('(')) return text;
  return text.replace(/\$\(/g, '$ (').replace(/\]\(/g, '] (');
}

function capped(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const kept: string[] = [];
  let length = 0;
  for (const { segment } of graphemes.segment(text)) {
    // A single grapheme has no limit of its own.
    length += segment.length;
    if (kept.length >= maxLength || length > maxLength * 4) {
      return (
        kept
          .slice(0, maxLength - 1)
          .join('')
          // A joiner at the end would join the ellipsis.
          .replace(/(?<![\s\u200C\u200D])[\s\u200C\u200D]+$/, '') + ellipsis
      );
    }
    kept.push(segment);
  }
  return text;
}

/** Writes all ASCII punctuation as entities, so that nothing is left that markdown interprets or links. */
function escapedMarkdown(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
