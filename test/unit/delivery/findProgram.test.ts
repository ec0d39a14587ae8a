import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { argumentProblem, findProgram, findPrograms } from '../../../src/core/delivery/findProgram.ts';

describe('findProgram', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'mbt-path-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const install = (name: string): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, 'exit 1');
    return file;
  };

  it('finds programs in absolute folders only, and runs nothing', async () => {
    const gh = install('gh');
    assert.equal(await findProgram('gh', `/gone:${folder}`, 'linux'), undefined, 'it cannot be run');
    chmodSync(gh, 0o755);
    assert.equal(await findProgram('gh', `/gone:${folder}`, 'linux'), gh);
    assert.equal(await findProgram(gh, '', 'linux'), gh);
    assert.equal(await findProgram('gh', `:.:${path.relative('.', folder)}`, 'linux'), undefined);
    assert.equal(await findProgram('gh', undefined, 'linux'), undefined);
    assert.equal(
      await findProgram('gh', folder, 'win32'),
      undefined,
      'there only programs of its own kind are started',
    );
  });

  it('finds .exe before .cmd in a folder on Windows, and the first folder before the second', async () => {
    for (const name of ['a/vercel', 'a/vercel.cmd', 'a/vercel.ps1', 'b/vercel.exe', 'b/vercel.cmd', 'b/x.BAT'])
      chmodSync(install(name), 0o755);
    const [a, b] = [path.join(folder, 'a'), path.join(folder, 'b')];
    assert.equal(await findProgram('vercel', `${a};${b}`, 'win32'), path.join(a, 'vercel.cmd'));
    assert.equal(await findProgram('vercel', `.;${b};${a}`, 'win32'), path.join(b, 'vercel.exe'));
    assert.equal(await findProgram('x.BAT', b, 'win32'), path.join(b, 'x.BAT'));
    assert.equal(await findProgram('x.ps1', b, 'win32'), undefined);
  });

  it('finds all programs of a command, or says whether one of them or the folder is gone', async () => {
    const [kubectl, apply] = [install('kubectl'), install('apply')];
    for (const file of [kubectl, apply]) chmodSync(file, 0o755);
    const place = {
      steps: [
        ['kubectl', 'create'],
        ['apply', '-f', '-'],
      ],
      folder,
    } as const;
    const found = await findPrograms(place, folder);
    assert.deepEqual(found, {
      ok: true,
      steps: [
        [kubectl, 'create'],
        [apply, '-f', '-'],
      ],
    });
    const moved = await findPrograms({ ...place, folder: path.join(folder, 'gone') }, folder);
    assert.deepEqual(moved, { ok: false, problem: 'Its folder does not exist any more.' });
    rmSync(apply);
    assert.deepEqual(await findPrograms(place, folder), { ok: false, problem: 'The program was not found.' });
  });
});

/** What Windows is asked to start, as the library would do it there. */
interface Started {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: { readonly windowsVerbatimArguments?: boolean };
}
type Parse = (program: string, args: readonly string[], options: object) => Started;

/** The library as it is on Windows: it looks at the platform when it is loaded. */
function parseOnWindows(): Parse {
  const require = createRequire(import.meta.url);
  const isOfIt = (file: string): boolean => /node_modules[\\/](cross-spawn|which|isexe)[\\/]/.test(file);
  const platform = Object.getOwnPropertyDescriptor(process, 'platform') ?? {};
  const forget = (): void => {
    for (const file of Object.keys(require.cache).filter(isOfIt)) Reflect.deleteProperty(require.cache, file);
  };
  forget();
  Object.defineProperty(process, 'platform', { ...platform, value: 'win32' });
  try {
    return (require('cross-spawn') as { readonly _parse: Parse })._parse;
  } finally {
    Object.defineProperty(process, 'platform', platform);
    forget();
  }
}

/** How the command interpreter reads a line: quotes protect, a caret protects outside of them. */
function readByInterpreter(line: string): { readonly text: string; readonly unprotected: string } {
  let isQuoted = false;
  let text = '';
  let unprotected = '';
  for (let at = 0; at < line.length; at++) {
    const sign = line[at] ?? '';
    if (!isQuoted && sign === '^') {
      at += 1;
      text += line[at] ?? '';
      continue;
    }
    if (sign === '"') isQuoted = !isQuoted;
    text += sign;
    if (!isQuoted && /[&|<>()%]/.test(sign)) unprotected += sign;
  }
  return { text, unprotected };
}

/** How a program for Windows reads its command line (the rules of `CommandLineToArgvW`). */
function argumentsOf(line: string): readonly string[] {
  const args: string[] = [];
  let current: string | undefined;
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const [slashes = ''] = /^\\*/.exec(line.slice(at)) ?? [];
    if (slashes !== '') {
      at += slashes.length - 1;
      const isBeforeQuote = line[at + 1] === '"';
      current = (current ?? '') + (isBeforeQuote ? slashes.slice(0, Math.floor(slashes.length / 2)) : slashes);
      if (isBeforeQuote && slashes.length % 2 === 1) {
        at += 1;
        current += '"';
      }
    } else if (line[at] === '"') {
      isQuoted = !isQuoted;
      current ??= '';
    } else if (line[at] === ' ' && !isQuoted) {
      if (current !== undefined) args.push(current);
      current = undefined;
    } else current = (current ?? '') + (line[at] ?? '');
  }
  return current === undefined ? args : [...args, current];
}

describe('A .cmd file on Windows', () => {
  let folder: string;
  let parse: Parse;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'mbt cmd & '));
    parse = parseOnWindows();
  });
  after(() => rmSync(folder, { recursive: true }));

  const install = (name: string): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '@node x %*');
    return file;
  };
  const start = (file: string, args: readonly string[]): Started => parse(file, args, { cwd: folder });

  /** What the program behind the file gets: the interpreter reads the line, and once more as the file's `%*`. */
  function received(file: string, args: readonly string[]): readonly string[] {
    const started = start(file, args);
    const [d, s, c, line = ''] = started.args;
    assert.deepEqual([d, s, c], ['/d', '/s', '/c']);
    assert.equal(started.options.windowsVerbatimArguments, true);
    assert.ok(line.startsWith('"') && line.endsWith('"'));
    const once = readByInterpreter(line.slice(1, -1));
    assert.equal(once.unprotected, '', 'nothing is another command');
    assert.ok(once.text.startsWith(file), 'the program is the file that was found');
    const twice = readByInterpreter(once.text.slice(file.length));
    assert.equal(twice.unprotected, '', 'nothing is another command when it is read again');
    return argumentsOf(twice.text);
  }

  const lines: readonly (readonly string[])[] = [
    ['env', 'add', 'MAGICBELL_TOKEN', 'production', '--force'],
    ['a b', '', 'c&calc.exe', 'd|e', '<f>', 'g^h', '^', '(i)', 'j;k,l=m', '!n!', '*?', '\\', 'o\\', 'p\\\\ q\\', 'ä'],
  ];
  for (const args of lines) {
    it(`gets its arguments whole, and runs nothing else: ${JSON.stringify(args)}`, () => {
      assert.deepEqual(received(install('vercel.cmd'), args), args);
      assert.deepEqual(received(install('node_modules/.bin/vercel.cmd'), args), args);
    });
  }

  it('gets any other argument whole', () => {
    const files = [install('vercel.cmd'), install('node_modules/.bin/vercel.cmd')];
    const argument = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/["%\p{Cc}]/gu, '^'));
    fc.assert(
      fc.property(fc.array(argument, { minLength: 1, maxLength: 4 }), fc.constantFrom(...files), (args, file) =>
        assert.deepEqual(received(file, args), args),
      ),
    );
  });

  it('is not given what no quoting protects', () => {
    for (const argument of ['%PATH%', '100%', 'a"&calc.exe', '"', 'a\nb', 'a\r']) {
      const problem = 'It is a .cmd file, which cannot be given “%” or a quotation mark.';
      for (const file of ['C:\\x\\vercel.cmd', 'C:\\x\\VERCEL.BAT'])
        assert.equal(argumentProblem(file, ['ok', argument]), problem, argument);
      assert.equal(argumentProblem('C:\\x\\gh.exe', [argument]), undefined);
    }
    assert.equal(argumentProblem('C:\\x\\vercel.cmd', ['a&b', '^', "it's"]), undefined);
  });

  it('leaves programs to Windows itself, with their arguments as they are', () => {
    const gh = install('gh.exe');
    const { command, args, options } = start(gh, ['secret', '%A%', 'a"b']);
    assert.equal(command, gh);
    assert.deepEqual(args, ['secret', '%A%', 'a"b']);
    assert.equal(options.windowsVerbatimArguments, undefined);
  });
});
