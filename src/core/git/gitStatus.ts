import { constants } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isInIndex } from './gitIndex.ts';
import { GitPatterns } from './gitPatterns.ts';

/**
 * What git would do with a file.
 *
 * - `ignored`: `git add` leaves it alone
 * - `tracked`: it is in the index already, so that no ignore pattern has an effect
 * - `unknown`: there is a repository that cannot be understood
 */
export type GitStatus = 'ignored' | 'notIgnored' | 'tracked' | 'noRepository' | 'unknown';

export interface GitFile {
  readonly status: GitStatus;
  /** The root of the working tree. */
  readonly root?: string;
}

/** Where git's own settings are: in the user's home (nothing that ships reads the environment). */
export interface GitHome {
  readonly home: string;
}

/**
 * Finds out without running git whether it ignores a file. Where it cannot be sure, a file counts as not ignored.
 *
 * @param file its real path, without symbolic links; it need not exist
 */
export async function gitStatus(file: string, home: GitHome): Promise<GitFile> {
  const root = await findRoot(dirname(file));
  if (root === undefined) return { status: 'noRepository' };
  try {
    const repository = await openRepository(root, home);
    const path = relative(root, file).split(sep).join('/');
    const isTracked = repository === undefined ? undefined : await findInIndex(repository, path);
    if (repository === undefined || isTracked === undefined) return { status: 'unknown', root };
    if (isTracked) return { status: 'tracked', root };
    return { status: (await isIgnored(repository, path)) ? 'ignored' : 'notIgnored', root };
  } catch {
    return { status: 'unknown', root };
  }
}

interface Repository {
  readonly root: string;
  /** With the index; a linked working tree has its own. */
  readonly gitDir: string;
  /** With `info/exclude` and the configuration. */
  readonly commonDir: string;
  readonly config: ReadonlyMap<string, string>;
  readonly excludesFile: string | undefined;
}

async function findRoot(folder: string): Promise<string | undefined> {
  const isRoot = await stat(join(folder, '.git')).then(
    () => true,
    (error: unknown) => !isMissing(error),
  );
  if (isRoot) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : findRoot(parent);
}

/** Undefined when it is not laid out as git does it. */
async function openRepository(root: string, home: GitHome): Promise<Repository | undefined> {
  let gitDir = join(root, '.git');
  if ((await stat(gitDir)).isFile()) {
    const [, target] = /^gitdir: (.+?)\s*$/.exec((await readText(gitDir)) ?? '') ?? [];
    if (target === undefined) return undefined;
    gitDir = resolve(root, target);
  }
  if ((await readText(join(gitDir, 'HEAD'))) === undefined) return undefined;
  const commonDir = resolve(gitDir, ((await readText(join(gitDir, 'commondir'))) ?? '.').trim());
  const xdg = join(home.home, '.config', 'git');
  const own = parseConfig((await readText(join(commonDir, 'config'))) ?? '');
  const worktree = own.get('extensions.worktreeconfig') === 'true' ? [join(gitDir, 'config.worktree')] : [];
  const files = ['/etc/gitconfig', join(xdg, 'config'), join(home.home, '.gitconfig'), join(commonDir, 'config')];
  const texts = await Promise.all([...files, ...worktree].map((file) => readText(file)));
  const config = new Map(texts.flatMap((text) => [...parseConfig(text ?? '')]));
  const moved = config.get('core.worktree');
  if (moved !== undefined && (await realpath(resolve(gitDir, moved))) !== root) return undefined;
  // An included file could name another one: then none counts, and less is ignored.
  const hasIncludes = [...config.keys()].some((key) => key.startsWith('include'));
  const named = config.get('core.excludesfile') ?? join(xdg, 'ignore');
  const excludesFile = hasIncludes || named === '' ? undefined : named.replace(/^~(?=\/)/, home.home);
  return { root, gitDir, commonDir, config, excludesFile };
}

/** The settings of a configuration file, as far as ignoring needs them: keys in lower case, the last one wins. */
function parseConfig(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const [, header, rest = ''] = /^\s*(?:\[\s*([^\]"\s]+)[^\]]*\])?\s*(.*?)\s*$/.exec(line) ?? [];
    section = header?.toLowerCase() ?? section;
    const [, key = '', value = 'true'] = /^([A-Za-z][\w-]*)\s*(?:=\s*(.*))?$/.exec(rest) ?? [];
    if (key === '') continue;
    // Quotes protect spaces and comment signs.
    const plain = /^"(.*)"/.exec(value)?.[1]?.replace(/\\(.)/g, '$1') ?? value.replace(/\s*[#;].*$/, '');
    settings.set(`${section}.${key.toLowerCase()}`, plain);
  }
  return settings;
}

async function findInIndex({ gitDir, config }: Repository, path: string): Promise<boolean | undefined> {
  const index = await readFile(join(gitDir, 'index')).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  // A repository without an index has nothing in it yet.
  if (index === undefined) return false;
  const hashLength = config.get('extensions.objectformat') === 'sha256' ? 32 : 20;
  return isInIndex(index, path, hashLength, isTrue(config.get('core.ignorecase')));
}

/** From the root down, as git does it: what lies in an ignored folder is ignored, whatever else is said about it. */
async function isIgnored(repository: Repository, path: string): Promise<boolean> {
  const { root, commonDir, config, excludesFile } = repository;
  const ignoreCase = isTrue(config.get('core.ignorecase'));
  const lowest = [
    await readText(join(commonDir, 'info', 'exclude')),
    excludesFile === undefined ? undefined : await readText(excludesFile),
  ].map((text) => ({ patterns: new GitPatterns(text ?? '', ignoreCase), folderDepth: 0 }));
  const parts = path.split('/');
  /** The root's `.gitignore`, and those of the folders on the way, the nearest first. */
  const nested: typeof lowest = [];
  for (let depth = 0; depth < parts.length; depth++) {
    const text = await readText(join(root, ...parts.slice(0, depth), '.gitignore'), constants.O_NOFOLLOW);
    nested.unshift({ patterns: new GitPatterns(text ?? '', ignoreCase), folderDepth: depth });
    const isFolder = depth < parts.length - 1;
    // The first that says anything decides.
    for (const { patterns, folderDepth } of [...nested, ...lowest]) {
      const verdict = patterns.verdict(parts.slice(folderDepth, depth + 1).join('/'), isFolder);
      if (verdict === true) return true;
      if (verdict === false) break;
    }
  }
  return false;
}

/** A line for a `.gitignore` that ignores just this path. */
export function ignoreLine(path: string): string {
  return `/${path.split(sep).join('/')}`.replace(/[\\*?[\] ]/g, (sign) => `\\${sign}`);
}

const isTrue = (value: string | undefined): boolean => /^(true|yes|on|1)$/i.test(value ?? '');

/** Undefined when there is no such file. @throws when it cannot be read */
async function readText(file: string, flags = 0): Promise<string | undefined> {
  try {
    return await readFile(file, { encoding: 'utf8', flag: constants.O_RDONLY | flags });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Git does not follow a `.gitignore` that is a link: for it there is none. */
const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
