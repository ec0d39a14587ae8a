import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { stubOptions } from '../../esbuild.js';
import { stageExtension } from '../support/vscode/stagedExtension.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';
import type { StagedExtension } from './steps.ts';

/** An extension that waits in a folder until the probe activates it. */
export interface Staged {
  readonly id: string;
  readonly folder: string;
}

interface Manifest {
  publisher: string;
  name: string;
  main?: string;
  type?: string;
  activationEvents?: string[];
  [other: string]: unknown;
}

/** The extension as it ships, from the usual build. */
export function stageProduct(): Promise<Staged> {
  return wrap(stageExtension());
}

/** Any unpacked extension. @throws when it is none */
export function stageOther(from: string): Promise<Staged> {
  const folder = path.join(temporaryFolder('other'), 'extension');
  cpSync(from, folder, { recursive: true });
  return wrap(folder);
}

/** The least that an extension of this kind does. Copies go by their names. */
export async function stageFloor(name: string): Promise<Staged> {
  const commands = Array.from({ length: 10 }, (_, index) => ({ command: `${name}.command${index}`, title: 'Nothing' }));
  const views = [{ id: `${name}.tree`, name: 'Floor' }];
  return wrap(await stageOwn(name, 'test/bench/host/floor.ts', { commands, ...container(name, views) }));
}

/** A bare provider of the same two lists. */
export async function stageBare(): Promise<Staged> {
  const views = [
    { id: 'bare.tokens', name: 'Bare Tokens' },
    { id: 'bare.users', name: 'Bare Users' },
  ];
  return wrap(await stageOwn('bare', 'test/bench/host/bare.ts', container('bare', views)));
}

/** What does things inside the host for the bench. It starts with the host. */
export async function stageProbe(): Promise<string> {
  return stageOwn('probe', 'test/bench/host/probe.ts', {}, ['*']);
}

function container(name: string, views: readonly { id: string; name: string }[]): object {
  const own = { id: name, title: `Bench ${name}`, icon: 'media/icon.svg' };
  return {
    viewsContainers: { activitybar: [own] },
    views: { [name]: views.map((view) => ({ ...view, icon: own.icon })) },
  };
}

async function stageOwn(
  name: string,
  entry: string,
  contributes: object,
  activationEvents: string[] = [],
): Promise<string> {
  const folder = temporaryFolder(`bench-${name}`);
  const manifest: Manifest = {
    publisher: 'bench',
    name,
    version: '1.0.0',
    type: 'module',
    main: './dist/extension.js',
    engines: { vscode: '^1.100.0' },
    activationEvents,
    contributes,
  };
  writeManifest(folder, manifest);
  mkdirSync(path.join(folder, 'media'));
  writeFileSync(path.join(folder, 'media', 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await build(stubOptions(path.join(folder, 'dist'), entry));
  return folder;
}

/** Puts the wrapper that measures in the place of the entry, and lets nothing but the probe start it. */
async function wrap(folder: string): Promise<Staged> {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
  const { main = './extension.js' } = manifest;
  const isModule = main.endsWith('.mjs') || (manifest.type === 'module' && !main.endsWith('.cjs'));
  const staged: StagedExtension = { main, isModule };
  writeFileSync(path.join(folder, 'bench.json'), JSON.stringify(staged));
  writeManifest(folder, { ...manifest, main: './bench.mjs', activationEvents: [] });
  await build({
    ...stubOptions(folder, 'test/bench/host/measured.ts'),
    entryPoints: { bench: 'test/bench/host/measured.ts' },
    outExtension: { '.js': '.mjs' },
  });
  return { id: `${manifest.publisher}.${manifest.name}`, folder };
}

function writeManifest(folder: string, manifest: Manifest): void {
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
}
