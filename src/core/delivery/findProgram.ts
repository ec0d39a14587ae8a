import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** Whether a program of this name is in one of the folders of PATH. Nothing is run. */
export async function isOnPath(
  program: string,
  folders: string | undefined,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  const name = platform === 'win32' ? `${program}.exe` : program;
  for (const folder of (folders ?? '').split(delimiter)) {
    // An empty or relative entry means the folder that is open, where a repository could have put a program.
    if (isAbsolute(folder) && (await isProgram(join(folder, name)))) return true;
  }
  return false;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
