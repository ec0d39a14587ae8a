// "npm run notices": writes THIRD_PARTY_NOTICES.txt, the licences of what the bundle contains of other people's work.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { productOptions, stubOptions, webviewOptions } from '../../esbuild.js';
import { projectDir } from '../support/vscode/paths.ts';

/** Where the notices are kept, from the project's folder. */
export const noticesFile = 'THIRD_PARTY_NOTICES.txt';

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** The notices of the packages that are in the bundle as it would be built now. @throws when one has no licence text */
export async function thirdPartyNotices(): Promise<string> {
  const dist = path.join(projectDir, 'dist');
  const builds = await Promise.all(
    [stubOptions(dist), productOptions(dist), webviewOptions(path.join(dist, 'webview'))].map((each) =>
      build({ ...each, absWorkingDir: projectDir, metafile: true, write: false }),
    ),
  );
  const inputs = builds
    .flatMap(({ metafile }) => Object.values(metafile.outputs))
    .flatMap((output) => Object.entries(output.inputs));
  const folders = new Set(
    inputs
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0])
      .filter((folder) => folder !== undefined),
  );
  const sections = [...folders].map(notice).sort((a, b) => a.localeCompare(b, 'en'));
  return `${[introduction, ...sections].join(rule)}\n`;
}

const introduction = 'MagicBell Tokens contains parts of the packages below, each under its own licence.\n';
const rule = `\n${'-'.repeat(80)}\n\n`;

function notice(folder: string): string {
  const root = path.join(projectDir, folder);
  const { name, version, license } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Package;
  const text = licenceText(root);
  if (text === undefined) throw new Error(`${name} has no licence text.`);
  return `${name} ${version} (${license})\n\n${text.replaceAll('\r\n', '\n').trim()}\n`;
}

/** A file of its own, or what stands under "License" in the README. */
function licenceText(root: string): string | undefined {
  const names = readdirSync(root);
  const read = (pattern: RegExp) => {
    const name = names.find((each) => pattern.test(each));
    return name === undefined ? undefined : readFileSync(path.join(root, name), 'utf8');
  };
  return (
    read(/^licen[cs]e(\.(md|txt))?$/i) ??
    /^(?:#+ )?License\n-*\n+([^]*?)(?:\n[#[]|$(?![^]))/m.exec(
      read(/^readme\.md$/i)?.replaceAll('\r\n', '\n') ?? '',
    )?.[1]
  );
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(path.join(projectDir, noticesFile), await thirdPartyNotices());
  console.log(noticesFile);
}
