import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { projectDir } from '../support/vscode/paths.ts';

/** VS Code cuts a notification without a button at one line, which holds about this many characters. */
const lineLength = 60;
/** Stands for a name, a file or a number that is only known when the message is shown. */
const placeholder = 'x'.repeat(10);

interface Message {
  readonly text: string;
  readonly hasButton: boolean;
}

/** The text that an expression shows at its longest; undefined when only a running extension knows it. */
function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => placeholder + literal.text).join('');
  return undefined;
}

/** The notifications (not the modal dialogues) that a file shows with texts of its own. */
function messagesIn(source: string): readonly Message[] {
  const found: Message[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /\bshow(Information|Warning|Error)Message$/.test(node.expression.getText())) {
      const [first, ...others] = node.arguments;
      const text = first === undefined ? undefined : textOf(first);
      if (text !== undefined) found.push({ text, hasButton: others.length > 0 });
    }
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}

describe('Notifications', () => {
  const folder = path.join(projectDir, 'src', 'vscode');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const messages = files.flatMap((name) =>
    messagesIn(readFileSync(path.join(folder, name), 'utf8')).map((message) => ({ name, ...message })),
  );

  it('are found in the code', () => assert.ok(messages.length > 20, `${messages.length} messages`));

  it('fit into one line, or have a button, with which VS Code shows them whole', () => {
    const cut = messages
      .filter(({ text, hasButton }) => !hasButton && text.length > lineLength)
      .map(({ name, text }) => `${name}: ${text}`);
    assert.deepEqual(cut, []);
  });
});

describe('Texts', () => {
  /** What plain English does not say. */
  const stilted = /\b(?:shall|whoever|somebody|noted down|is told of)\b/i;

  it('have no stilted words', () => {
    const folder = path.join(projectDir, 'src');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const texts = sources.flatMap((name) => textsIn(readFileSync(path.join(folder, name), 'utf8')));
    assert.ok(texts.length > 2000, `${texts.length} texts`);
    const manifest = readFileSync(path.join(projectDir, 'package.json'), 'utf8').split('\n');
    assert.deepEqual(
      [...texts, ...manifest].filter((text) => stilted.test(text)),
      [],
    );
  });
});

/** All texts in a file, comments aside; those with values in pieces. */
function textsIn(source: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      found.push(node.text);
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}
