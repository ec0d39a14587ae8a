import { isDotenvName } from './dotenvNames.ts';

interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** What a search for `.env` files needs of a file system. Paths are relative to where it starts, with `/`. */
export interface SearchedFolder {
  /** Links to folders are not folders here, so that no circle is walked. @throws when it cannot be read */
  list(folder: string): Promise<readonly FolderEntry[]>;
  isIgnored(folder: string): Promise<boolean>;
}

/** Where nobody keeps settings of their own, whatever git says. */
const leftOut = new Set([
  'node_modules',
  'bower_components',
  'vendor',
  'dist',
  'build',
  'target',
  'venv',
  '__pycache__',
]);
const maxDepth = 6;
const maxFolders = 500;
const maxFiles = 50;

/**
 * The `.env` files of a folder, those nearest to its root first. Bounded, so that no tree takes long: beyond the bounds
 * "Other File…" remains.
 */
export async function findDotenvFiles(searched: SearchedFolder, signal?: AbortSignal): Promise<readonly string[]> {
  const found: string[] = [];
  let level = [''];
  let visited = 0;
  for (let depth = 0; depth <= maxDepth && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (found.length >= maxFiles || visited >= maxFolders || signal?.aborted === true) return found;
      visited += 1;
      const entries = await searched.list(folder).catch(() => []);
      const at = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
      const files = entries.filter(({ name, isFolder }) => !isFolder && isDotenvName(name)).map(({ name }) => at(name));
      found.push(...files.sort().slice(0, maxFiles - found.length));
      for (const { name, isFolder } of entries) {
        if (!isFolder || name.startsWith('.') || leftOut.has(name) || next.length + visited >= maxFolders) continue;
        if (!(await searched.isIgnored(at(name)).catch(() => false))) next.push(at(name));
      }
    }
    level = next.sort();
  }
  return found;
}
