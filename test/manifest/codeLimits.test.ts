import assert from 'node:assert/strict';
import { circlesIn, type SourceShape, shapeOf, shapesBelow } from '../support/sourceShape.ts';
import { projectDir } from '../support/vscode/paths.ts';

const limits = { fileLines: 300, functionLines: 80, classFields: 12 };

const shapes = shapesBelow(projectDir, 'src');

describe('The shape of src', () => {
  it(`has no file of more than ${limits.fileLines} lines`, () => {
    assert.deepEqual(
      shapes.filter(({ lines }) => lines > limits.fileLines).map(({ file }) => file),
      [],
    );
  });

  it(`has no function of more than ${limits.functionLines} lines, switches aside`, () => {
    const long = shapes.flatMap(({ file, functions }) =>
      functions.filter(({ lines }) => lines > limits.functionLines).map(({ name }) => `${file}: ${name}`),
    );
    assert.deepEqual(long, []);
  });

  it(`has no class of more than ${limits.classFields} fields`, () => {
    const large = shapes.flatMap(({ file, classes }) =>
      classes.filter(({ fields }) => fields > limits.classFields).map(({ name }) => `${file}: ${name}`),
    );
    assert.deepEqual(large, []);
  });

  it('has no files that import each other in a circle', () => {
    assert.deepEqual(circlesIn(new Map(shapes.map(({ file, imports }) => [file, imports]))), []);
  });

  it('has no two folders of src/core that need each other', () => {
    assert.deepEqual(mutualFolders(shapes), []);
  });
});

describe('What judges the shape of src', () => {
  it('counts lines, and the fields of a class with those of its constructor', () => {
    const text =
      'export class Box {\n  a = 1;\n  static b = 2;\n  constructor(private readonly c: number) {}\n  get d() {\n    return 1;\n  }\n}\n';
    const { lines, classes, functions } = shapeOf('src/a.ts', text);
    assert.equal(lines, 8);
    assert.deepEqual(classes, [{ name: 'Box', fields: 2 }]);
    assert.deepEqual(functions, [
      { name: 'constructor', lines: 1 },
      { name: 'd', lines: 3 },
    ]);
  });

  it('leaves a switch out of a function’s length', () => {
    const text = 'function f(a) {\n  switch (a) {\n    case 1:\n      return 2;\n  }\n  return 3;\n}\n';
    assert.deepEqual(shapeOf('src/a.ts', text).functions, [{ name: 'f', lines: 3 }]);
  });

  it('follows imports of values and types, and not those that wait', () => {
    const text =
      "import { a } from '../x/a.ts';\nimport type { B } from './b.ts';\nimport c from 'c';\nvoid import('./d.ts');\n";
    assert.deepEqual(shapeOf('src/y/z.ts', text).imports, ['src/x/a.ts', 'src/y/b.ts']);
  });

  it('finds a circle of any length', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', ['a']],
    ]);
    assert.deepEqual(circlesIn(graph), [['a', 'b', 'c']]);
  });
});

/** The folder of src/core that a file is in; undefined for files elsewhere, and right in src/core. */
const coreFolder = (file: string): string | undefined => /^src\/core\/(\w+)\//.exec(file)?.[1];

function mutualFolders(all: readonly SourceShape[]): readonly (readonly [string, string])[] {
  const needs = new Set<string>();
  for (const { file, imports } of all) {
    const from = coreFolder(file);
    for (const to of imports.map(coreFolder)) {
      if (from !== undefined && to !== undefined && from !== to) needs.add(`${from} ${to}`);
    }
  }
  return [...needs]
    .map((need) => need.split(' ') as [string, string])
    .filter(([from, to]) => from < to && needs.has(`${to} ${from}`))
    .sort();
}
