import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { installOnce, installVSCode, SetupError, type Say } from '../vscode/install.ts';
import { versionUnderTest } from '../vscode/server.ts';

/**
 * Builds VS Code's native log module, without which its output channels have no files, away from the installation.
 * Gives what the environment of a server needs to load it. Takes Node's own headers and npm's node-gyp: no download.
 *
 * @throws SetupError when it cannot be built here
 */
export async function nativeLogEnvironment(say: Say): Promise<Record<string, string>> {
  const { version, serverDir, nodePath } = await installVSCode(versionUnderTest(), say);
  if (nodePath !== process.execPath)
    throw new SetupError(`the native log of VS Code ${version} needs its own Node’s headers`);
  const modules = path.join(serverDir, 'node_modules');
  const prefix = path.dirname(path.dirname(process.execPath));
  const gyp = path.join(prefix, 'lib', 'node_modules', 'npm', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const header = path.join(prefix, 'include', 'node', 'node_api.h');
  for (const needed of [gyp, header]) if (!existsSync(needed)) throw new SetupError(`${needed} does not exist`);
  const folder = await installOnce(`native-log-${version}-1`, (into) => {
    say('Building VS Code’s native log module (once, about half a minute)…');
    mkdirSync(path.join(into, 'node_modules'));
    cpSync(path.join(modules, '@vscode', 'spdlog'), path.join(into, 'spdlog'), { recursive: true });
    cpSync(path.join(modules, 'node-addon-api'), path.join(into, 'node_modules', 'node-addon-api'), {
      recursive: true,
    });
    const args = [gyp, 'rebuild', `--nodedir=${prefix}`];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: path.join(into, 'spdlog'), encoding: 'utf8' });
    if (status !== 0) throw new SetupError(`node-gyp failed:\n${stderr.slice(-2000)}`);
    return Promise.resolve();
  });
  return {
    NATIVE_LOG: path.join(folder, 'spdlog', 'build', 'Release', 'spdlog.node'),
    NODE_OPTIONS: `--import ${path.join(import.meta.dirname, 'preload.mjs')}`,
  };
}
