import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { cpuMs } from '../support/cpuTime.ts';
import { shapesBelow } from '../support/sourceShape.ts';
import { projectDir } from '../support/vscode/paths.ts';

/** A pattern that goes back over what it has read is seen at this length already, and a linear one is far below. */
const length = 60_000;
const limitMs = 500;

interface Pattern {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

const patterns = shapesBelow(projectDir, 'src').flatMap(({ file }) => patternsOf(file));

describe('The patterns of src', () => {
  it('are all found', () => assert.ok(patterns.length > 50, `${patterns.length}`));

  it('take linear time for the worst that can be fed to them', function () {
    this.timeout(120_000);
    const slow = patterns.flatMap((pattern) => {
      const worst = worstOf(pattern);
      return worst === undefined ? [] : [`${pattern.file}: /${pattern.source}/ ${worst}`];
    });
    assert.deepEqual(slow, []);
  });

  it('would be found if they were not', function () {
    this.timeout(60_000);
    for (const source of ['\\s+$', '^\\s*(.*?)\\s*$', '".*"x'])
      assert.notEqual(worstOf({ file: '', source, flags: '' }), undefined, source);
  });
});

/** What takes too long, and how long; undefined when nothing does. */
function worstOf({ source, flags }: Pattern): string | undefined {
  const pattern = new RegExp(source, flags.replace('y', ''));
  for (const text of textsFor(source)) {
    const tookMs = cpuMs(() => text.replace(pattern, ''));
    if (tookMs > limitMs) return `${tookMs} ms for ${JSON.stringify(text.slice(0, 20))}…`;
  }
  return undefined;
}

/** Long repetitions of what the pattern itself speaks of and of what texts are made of, ending in what fits nowhere. */
function textsFor(source: string): readonly string[] {
  const own = source.match(/[a-z]{1,12}|[^\\\w\s]/gi) ?? [];
  const common = [
    'a',
    'A',
    '1',
    ' ',
    '\t',
    '\n',
    '"',
    "'",
    '=',
    '.',
    '-',
    '/',
    ':',
    '@',
    '%41',
    'a ',
    'a.',
    '1.',
    'a=',
    '😀',
  ];
  return [...new Set([...own, ...common])].map((piece) => `a${piece.repeat(Math.ceil(length / piece.length))}\u0000b`);
}

function patternsOf(file: string): readonly Pattern[] {
  const text = readFileSync(path.join(projectDir, file), 'utf8');
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const [, source = '', flags = ''] = /^\/(.*)\/(\w*)$/s.exec(node.text) ?? [];
      found.push({ file, source, flags });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}
