import * as nodePath from 'node:path';
import { parseGitConfig } from './gitConfig.ts';
import { type GitFiles, nodeGitFiles } from './gitFiles.ts';
import { isInIndex } from './gitIndex.ts';
import { GitPatterns, type MatchBudget } from './gitPatterns.ts';

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
    const isIgnored = await new IgnoreRules(repository, fileSteps).ignores(path, false);
    return { status: isIgnored ? 'ignored' : 'notIgnored', root };
  } catch {
    return { status: 'unknown', root };
  }
}

/**
 * A predicate for folders that git ignores, to leave them out of a search. Without a readable repository no folder is
 * ignored; once matching has taken too long in total, all others are, so that the search ends.
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
  const rules = new IgnoreRules(repository, searchSteps);
  return async (path) =>
    rules.isSpent ||
    rules.ignores(relative(repository.root, path).split(sep).join('/'), true).catch(() => rules.isSpent);
}

/** What all verdicts on one file may cost, and those of a whole search: some hundredths of a second, and two seconds. */
const fileSteps = 300_000;
const searchSteps = 20_000_000;

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

/** The ignore files of a repository. Each is read once, and each folder judged once. */
class IgnoreRules {
  private readonly repository: Repository;
  private readonly budget: MatchBudget;
  private readonly patternsOf = new Map<string, Promise<GitPatterns>>();
  private readonly folders = new Map<string, Promise<boolean>>();

  constructor(repository: Repository, steps: number) {
    this.repository = repository;
    this.budget = { steps };
  }

  /** No more matching is allowed. */
  get isSpent(): boolean {
    return this.budget.steps <= 0;
  }

  /** Like git: whatever is inside an ignored folder is ignored. */
  async ignores(path: string, isFolder: boolean): Promise<boolean> {
    const parts = path.split('/');
    return (
      (parts.length > 1 && (await this.ignoresFolder(parts.slice(0, -1).join('/')))) || this.matches(parts, isFolder)
    );
  }

  private ignoresFolder(path: string): Promise<boolean> {
    const known = this.folders.get(path) ?? this.ignores(path, true);
    this.folders.set(path, known);
    return known;
  }

  /** Whether the patterns ignore it, apart from the folders above it. */
  private async matches(parts: readonly string[], isFolder: boolean): Promise<boolean> {
    const { root, commonDir, excludesFile, files } = this.repository;
    const { join } = files.path;
    // The first file with a matching pattern decides: the nearest `.gitignore`, then those above it.
    for (let depth = parts.length - 1; depth >= 0; depth--) {
      const nested = await this.patterns(join(root, ...parts.slice(0, depth), '.gitignore'), 'noFollow');
      const verdict = nested.verdict(parts.slice(depth).join('/'), isFolder, this.budget);
      if (verdict !== undefined) return verdict;
    }
    for (const file of [join(commonDir, 'info', 'exclude'), excludesFile]) {
      const verdict = (await this.patterns(file)).verdict(parts.join('/'), isFolder, this.budget);
      if (verdict !== undefined) return verdict;
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
