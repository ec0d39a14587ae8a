import { posix } from 'node:path';
import type { RemoteFiles } from '../base/remoteFiles.ts';
import type { Secret } from '../base/secret.ts';
import type { Written } from './dotenvFile.ts';
import { maxDotenvLength, readVariable, setVariable } from './dotenvText.ts';
import { type Inspection, standIn } from './fileInspection.ts';

/**
 * Finds out before a value exists whether a `.env` file that VS Code's file system serves can be written. Nothing is
 * changed.
 */
export async function inspectRemoteFile(files: RemoteFiles, path: string, variable: string): Promise<Inspection> {
  try {
    const found = await files.stat(path);
    if (found === undefined) {
      const folder = await files.stat(posix.dirname(path));
      if (folder?.kind !== 'folder') return { ok: false, problem: describeRemoteError({ code: 'FileNotFound' }) };
      return { ok: true, way: 'create', names: 1 };
    }
    if (found.kind !== 'file') return { ok: false, problem: 'It is not a file.' };
    if (found.isReadOnly) return { ok: false, problem: 'It is read-only.' };
    if (found.size > maxDotenvLength) return { ok: false, problem: 'The file is too large for a .env file.' };
    const tried = setVariable(await files.read(path), variable, standIn);
    return tried.ok ? { ok: true, way: 'inPlace', names: 1 } : tried;
  } catch (error) {
    return { ok: false, problem: describeRemoteError(error) };
  }
}

/**
 * Sets the variable in a `.env` file that VS Code's file system serves, and reads it back. There is no renaming of a
 * finished file there: when a write fails half-way, what was there before is put back, as far as that works. Never
 * throws.
 */
export async function writeRemoteDotenv(
  files: RemoteFiles,
  path: string,
  name: string,
  value: Secret,
): Promise<Written> {
  const inspection = await inspectRemoteFile(files, path, name);
  if (!inspection.ok) return inspection;
  try {
    const before = await readRemote(files, path);
    const edited = setVariable(before ?? Buffer.alloc(0), name, value.reveal());
    if (!edited.ok) return edited;
    try {
      await files.write(path, edited.content);
    } catch (error) {
      if (await isPutBack(files, path, before, edited.content)) throw error;
    }
    const written = await readRemote(files, path);
    return written !== undefined && readVariable(written, name) === value.reveal()
      ? { ok: true }
      : { ok: false, problem: 'Something else changed it in the same moment.' };
  } catch (error) {
    return { ok: false, problem: describeRemoteError(error) };
  }
}

/** After a write that failed. False when all of it has arrived nevertheless. */
async function isPutBack(
  files: RemoteFiles,
  path: string,
  before: Buffer | undefined,
  content: Buffer,
): Promise<boolean> {
  const current = await readRemote(files, path).catch(() => undefined);
  if (current?.equals(content) === true) return false;
  if (before === undefined) await files.remove(path).catch(() => undefined);
  else if (current?.equals(before) !== true) await files.write(path, before).catch(() => undefined);
  return true;
}

async function readRemote(files: RemoteFiles, path: string): Promise<Buffer | undefined> {
  return (await files.stat(path)) === undefined ? undefined : files.read(path);
}

/** The path itself, or the folder above it, that is a link; undefined when none below `folder` is one. */
export async function linkOnTheWay(files: RemoteFiles, folder: string, path: string): Promise<string | undefined> {
  for (let at = path; at.startsWith(`${folder}/`); at = posix.dirname(at)) {
    const found = await files.stat(at).catch(() => undefined);
    if (found?.isLink === true) return at;
  }
  return undefined;
}

/** VS Code's messages hold addresses, and no help. */
export function describeRemoteError(error: unknown): string {
  const code = (error as { readonly code?: string }).code ?? 'unknown error';
  switch (code) {
    case 'NoPermissions':
      return 'You have no permission to write there.';
    case 'FileNotFound':
    case 'FileNotADirectory':
      return 'Its folder does not exist.';
    case 'FileIsADirectory':
      return 'It is not a file.';
    case 'Unavailable':
      return 'Its file system cannot be reached.';
    case 'Timeout':
      return 'Its file system did not answer in time; what was sent may still be carried out.';
    default:
      return `It cannot be written (${code}).`;
  }
}
