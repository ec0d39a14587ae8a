// Plain JavaScript on nothing but Node.js: this runs in a fresh clone, before anything is installed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const projectDir = path.resolve(import.meta.dirname, '../..');

/** @typedef {{ version?: string, optional?: boolean, link?: boolean }} Entry */

/**
 * @param {string} file
 * @returns {Record<string, Entry>}
 */
function packagesOf(file) {
  try {
    const lock = /** @type {unknown} */ (JSON.parse(readFileSync(path.join(projectDir, file), 'utf8')));
    return /** @type {{ packages?: Record<string, Entry> }} */ (lock).packages ?? {};
  } catch {
    return {};
  }
}

/** Whether node_modules holds what package-lock.json says. Packages for other platforms may be absent. */
function isUpToDate() {
  const wanted = packagesOf('package-lock.json');
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '') return true;
    const found = installed[name];
    return found === undefined ? entry.optional === true : found.version === entry.version;
  });
}

/** Installs the dependencies by the lockfile when they are missing or others, and says so; ends the process on failure. */
export function ensureDependencies() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`This needs Node.js 20.19 or later, and this is ${process.versions.node}.`);
    process.exit(1);
  }
  if (isUpToDate()) return;
  console.log('Installing the dependencies (npm ci)…');
  const { status } = spawnSync('npm', ['ci'], {
    cwd: projectDir,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('npm ci failed. Is the npm registry reachable ("npm ping")?');
    process.exit(1);
  }
}
