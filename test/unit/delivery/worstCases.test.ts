import assert from 'node:assert/strict';
import { findEncryption } from '../../../src/core/delivery/encryptedText.ts';
import { isDotenvName } from '../../../src/core/delivery/dotenvNames.ts';
import { maxDotenvLength, readVariable, setVariable } from '../../../src/core/delivery/dotenvText.ts';
import { parseGitConfig } from '../../../src/core/git/gitConfig.ts';
import { maxGitTextLength } from '../../../src/core/git/gitFiles.ts';
import { GitPatterns } from '../../../src/core/git/gitPatterns.ts';
import { cpuMs } from '../../support/cpuTime.ts';

const limitMs = 100;

const filled = (start: string, unit: string, end: string, length: number): string =>
  start + unit.repeat(Math.floor((length - start.length - end.length) / unit.length)) + end;

/** By the processor's time, since others may use it as well, and the shortest of some: the first run of a function is slow. */
function assertQuick(work: () => unknown): void {
  let shortest = Infinity;
  for (let run = 1; run <= 5 && shortest >= limitMs; run++) shortest = Math.min(shortest, cpuMs(work));
  assert.ok(shortest < limitMs, `it took ${Math.round(shortest)} ms`);
}

describe('The worst text of its size limit', () => {
  const dotenv: readonly (readonly [start: string, unit: string, end: string])[] = [
    ['N=a', ' ', 'b'],
    ['N=a', ' \t', '#'],
    ['N=a', ' #', ''],
    ['N=a', ' b', ''],
    ['', ' ', 'N'],
    ['export', ' ', 'N'],
    ['export', ' ', '='],
    ['', 'export ', '=1'],
    ['', 'N', ''],
    ['', 'N ', ''],
    ['N="', '\\"', ''],
    ['N="', '\\" ', 'x'],
    ['', 'N="\n', ''],
    ['', "A='\n", ''],
    ['', 'N=\'\nN="\nN=`\n', ''],
    ['', 'N=\n', ''],
    ['', '\n', ''],
    ['', '\r', 'N=1'],
    ['', '\xEF\xBB\xBF', ''],
    ['N', '=', ''],
    ['N:', ' ', ''],
    ['', 'N: \n', ''],
  ];
  for (const [start, unit, end] of dotenv) {
    it(`is edited at once: ${JSON.stringify(start)} ${JSON.stringify(unit)}… ${JSON.stringify(end)}`, () => {
      const content = Buffer.from(filled(start, unit, end, maxDotenvLength), 'latin1');
      assertQuick(() => {
        setVariable(content, 'N', 'value');
        readVariable(content, 'N');
        findEncryption(content);
      });
    });
  }

  for (const name of [`.env.${'a'.repeat(255)}`, `.env${'.a'.repeat(120)}`, `.env.${'a-'.repeat(120)}`]) {
    it(`is a name that is judged at once: ${name.slice(0, 12)}…`, () => assertQuick(() => isDotenvName(name)));
  }

  const config = ['[', '[a', '[core]', ' ', 'a ', 'a =', 'a = "', 'a = b ', '\\', ';', '\n[a]\n', '[a "'];
  for (const unit of config) {
    for (const [start, end] of [
      ['', 'x'],
      ['[core', ']'],
      ['[core]\na=b', '#'],
    ] as const) {
      it(`is read as a configuration at once: ${JSON.stringify(start + unit)}… ${JSON.stringify(end)}`, () => {
        const text = filled(start, unit, end, maxGitTextLength);
        assertQuick(() => parseGitConfig(text));
      });
    }
  }

  const ignore = [
    ' ',
    '*',
    '*a',
    '?',
    '[',
    '[a',
    '*[',
    '[!a]*',
    '**/',
    '\\',
    '\\ ',
    '!',
    '/',
    '*a*b\n',
    '**/*a\n',
    'a\n',
  ];
  for (const unit of ignore) {
    for (const end of ['', 'x', ' ']) {
      it(`is asked as an ignore file at once: ${JSON.stringify(unit)}… ${JSON.stringify(end)}`, () => {
        const text = filled('', unit, end, maxGitTextLength);
        const path = `${'aaaa/'.repeat(20)}.env`;
        assertQuick(() => {
          try {
            new GitPatterns(text, true).verdict(path, false);
          } catch {
            // It says that it cannot know: then the file is not taken for ignored.
          }
        });
      });
    }
  }
});
