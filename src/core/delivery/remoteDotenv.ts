import { posix } from 'node:path';
import type { RemoteFiles } from '../base/remoteFiles.ts';
import type { Secret } from '../base/secret.ts';
import type { Written } from './dotenvFile.ts';
import { maxDotenvLength, readVariable, setVariable, tooLarge } from './dotenvText.ts';
import { type Inspection, standIn } from './fileInspection.ts';

/**
 * Checks whether a value can be written to a `.env` file of VS Code's file system, before the value exists. Changes
 * nothing.
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
    if (found.size > maxDotenvLength) return { ok: false, problem: tooLarge };
    const tried = setVariable(await files.read(path), variable, standIn);
    return tried.ok ? { ok: true, way: 'inPlace', names: 1 } : tried;
  } catch (error) {
    return { ok: false, problem: describeRemoteError(error) };
  }
}

/**
 * Sets the variable in a `.env` file of VS Code's file system and reads it back. The file is written in place; if that
 * fails, the old content is restored where possible. Never throws.
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

/** Restores the old content after a failed write. False when the new content was written nevertheless. */
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

/** The first link among the path and its parents below `folder`, from the path up; undefined when there is none. */
export async function linkOnTheWay(files: RemoteFiles, folder: string, path: string): Promise<string | undefined> {
  for (let at = path; at.startsWith(`${folder}/`); at = posix.dirname(at)) {
    const found = await files.stat(at).catch(() => undefined);
    if (found?.isLink === true) return at;
  }
  return undefined;
}

/** A sentence for the user. VS Code's own messages contain addresses and no advice. */
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
