import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { bundle, weigh } from '../../esbuild.js';
import { commandIds, settingIds, viewIds } from '../../src/vscode/ui/ids.ts';
import { projectDir } from '../support/vscode/paths.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';
import { manifest } from './manifest.ts';

const { commands, views, configuration } = manifest.contributes;
const sorted = (ids: readonly string[]): string[] => [...ids].sort();

describe('The code and its manifest', () => {
  it('know the same commands, views and settings', () => {
    assert.deepEqual(sorted(commands.map(({ command }) => command)), sorted(Object.values(commandIds)));
    assert.deepEqual(
      sorted(
        Object.values(views)
          .flat()
          .map(({ id }) => id),
      ),
      sorted(Object.values(viewIds)),
    );
    assert.deepEqual(sorted(Object.keys(configuration.properties)), sorted(Object.values(settingIds)));
  });

  it('let no workspace decide: every setting is the user’s', () => {
    for (const [id, { scope }] of Object.entries(configuration.properties)) assert.equal(scope, 'application', id);
  });

  it('leave the clipboard alone unless somebody asks for the clearing', () => {
    assert.equal(configuration.properties[settingIds.clearClipboardAfterMinutes]?.default, 0);
  });

  it('run on the user’s side where they can, and else where the workspace is', () => {
    assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
  });
});

describe('The bundle', function () {
  this.timeout(30_000);
  const folder = temporaryFolder('bundle');
  let weighed: ReturnType<typeof weigh>;

  before(async () => {
    weighed = weigh(await bundle(folder));
  });

  it('keeps to its budget, and loads nothing at the start that waits for a use', () => {
    const { parts, misplaced } = weighed;
    for (const { name, bytes, budget } of parts) assert.ok(bytes <= budget, `${name}: ${bytes} of ${budget} bytes`);
    assert.deepEqual(misplaced, []);
  });

  const sources = readdirSync(path.join(projectDir, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(projectDir, 'src', name));
  const code = (): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .map((name) => readFileSync(path.join(folder, name), 'utf8'));

  it('starts programs only to deliver to them or to a file, never for the clipboard or for keys', () => {
    const starting = sources.filter((file) => readFileSync(file, 'utf8').includes('child_process'));
    const names = starting.map((file) => path.relative(projectDir, file).split(path.sep).join('/'));
    // GNU's cp gives a new file the access list and the attributes of the old one.
    const withTypes = names.filter((name) => !name.endsWith('.d.ts'));
    assert.deepEqual(sorted(withTypes), ['src/core/delivery/commandRun.ts', 'src/core/delivery/dotenvFile.ts']);
  });

  it('has VS Code’s clipboard only', () => {
    // In one place, from where it is passed on: nothing else is read or written.
    assert.equal(code().flatMap((text) => text.match(/\benv\.clipboard\b/g) ?? []).length, 1);
  });

  it('reads no key and no address from the environment', () => {
    assert.ok(code().length > 1);
    const read = code().flatMap((text) => [...text.matchAll(/process\.env\b(\.\w+)?/g)].map(([found]) => found));
    // Where programs are found that a value is given to, and on Windows what starts and ends them (cross-spawn).
    assert.deepEqual(
      sorted([...new Set(read)]),
      ['', '.OSTYPE', '.PATH', '.PATHEXT', '.SystemRoot', '.comspec'].map((name) => `process.env${name}`),
    );
  });
});
