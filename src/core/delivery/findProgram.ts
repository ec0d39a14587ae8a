import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** What Windows starts: programs, and files of its command interpreter, as npm installs them. */
const windowsEndings = ['.exe', '.com', '.cmd', '.bat'];

/**
 * The file that a program's name stands for: the first of that name in the folders of PATH. Undefined where there is
 * none. Nothing is run.
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
    : // An empty or relative entry means the folder that is open, where a repository could have put a program.
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
 * What is wrong with the arguments of a program, for a person; undefined when nothing is. Windows' command interpreter
 * reads those of a `.cmd` file twice, and no quoting protects these signs from both.
 */
export function argumentProblem(file: string, args: readonly string[]): string | undefined {
  if (!/\.(cmd|bat)$/i.test(file)) return undefined;
  return args.some((argument) => /["%\r\n]/.test(argument))
    ? 'It is a .cmd file, which cannot be given “%” or a quotation mark.'
    : undefined;
}
