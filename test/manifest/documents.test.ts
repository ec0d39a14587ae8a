import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectDir } from '../support/vscode/paths.ts';

const documents = [
  ...readdirSync(projectDir).filter((name) => name.endsWith('.md')),
  ...readdirSync(path.join(projectDir, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** The files of the project that a document names: `src/core/base/clock.ts`. */
const pathsIn = (text: string): readonly string[] =>
  [...text.matchAll(/`((?:src|test|docs|media)\/[\w./-]+\.\w+)`/g)].map(([, name = '']) => name);

/** The files of the project that a document links to or shows. */
const linksIn = (text: string): readonly string[] =>
  [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^\w+:/.test(target));

describe('The documents', () => {
  for (const document of documents) {
    it(`${document} names and links to files that exist`, () => {
      const text = readFileSync(path.join(projectDir, document), 'utf8');
      const missing = [
        ...pathsIn(text),
        ...linksIn(text).map((target) => path.posix.join(path.posix.dirname(document), target)),
      ].filter((name) => !existsSync(path.join(projectDir, name)));
      assert.deepEqual(missing, []);
    });
  }

  it('follow an id, a value, a key and an error through the code', () => {
    const architecture = readFileSync(path.join(projectDir, 'docs', 'ARCHITECTURE.md'), 'utf8');
    for (const title of ['A token id', 'An issued value', 'A key', 'An error']) {
      const [, section = ''] = architecture.split(`\n## ${title}\n`);
      assert.ok(pathsIn(section.split('\n## ')[0] ?? '').length >= 5, title);
    }
  });
});
