// Gives VS Code's server and its extension hosts the native log module that NATIVE_LOG names, in the place of the one
// that its installation looks for and does not have.
import Module, { createRequire } from 'node:module';
import process from 'node:process';

/** @typedef {(request: string, ...others: unknown[]) => unknown} Load */
const loader = /** @type {{ _load: Load }} */ (/** @type {unknown} */ (Module));
const load = loader._load;
const requireHere = /** @type {(file: string) => unknown} */ (createRequire(import.meta.url));

/** @type {Load} */
loader._load = (request, ...others) => {
  const loaded = load.call(Module, request, ...others);
  if (request !== 'bindings') return loaded;
  const find = /** @type {(name: string) => unknown} */ (loaded);
  return (/** @type {string} */ name) =>
    name === 'spdlog' ? requireHere(process.env['NATIVE_LOG'] ?? '') : find(name);
};
