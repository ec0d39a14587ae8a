import assert from 'node:assert/strict';
import fc from 'fast-check';
import { displayText } from '../../../src/core/base/displayText.ts';
import { cpuMs } from '../../support/cpuTime.ts';

describe('displayText', () => {
  const kept = [
    'CI deploy',
    'Équipe produit – intégration 通知 🔔',
    'שלום',
    'نمی‌خواهم',
    'क्‍ष',
    'Zoë (dev) [old] <hana@example.com> $5 & 100 % {x} `y` *z* _w_ #1 ~ | \\',
    '👩‍👩‍👧‍👦 👍🏽 ❤️ 1️⃣ 🇩🇪 👩🏽‍💻 🏳️‍🌈',
    'https://example.com/a?b=c',
    '$',
    '(zap)',
  ];
  for (const text of kept) it(`leaves ${text}`, () => assert.equal(displayText(text), text));

  const changed: [string, string][] = [
    ['$(zap)', '$ (zap)'],
    ['a$(sync~spin)b', 'a$ (sync~spin)b'],
    ['[x](command:y)', '[x] (command:y)'],
    ['![x](https://evil.example/p.png)', '![x] (https://evil.example/p.png)'],
    ['$\u200B(zap)', '$ (zap)'],
    [']\u2060(x)', '] (x)'],
    ['a\r\n\tb\u2028c\u0085d', 'a b c d'],
    ['  a \u00A0 b \u3000 ', 'a b'],
    ['a\u0000\u0007b', 'a b'],
    ['\u202Eevil\u202C \u2066x\u2069 \u200Fy', 'evil x y'],
    ['ad\u200Bm\u200Di\u200Cn\uFEFF\u00AD', 'admin'],
    ['a\uFE0Fb\u{E0061}\u{E007F}', 'ab'],
    ['\u3164\u115F\u2800', ''],
    ['\uD83D', '\uFFFD'],
    ['a\uDD14b', 'a\uFFFDb'],
    ['\uEA60', '\uFFFD'],
    [`a${'\u0301'.repeat(50)}b`, `\u00e1${'\u0301'.repeat(3)}b`],
    ['E\u0301quipe', '\u00c9quipe'],
    ['', ''],
  ];
  for (const [text, expected] of changed) {
    it(`shows ${JSON.stringify(text).slice(0, 50)} as ${JSON.stringify(expected).slice(0, 50)}`, () =>
      assert.equal(displayText(text), expected));
  }

  it('caps what is long, at whole characters', () => {
    assert.equal(displayText('x'.repeat(10_000)), `${'x'.repeat(299)}…`);
    assert.equal(displayText('x'.repeat(300)), 'x'.repeat(300));
    assert.equal(displayText('🔔'.repeat(12), 'plain', 10), `${'🔔'.repeat(9)}…`);
    assert.equal(displayText('👩‍👩‍👧‍👦'.repeat(5), 'plain', 3), '👩‍👩‍👧‍👦…');
    assert.equal(displayText('🔔'.repeat(10), 'plain', 10), '🔔'.repeat(10));
  });

  it('leaves no joiner before the mark of a cut', () => {
    assert.equal(displayText('\u0645\u200C\u0645\u0645', 'plain', 2), '\u0645…');
  });

  it('is fast on megabytes', () => {
    for (const piece of ['x', '\u0301', '👩‍', '$(', '](', '\u200B', ' '])
      assert.ok(cpuMs(() => displayText(piece.repeat(1_000_000))) < 2000, piece);
  });

  it('leaves no sign for markdown to read', () => {
    const shown = displayText('[a](b) ![c](d) <img src=x> **e** https://f.g h@i.j `k` $(l) | # - + &amp;', 'markdown');
    assert.doesNotMatch(shown.replace(/&#\d+;/g, ''), /[!-/:-@[-`{-~]/);
    const decoded = shown.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
    assert.equal(decoded, displayText('[a](b) ![c](d) <img src=x> **e** https://f.g h@i.j `k` $(l) | # - + &amp;'));
  });

  const pieces = [
    '$(',
    '$',
    '(',
    ')',
    '[',
    ']',
    'a',
    ' ',
    '\u200B',
    '\u202E',
    '\u200D',
    '\uFE0F',
    '\uD83D',
    '\uDD14',
    '🔔',
    '❤',
    '👩',
    '\n',
    '\u0301',
    '\u0645',
    '\u200C',
  ];
  const hostile = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 700 }),
  );
  it('holds for any text: one line, no icon, no link, nothing invisible, well-formed, not too long, the same when repeated', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 40 }), (text, maxLength) => {
        const shown = displayText(text, 'plain', maxLength);
        assert.doesNotMatch(shown, /\$\(|\]\(/);
        assert.doesNotMatch(shown, /[\p{Cc}\p{Zl}\p{Zp}\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/u);
        assert.doesNotMatch(shown, /\p{Surrogate}/u);
        assert.ok([...new Intl.Segmenter().segment(shown)].length <= maxLength + 1);
        assert.equal(displayText(shown, 'plain', maxLength), shown);
      }),
      { numRuns: 3000 },
    );
  });
});
