import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { extensionPage, pageFile } from '../../run/page.ts';
import { SetupError } from './install.ts';
import { projectDir } from './paths.ts';
import { stageExtension } from './stagedExtension.ts';

/** What `npm run package` takes besides package.json, dist and media. */
const documents = ['.vscodeignore', 'CHANGELOG.md', 'LICENSE', 'THIRD_PARTY_NOTICES.txt'];

/** Packages the built extension as `npm run package` does, away from the project's folder. Resolves to the VSIX. */
export async function packageExtension(): Promise<string> {
  const folder = stageExtension();
  for (const name of documents) cpSync(path.join(projectDir, name), path.join(folder, name));
  writeFileSync(path.join(folder, pageFile), extensionPage());
  const manifest = JSON.parse(readFileSync(path.join(projectDir, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const command = manifest.scripts['package']?.split(' vsce ')[1]?.split(' ') ?? [];
  const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
  const vsix = path.join(folder, 'magicbell-tokens.vsix');
  try {
    await promisify(execFile)(process.execPath, [vsce, ...command, '--out', vsix], { cwd: folder });
  } catch (error) {
    throw new SetupError(`vsce made no package: ${String(error)}`);
  }
  return vsix;
}

/** The files in a ZIP archive with their sizes in bytes, from its central directory. */
export function filesInZip(file: string): Map<string, number> {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const found = new Map<string, number>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    found.set(name, bytes.readUInt32LE(at + 24));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return found;
}
