import type { GitFiles } from './gitFiles.ts';
import { ignoreLine } from './gitStatus.ts';

/** A line that would make git ignore a file, and where to add it. */
interface IgnoreEntry {
  readonly ignoreFile: string;
  readonly line: string;
  /** Git does not follow a linked `.gitignore`, so that the line would have no effect. */
  readonly isLink: boolean;
}

/** The entry for the nearest existing `.gitignore` above the file, otherwise for the one in the root. */
export async function ignoreEntry(files: GitFiles, file: string, root: string): Promise<IgnoreEntry> {
  const { dirname, join, relative, sep } = files.path;
  // A file that cannot be read exists.
  const isThere = (ignoreFile: string): Promise<boolean> =>
    files.readText(ignoreFile, 'noFollow').then(
      (text) => text !== undefined,
      () => true,
    );
  let folder = dirname(file);
  while (folder !== root && !(await isThere(join(folder, '.gitignore')))) folder = dirname(folder);
  const ignoreFile = join(folder, '.gitignore');
  return { ignoreFile, line: ignoreLine(relative(folder, file), sep), isLink: await files.isLink(ignoreFile) };
}
