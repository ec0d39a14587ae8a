import { statSync } from 'node:fs';
import type { Metafile } from 'esbuild';
import { activationPath, bundle, weigh } from '../../esbuild.js';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';
import { packageExtension } from '../support/vscode/vsix.ts';
import { type CountLine, count } from './lines.ts';

/** What must wait until something asks for it, by what it is. */
const lateModules: Readonly<Record<string, RegExp>> = {
  product: /^src\/(app|http)\.ts$|^src\/core\//,
  library: /node_modules\//,
};

/** One kind of code that ships, in bytes. */
export interface Part {
  readonly name: string;
  readonly activation: number;
  readonly total: number;
}

/** What ships, as a fresh build has it. */
export interface Weight {
  readonly lines: readonly CountLine[];
  readonly parts: readonly Part[];
}

export async function weighProduct(): Promise<Weight> {
  const metafile = await bundle(temporaryFolder('weight'));
  const { parts } = weigh(metafile);
  const onPath = inputsOf(metafile, activationPath(metafile));
  const late = Object.entries(lateModules).map(([name, pattern]) =>
    count(
      `${name} modules on the activation path`,
      [...onPath.keys()].filter((input) => pattern.test(input)).length,
      0,
      'modules',
    ),
  );
  const vsix = statSync(await packageExtension()).size;
  return {
    lines: [
      ...late,
      ...parts.map(({ name, bytes, budget }) => count(name, bytes / 1000, budget / 1000, 'kB')),
      count('the package (VSIX)', vsix / 1000, 300, 'kB'),
    ],
    parts: partsOf(inputsOf(metafile, Object.keys(metafile.outputs)), onPath),
  };
}

/** The bytes that each source file has in some of the outputs. */
function inputsOf({ outputs }: Metafile, files: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const file of files) {
    for (const [input, { bytesInOutput }] of Object.entries(outputs[file]?.inputs ?? {})) {
      if (bytesInOutput > 0) found.set(input, (found.get(input) ?? 0) + bytesInOutput);
    }
  }
  return found;
}

/** By folder of ours, and by package of others. */
function partsOf(all: ReadonlyMap<string, number>, onPath: ReadonlyMap<string, number>): Part[] {
  const nameOf = (input: string): string =>
    /node_modules\/((@[^/]+\/)?[^/]+)/.exec(input)?.[1] ??
    /^src\/(core\/[^/]+(?=\/)|vscode\/[^/]+(?=\/)|core|vscode)?/.exec(input)?.[0] ??
    input;
  const parts = new Map<string, Part>();
  for (const [input, bytes] of all) {
    const name = nameOf(input);
    const { activation, total } = parts.get(name) ?? { activation: 0, total: 0 };
    parts.set(name, { name, activation: activation + (onPath.get(input) ?? 0), total: total + bytes });
  }
  return [...parts.values()].sort((a, b) => b.total - a.total);
}
