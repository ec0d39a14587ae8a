import * as nodePath from 'node:path';
import { parseGitConfig } from './gitConfig.ts';
import { type GitFiles, nodeGitFiles } from './gitFiles.ts';
import { isInIndex } from './gitIndex.ts';
import { GitPatterns } from './gitPatterns.ts';

/**
 * What git does with a file.
 *
 * - `ignored`: `git add` skips it
 * - `tracked`: it is in the index already, so ignore patterns have no effect
 * - `unknown`: there is a repository that cannot be read
 */
export type GitStatus = 'ignored' | 'notIgnored' | 'tracked' | 'noRepository' | 'unknown';

export interface GitFile {
  readonly status: GitStatus;
  /** The root of the working tree. */
  readonly root?: string;
}

/** Where git's user settings are: in the home folder (nothing in the package reads the environment). */
export interface GitHome {
  /** Undefined when unknown, as on another computer: then only the repository's own settings count. */
  readonly home: string | undefined;
}

/**
 * Determines without running git whether it ignores a file. In doubt, a file counts as not ignored.
 *
 * @param file its real path, without symbolic links; it need not exist
 */
export async function gitStatus(file: string, home: GitHome, files: GitFiles = nodeGitFiles): Promise<GitFile> {
  const { dirname, relative, sep } = files.path;
  const root = await findRoot(files, dirname(file));
  if (root === undefined) return { status: 'noRepository' };
  try {
    const repository = await openRepository(files, root, home);
    const path = relative(root, file).split(sep).join('/');
    const isTracked = repository === undefined ? undefined : await findInIndex(repository, path);
    if (repository === undefined || isTracked === undefined) return { status: 'unknown', root };
    if (isTracked) return { status: 'tracked', root };
    return { status: (await new IgnoreRules(repository).ignores(path, false)) ? 'ignored' : 'notIgnored', root };
  } catch {
    return { status: 'unknown', root };
  }
}

/**
 * A predicate for folders that git ignores, to leave them out of a search. Without a readable repository no folder is
 * ignored.
 */
export async function ignoredFolders(
  folder: string,
  home: GitHome,
  files: GitFiles = nodeGitFiles,
): Promise<(path: string) => Promise<boolean>> {
  const { relative, sep } = files.path;
  const root = await findRoot(files, folder);
  const repository = root === undefined ? undefined : await openRepository(files, root, home).catch(() => undefined);
  if (repository === undefined) return () => Promise.resolve(false);
  const rules = new IgnoreRules(repository);
  return (path) => rules.ignores(relative(repository.root, path).split(sep).join('/'), true).catch(() => false);
}

interface Repository {
  readonly files: GitFiles;
  readonly root: string;
  /** Holds the index; a linked working tree has its own. */
  readonly gitDir: string;
  /** Holds `info/exclude` and the configuration. */
  readonly commonDir: string;
  readonly config: ReadonlyMap<string, string>;
  readonly excludesFile: string | undefined;
}

async function findRoot(files: GitFiles, folder: string): Promise<string | undefined> {
  // A folder that cannot be read may be a repository.
  const isRoot = await files.kind(files.path.join(folder, '.git')).then(
    (kind) => kind !== undefined,
    () => true,
  );
  if (isRoot) return folder;
  const parent = files.path.dirname(folder);
  return parent === folder ? undefined : findRoot(files, parent);
}

/** Undefined when its layout is not that of git. */
async function openRepository(files: GitFiles, root: string, { home }: GitHome): Promise<Repository | undefined> {
  const { join, resolve } = files.path;
  let gitDir = join(root, '.git');
  if ((await files.kind(gitDir)) === 'file') {
    const target = /^gitdir: (.+)/.exec((await files.readText(gitDir)) ?? '')?.[1]?.trim();
    if (target === undefined) return undefined;
    gitDir = resolve(root, target);
  }
  if ((await files.readText(join(gitDir, 'HEAD'))) === undefined) return undefined;
  const commonDir = resolve(gitDir, ((await files.readText(join(gitDir, 'commondir'))) ?? '.').trim());
  const own = parseGitConfig((await files.readText(join(commonDir, 'config'))) ?? '');
  const worktree = own.get('extensions.worktreeconfig') === 'true' ? [join(gitDir, 'config.worktree')] : [];
  const xdg = home === undefined ? undefined : join(home, '.config', 'git');
  const users =
    home === undefined || xdg === undefined
      ? []
      : [nodePath.posix.join('/etc', 'gitconfig'), join(xdg, 'config'), join(home, '.gitconfig')];
  const names = [...users, join(commonDir, 'config'), ...worktree];
  const texts = await Promise.all(names.map((name) => files.readText(name)));
  const config = new Map(texts.flatMap((text) => [...parseGitConfig(text ?? '')]));
  const moved = config.get('core.worktree');
  if (moved !== undefined && (await files.realPath(resolve(gitDir, moved))) !== root) return undefined;
  // An included file could name another excludes file. Then none is used, and fewer files count as ignored.
  const hasIncludes = [...config.keys()].some((key) => key.startsWith('include'));
  const named = config.get('core.excludesfile') ?? (xdg === undefined ? '' : join(xdg, 'ignore'));
  const excludesFile = hasIncludes || named === '' ? undefined : named.replace(/^~(?=\/)/, home ?? '~');
  return { files, root, gitDir, commonDir, config, excludesFile };
}

async function findInIndex({ files, gitDir, config }: Repository, path: string): Promise<boolean | undefined> {
  const index = await files.readBytes(files.path.join(gitDir, 'index'));
  // A repository without an index tracks nothing.
  if (index === undefined) return false;
  const hashLength = config.get('extensions.objectformat') === 'sha256' ? 32 : 20;
  return isInIndex(index, path, hashLength, isTrue(config.get('core.ignorecase')));
}

/** The ignore files of a repository. Each is read once. */
class IgnoreRules {
  private readonly repository: Repository;
  private readonly patternsOf = new Map<string, Promise<GitPatterns>>();

  constructor(repository: Repository) {
    this.repository = repository;
  }

  /** From the root down, like git: whatever is inside an ignored folder is ignored. */
  async ignores(path: string, isFolderItself: boolean): Promise<boolean> {
    const { root, commonDir, excludesFile, files } = this.repository;
    const { join } = files.path;
    const lowest = [await this.patterns(join(commonDir, 'info', 'exclude')), await this.patterns(excludesFile)].map(
      (patterns) => ({ patterns, folderDepth: 0 }),
    );
    const parts = path.split('/');
    /** The `.gitignore` files from the root down to the file's folder, the nearest first. */
    const nested: typeof lowest = [];
    for (let depth = 0; depth < parts.length; depth++) {
      const patterns = await this.patterns(join(root, ...parts.slice(0, depth), '.gitignore'), 'noFollow');
      nested.unshift({ patterns, folderDepth: depth });
      const isFolder = isFolderItself || depth < parts.length - 1;
      // The first file with a matching pattern decides.
      for (const each of [...nested, ...lowest]) {
        const verdict = each.patterns.verdict(parts.slice(each.folderDepth, depth + 1).join('/'), isFolder);
        if (verdict === true) return true;
        if (verdict === false) break;
      }
    }
    return false;
  }

  private patterns(file: string | undefined, links: 'follow' | 'noFollow' = 'follow'): Promise<GitPatterns> {
    const ignoreCase = isTrue(this.repository.config.get('core.ignorecase'));
    if (file === undefined) return Promise.resolve(new GitPatterns('', ignoreCase));
    const known = this.patternsOf.get(file);
    if (known !== undefined) return known;
    const read = this.repository.files.readText(file, links).then((text) => new GitPatterns(text ?? '', ignoreCase));
    this.patternsOf.set(file, read);
    return read;
  }
}

/** A line for a `.gitignore` that ignores just this path, with `/` or this system's separators. */
export function ignoreLine(path: string, separator = nodePath.sep): string {
  return `/${path.split(separator).join('/')}`.replace(/[\\*?[\] ]/g, (sign) => `\\${sign}`);
}

const isTrue = (value: string | undefined): boolean => /^(true|yes|on|1)$/i.test(value ?? '');
