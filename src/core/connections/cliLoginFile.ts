import { randomUUID } from 'node:crypto';
import { chmod, lstat, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Secret } from '../base/secret.ts';
import { type CliLogin, parseCliLogin, withToken } from './cliLogin.ts';

/** A longer file is no login, and is not read. */
const maxBytes = 256 * 1024;

/** Mode bits that let others than the owner read or write the file. */
const othersBits = 0o077;

export interface ReadLogin {
  readonly login: CliLogin;
  /** The target of a symbolic link; undefined for a regular file. */
  readonly linkTo: string | undefined;
  readonly isOpenToOthers: boolean;
}

/** The login file of MagicBell's own command line program. Read and changed only when a person says so. */
export class CliLoginFile {
  private readonly path: string;

  constructor(home: string) {
    this.path = join(home, '.magicbell', 'config.json');
  }

  /** Whether the file exists, without reading it. Never rejects. */
  async exists(): Promise<boolean> {
    try {
      const entry = await lstat(this.path);
      return entry.isFile() || entry.isSymbolicLink();
    } catch {
      return false;
    }
  }

  /** @throws an error of the file system, except that there is no such file */
  async read(): Promise<ReadLogin> {
    let real: string;
    try {
      real = await realpath(this.path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return { login: { type: 'none' }, linkTo: undefined, isOpenToOthers: false };
    }
    const { mode, size } = await stat(real);
    return {
      login: size > maxBytes ? { type: 'unreadable' } : parseCliLogin(await readFile(real, 'utf8')),
      linkTo: (await lstat(this.path)).isSymbolicLink() ? real : undefined,
      isOpenToOthers: process.platform !== 'win32' && (mode & othersBits) !== 0,
    };
  }

  /** Lets only the owner read the file, or the target when it is a link. @throws an error of the file system */
  async restrict(): Promise<void> {
    await chmod(await realpath(this.path), 0o600);
  }

  /**
   * Writes another token into the login and changes nothing else. False when the file no longer holds `replaced`. The
   * file is replaced as a whole and keeps its mode; a link stays a link.
   *
   * @throws an error of the file system
   */
  async replaceToken(replaced: Secret, token: Secret): Promise<boolean> {
    const real = await realpath(this.path);
    const text = withToken(await readFile(real, 'utf8'), replaced, token);
    if (text === undefined) return false;
    const { mode } = await stat(real);
    const temporary = join(dirname(real), `.config-${randomUUID()}.tmp`);
    try {
      const file = await open(temporary, 'wx', mode & 0o777);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, real);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    return true;
  }
}
