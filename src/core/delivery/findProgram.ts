import { constants, existsSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { CommandPlace } from './place.ts';

/** The executables of Windows: programs, and scripts of its command interpreter, which npm installs. */
const windowsEndings = ['.exe', '.com', '.cmd', '.bat'];

/**
 * The path of a program: the first file of that name in the folders of PATH. Undefined when there is none. Runs
 * nothing.
 *
 * @param folders the value of PATH
 */
export async function findProgram(
  program: string,
  folders: string | undefined,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  const isWindows = platform === 'win32';
  const hasEnding = windowsEndings.some((ending) => program.toLowerCase().endsWith(ending));
  const names = isWindows && !hasEnding ? windowsEndings.map((ending) => `${program}${ending}`) : [program];
  const inFolders = isAbsolute(program)
    ? ['']
    : // An empty or relative entry is the current folder, where a repository could have planted a program.
      (folders ?? '').split(isWindows ? ';' : ':').filter((folder) => isAbsolute(folder));
  for (const folder of inFolders) {
    for (const name of names) {
      const file = join(folder, name);
      if (await isProgram(file)) return file;
    }
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/**
 * The steps of a command with their programs resolved to files, so that no other program of the same name is started.
 * Runs nothing.
 *
 * @param folders the value of PATH
 */
export async function findPrograms(
  { steps, folder }: Pick<CommandPlace, 'steps' | 'folder'>,
  folders: string | undefined,
): Promise<
  | { readonly ok: true; readonly steps: CommandPlace['steps'] }
  /** A sentence for the user. */
  | { readonly ok: false; readonly problem: string }
> {
  const found: (readonly [string, ...string[]])[] = [];
  if (!existsSync(folder)) return { ok: false, problem: whatIsGone(folder) };
  for (const [program, ...args] of steps) {
    const file = await findProgram(program, folders);
    if (file === undefined) return { ok: false, problem: whatIsGone(folder) };
    const problem = argumentProblem(file, args);
    if (problem !== undefined) return { ok: false, problem };
    found.push([file, ...args]);
  }
  return { ok: true, steps: found };
}

/** A sentence for the user about a command that cannot be started. The system does not tell these two apart. */
export function whatIsGone(folder: string): string {
  return existsSync(folder) ? 'The program was not found.' : 'Its folder does not exist any more.';
}

/**
 * Describes what is wrong with the arguments of a program; undefined when they are valid. Windows' command interpreter
 * parses those of a `.cmd` file twice, and no quoting protects these characters both times.
 */
export function argumentProblem(file: string, args: readonly string[]): string | undefined {
  if (!/\.(cmd|bat)$/i.test(file)) return undefined;
  return args.some((argument) => /["%\r\n]/.test(argument))
    ? 'It is a .cmd file, which cannot be given “%” or a quotation mark.'
    : undefined;
}
