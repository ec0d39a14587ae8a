import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

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
 * Describes what is wrong with the arguments of a program; undefined when they are valid. Windows' command interpreter
 * parses those of a `.cmd` file twice, and no quoting protects these characters both times.
 */
export function argumentProblem(file: string, args: readonly string[]): string | undefined {
  if (!/\.(cmd|bat)$/i.test(file)) return undefined;
  return args.some((argument) => /["%\r\n]/.test(argument))
    ? 'It is a .cmd file, which cannot be given “%” or a quotation mark.'
    : undefined;
}
