import { setImmediate as otherWork } from 'node:timers/promises';
import { isDotenvName } from './dotenvNames.ts';

interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** The file system of a search for `.env` files. Paths are relative to the folder of the search, with `/`. */
export interface SearchedFolder {
  /** Links do not count as folders, which avoids cycles. @throws when it cannot be read */
  list(folder: string): Promise<readonly FolderEntry[]>;
  isIgnored(folder: string): Promise<boolean>;
}

/** Folders of dependencies and build output, which are skipped even if git does not ignore them. */
const skippedFolders = new Set('node_modules bower_components vendor dist build target venv __pycache__'.split(' '));
const maxDepth = 6;
/** Folders that are listed. */
const maxFolders = 500;
/** Folders whose name is looked at, most of which may be ignored. */
const maxJudged = 3000;
const maxFiles = 50;
const maxNew = 10;
/** The search works only this long before it lets other work run. */
const turnMs = 10;

/**
 * The `.env` files of a folder, those nearest to its root first. The search is limited, to be fast in any tree; users
 * can select a file beyond the limits with "Other File…".
 */
export async function findDotenvFiles(searched: SearchedFolder, signal?: AbortSignal): Promise<readonly string[]> {
  const isCancelled = (): boolean => signal?.aborted === true;
  const found: string[] = [];
  let level = [''];
  let visited = 0;
  let judged = 0;
  let turnEnds = performance.now() + turnMs;
  for (let depth = 0; depth <= maxDepth && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (found.length >= maxFiles || visited >= maxFolders || isCancelled()) return found;
      visited += 1;
      const entries = await searched.list(folder).catch(() => []);
      const at = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
      const files = entries.filter(({ name, isFolder }) => !isFolder && isDotenvName(name)).map(({ name }) => at(name));
      found.push(...files.sort().slice(0, maxFiles - found.length));
      for (const { name, isFolder } of entries) {
        if (judged >= maxJudged || next.length + visited >= maxFolders) break;
        if (!isFolder || name.startsWith('.') || skippedFolders.has(name)) continue;
        judged += 1;
        if (!(await searched.isIgnored(at(name)).catch(() => false))) next.push(at(name));
        if (performance.now() < turnEnds) continue;
        // Answers from memory resolve without a pause, in which nothing else would run.
        await otherWork();
        if (isCancelled()) return found;
        turnEnds = performance.now() + turnMs;
      }
    }
    level = next.sort();
  }
  return found;
}

/**
 * The files to offer beside those that were found: `.env` and `.env.local` in the root, and `.env.local` beside each
 * `.env`, which many frameworks keep in git.
 */
export function newDotenvFiles(found: readonly string[]): readonly string[] {
  const beside = found.filter((file) => /(?:^|\/)\.env$/.test(file)).map((file) => `${file}.local`);
  return [...new Set(['.env', '.env.local', ...beside])].filter((file) => !found.includes(file)).slice(0, maxNew);
}
