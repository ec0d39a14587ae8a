import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readVariable, setVariable, variableNameProblem } from '../../../src/core/delivery/dotenvText.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln-_';

function edited(text: string, name = 'N', value = 'new'): string {
  const result = setVariable(Buffer.from(text), name, value);
  assert.ok(result.ok, 'problem' in result ? result.problem : '');
  return result.content.toString();
}

/** What the `dotenv` package reads, by its own published pattern: an oracle that shares nothing with the code. */
function dotenv(text: string): Record<string, string> {
  const line =
    /^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?(?:$|$)/gm;
  const found: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.replace(/\r\n?/g, '\n').matchAll(line)) {
    found[name] = value.trim().replace(/^(['"`])([\s\S]*)\1$/, '$2');
  }
  return found;
}

const linesOf = (text: string): string[] => text.split(/\r\n|\r|\n/).filter((line) => !/^\uFEFF?$/.test(line));

describe('setVariable', () => {
  const cases: readonly (readonly [name: string, before: string, after: string])[] = [
    ['an empty file', '', 'N=new\n'],
    ['a new line at the end', 'A=1\n', 'A=1\nN=new\n'],
    ['no last line ending, and still none', 'A=1', 'A=1\nN=new'],
    ['line endings of Windows', 'A=1\r\nB=2\r\n', 'A=1\r\nB=2\r\nN=new\r\n'],
    ['empty lines at the end', 'A=1\n\n\n', 'A=1\n\n\nN=new\n'],
    ['a file with a BOM only', '\uFEFF', '\uFEFFN=new\n'],
    ['a BOM before it', '\uFEFFN=old\n', '\uFEFFN=new\n'],
    ['its place', 'A=1\nN=old\nB=2\n', 'A=1\nN=new\nB=2\n'],
    ['a comment after it', 'N=old # why\n', 'N=new # why\n'],
    ['spaces around', '  N = old  \n', '  N = new  \n'],
    ['single quotes', "N='old' # it's\n", "N='new' # it's\n"],
    ['double quotes', 'export N="old \\" one"\n', 'export N="new"\n'],
    ['backticks', 'N=`old`\n', 'N=`new`\n'],
    ['export and tabs', 'export\tN=old\n', 'export\tN=new\n'],
    ['a colon', 'N: old\nA: 1\n', 'N: new\nA: 1\n'],
    ['no value', 'N=\nB=2\n', 'N=new\nB=2\n'],
    ['no value, with a comment', 'N= # why\n', 'N=new # why\n'],
    ['no value, with a comment at once', 'N=# why\n', 'N=new # why\n'],
    ['no value after a colon', 'N: \n', 'N: new\n'],
    ['a sharp inside the old value', 'N=old#1\n', 'N=new\n'],
    ['quotes that do not end', 'N="old\nB=2\n', 'N=new\nB=2\n'],
    ['a value of several lines', 'N="a\nN=b\n"\nB=2\n', 'N="new"\nB=2\n'],
    ['a look-alike in the lines of another value', 'A="x\nN=1\n"\nB=2\n', 'A="x\nN=1\n"\nB=2\nN=new\n'],
    ['the same in Windows’ line endings', 'A="x\r\nN=1\r\n"\r\nN=2\r\n', 'A="x\r\nN=1\r\n"\r\nN=new\r\n'],
    ['a commented line', '#N=1\n# N=2\n', '#N=1\n# N=2\nN=new\n'],
    ['names that only hold it', 'AN=1\nN_A=2\nN.A=3\nN-B=4\n', 'AN=1\nN_A=2\nN.A=3\nN-B=4\nN=new\n'],
    ['every place, in its own quotes', "N=1\nA=2\nN='3'\n", "N=new\nA=2\nN='new'\n"],
    ['a bare export', 'export N\n', 'export N\nN=new\n'],
  ];
  for (const [name, before, after] of cases) {
    it(`minds ${name}`, () => assert.equal(edited(before), after));
  }

  it('keeps bytes that are no UTF-8', () => {
    const before = Buffer.from([0x41, 0x3d, 0xff, 0xe9, 0x0a]);
    const result = setVariable(before, 'N', jwt);
    assert.ok(result.ok);
    assert.deepEqual(result.content.subarray(0, before.length), before);
  });

  it('refuses what is no text of its kind', () => {
    for (const [content, problem] of [
      [Buffer.from('A=1\n', 'utf16le'), 'The file is not a plain text file.'],
      [Buffer.from([0xff, 0xfe, 0x41, 0x42]), 'The file is not a plain text file.'],
      [Buffer.alloc(2 ** 17 + 1, 'a'), 'The file is too large for a .env file.'],
    ] as const) {
      assert.deepEqual(setVariable(content, 'N', jwt), { ok: false, problem });
    }
    assert.ok(setVariable(Buffer.alloc(2 ** 17, '\n'), 'N', jwt).ok);
  });

  it('refuses a text of another format, and takes one with a comment, an export or nothing in it', () => {
    const problem = 'Its lines are not those of a .env file.';
    for (const text of [
      "<?php\n\n# from composer dump-env\nreturn array (\n  'APP_ENV' => 'prod',\n);\n",
      '\uFEFF\n<?php\nA=1\n',
      '{\n "A": "1"\n}\n',
      '{"ciphertext":"abc"}',
      'eyJhbGciOiJSU0EtT0FFUCJ9.abc.def.ghi.jkl\n',
      'nonsense\n\n',
      '\n<xml a="1"/>\n',
    ]) {
      assert.deepEqual(setVariable(Buffer.from(text), 'N', jwt), { ok: false, problem }, text);
    }
    for (const text of [
      '',
      ' \r\n\t\n',
      '\uFEFF\n',
      '# c',
      'x\n  # c',
      'x\rA.b-c = 1',
      'x\nA: 1',
      '\uFEFFA=1',
      'export A\n',
    ])
      assert.ok(setVariable(Buffer.from(text), 'N', jwt).ok, text);
  });

  it('does not take a single quote sign for a value in quotes', () => {
    assert.equal(edited('N="\n'), 'N=new\n');
    assert.equal(readVariable(Buffer.from('N="\n'), 'N'), '"');
    assert.equal(readVariable(Buffer.from('A=1\n'), 'N'), undefined);
    assert.equal(readVariable(Buffer.from('N=ü\n'), 'N'), 'ü');
  });

  it('takes other quotes when the ones in use cannot hold the value, and says when none can', () => {
    assert.equal(edited('N=old\n', 'N', 'two words'), "N='two words'\n");
    assert.equal(edited("N='old'\n", 'N', "it's"), 'N="it\'s"\n');
    assert.equal(edited('N="old"\n', 'N', '$HOME'), "N='$HOME'\n");
    for (const value of ['', 'a\nb', 'a\rb', '\'"`', "$'", 'a\\b', 'a\0']) {
      const result = setVariable(Buffer.from('A=1\n'), 'N', value);
      assert.deepEqual(result, { ok: false, problem: 'This value cannot be written to a .env file.' });
    }
  });

  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,3}$/);
  const line = fc.oneof(
    fc
      .tuple(
        fc.constantFrom('', ' ', 'export '),
        name,
        fc.constantFrom('=', ' = ', ': ', '= ', '=\t'),
        fc.oneof(
          fc.constantFrom(
            '',
            'x',
            'a b',
            "'q'",
            '"d d"',
            '`b`',
            '"l\nA=1\nm"',
            "'l\r\nB=2\r\n'",
            '"open',
            "it's",
            'é\u2028',
            '"a\\"b"',
            '#',
            "'x'y",
          ),
          fc.string({ maxLength: 8 }),
        ),
        fc.constantFrom('', ' ', ' # c', ' #"c', '#c'),
      )
      .map((parts) => parts.join('')),
    fc.constantFrom('', '# A=1', '  ', 'export A', 'nonsense', '"', "'"),
    fc.string({ maxLength: 12 }),
  );
  const file = fc
    .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean())
    .map(
      ([lines, ending, ends, bom]) =>
        `${bom ? '\uFEFF' : ''}${lines.join(ending)}${ends && lines.length > 0 ? ending : ''}`,
    );
  const value = fc.oneof(fc.constant(jwt), fc.stringMatching(/^tok-[\x20-\x7e]{1,30}$/));

  it('yields the value when read back, and no other line has changed', () => {
    fc.assert(
      fc.property(file, name, value, (before, variable, wanted) => {
        const result = setVariable(Buffer.from(before), variable, wanted);
        if (!result.ok) return;
        const after = result.content.toString();
        assert.equal(readVariable(result.content, variable), wanted);
        // Everything but the written values is there, in order: the rest of the file, byte for byte.
        const written = [wanted, `'${wanted}'`, `"${wanted}"`, `\`${wanted}\``];
        const kept = linesOf(after).filter((each) => !written.some((text) => each.includes(text)));
        const linesBefore = linesOf(before);
        let at = 0;
        for (const each of kept) {
          at = linesBefore.indexOf(each, at) + 1;
          assert.ok(at > 0, `${JSON.stringify(each)} is new`);
        }
        // Set once more, nothing changes.
        const again = setVariable(result.content, variable, wanted);
        assert.ok(again.ok);
        assert.deepEqual(again.content, result.content);
      }),
      { numRuns: 3000 },
    );
  });

  it('is read by the dotenv package as meant, with all other variables as before', () => {
    // In its own way that package lets a value begin on the next line; nobody writes that, and other parsers do not.
    const usual = file.filter(
      (text) => !/[=:]\s*?[\r\n]\s*['"`]|:[ \t]*(?:[\r\n]|$)/.test(text) && !/^\s*[\w.-]+\s*?[\r\n]\s*[=:]/m.test(text),
    );
    fc.assert(
      fc.property(usual, name, (before, variable) => {
        const result = setVariable(Buffer.from(before), variable, jwt);
        // A text without any assignment is refused.
        fc.pre(result.ok);
        const { [variable]: written, ...others } = dotenv(result.content.toString());
        assert.equal(written, jwt);
        const othersBefore = Object.entries(dotenv(before)).filter(([each]) => each !== variable);
        assert.deepEqual(others, Object.fromEntries(othersBefore));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('variableNameProblem', () => {
  it('says what is wrong', () => {
    assert.match(variableNameProblem('') ?? '', /needs a name/);
    assert.match(variableNameProblem('1A') ?? '', /start with a digit/);
    assert.match(variableNameProblem('A-B') ?? '', /letters, digits/);
  });

  it('accepts what a shell accepts', () => {
    for (const name of ['A', '_', 'a1', 'MAGICBELL_USER_TOKEN']) assert.equal(variableNameProblem(name), undefined);
    for (const name of ['', '1A', 'A-B', 'A B', 'A=B', 'É', 'A\n', 'A.B']) assert.ok(variableNameProblem(name), name);
  });
});
