import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** What the shape of a source file is judged by. */
export interface SourceShape {
  /** From the project's folder, with slashes: "src/core/base/clock.ts". */
  readonly file: string;
  readonly lines: number;
  /** The files of the project that it imports statically, types included. */
  readonly imports: readonly string[];
  /** Without the lines of a switch: it is read case by case, and may be long. */
  readonly functions: readonly { readonly name: string; readonly lines: number }[];
  readonly classes: readonly { readonly name: string; readonly fields: number }[];
}

/** The shapes of all TypeScript files below a folder of the project. */
export function shapesBelow(projectDir: string, folder: string): readonly SourceShape[] {
  return readdirSync(path.join(projectDir, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')))
    .sort()
    .map((file) => shapeOf(file, readFileSync(path.join(projectDir, file), 'utf8')));
}

export function shapeOf(file: string, text: string): SourceShape {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const imports: string[] = [];
  const functions: { name: string; lines: number }[] = [];
  const classes: { name: string; fields: number }[] = [];
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
      const target = (node.moduleSpecifier as ts.StringLiteral).text;
      if (target.startsWith('.')) imports.push(path.posix.join(path.posix.dirname(file), target));
    }
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const switches = ts.isBlock(node.body) ? node.body.statements.filter(ts.isSwitchStatement) : [];
      const lines = [node, ...switches].map((part) => lineOf(part.end) - lineOf(part.getStart()) + 1);
      functions.push({ name: nameOf(node), lines: lines.reduce((all, ofSwitch) => all - ofSwitch) });
    }
    if (ts.isClassLike(node)) classes.push({ name: node.name?.text ?? 'class', fields: fieldsOf(node) });
    node.forEachChild(visit);
  };
  visit(source);
  return { file, lines: lineOf(source.end) + (text.endsWith('\n') ? 0 : 1), imports, functions, classes };
}

/** Properties of an instance, those that the constructor's parameters declare included. */
function fieldsOf(node: ts.ClassLikeDeclaration): number {
  const declared = node.members.filter(
    (member) =>
      ts.isPropertyDeclaration(member) &&
      !(ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Static | ts.ModifierFlags.Ambient)),
  );
  const parameters = node.members
    .filter(ts.isConstructorDeclaration)
    .flatMap(({ parameters: all }) =>
      all.filter((parameter) => ts.isParameterPropertyDeclaration(parameter, parameter.parent)),
    );
  return declared.length + parameters.length;
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const { parent } = node;
  if ((ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) && ts.isIdentifier(parent.name))
    return parent.name.text;
  return 'function';
}

/** The groups of files that import each other in a circle, each sorted. */
export function circlesIn(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const reach = (from: string): ReadonlySet<string> => {
    const seen = new Set<string>();
    const open = [...(graph.get(from) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(graph.get(next) ?? []));
    }
    return seen;
  };
  const reached = new Map([...graph.keys()].map((file) => [file, reach(file)]));
  const inCircle = [...graph.keys()].filter((file) => reached.get(file)?.has(file) === true);
  const groups = inCircle.map((file) =>
    inCircle.filter((other) => reached.get(file)?.has(other) === true && reached.get(other)?.has(file) === true).sort(),
  );
  return [...new Map(groups.map((group) => [group.join(' '), group])).values()];
}
