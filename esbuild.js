import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';

/** Limits of what ships, in bytes. The activation path is what VS Code loads before anything is asked for. */
const budget = { activation: 60_000, total: 250_000 };
/** What only its own command loads has a budget of its own, beside the total: by the folders of its source. */
const capabilities = {
  delivery: { inputs: /^src\/(core\/(git|delivery\/dotenv)|vscode\/deliver\/(dotenv|gitIgnore))/, budget: 30_000 },
  overview: { inputs: /^src\/(core|vscode)\/overview\//, budget: 30_000 },
};
/** The web application that webviews show, script and style together. */
const webviewBudget = 180_000;
/** Never on the activation path: they are loaded by the first flow that needs them. */
const lazyOnly = [
  /node_modules\//,
  /^src\/http\.ts$/,
  /^src\/core\/magicbell\/(wire|transport|jwtService|userService)\.ts$/,
  /^src\/vscode\/issue\//,
];

/**
 * Puts all that is loaded at the start into one file. esbuild would split it by which of the lazy parts share what, into
 * fifteen, and VS Code takes more than a millisecond for each: a lazy part that imports the entry shares all of it.
 *
 * @param {string} entry
 * @returns {esbuild.Plugin}
 */
const oneFileAtStart = (entry) => ({
  name: 'one file at the start',
  setup: (build) => {
    /** @type {Set<string>} */
    let lazy = new Set();
    build.onStart(async () => {
      const { absWorkingDir = process.cwd() } = build.initialOptions;
      const first = { ...build.initialOptions, plugins: [], write: false, metafile: /** @type {const} */ (true) };
      const { metafile } = await esbuild.build(first);
      const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
      lazy = new Set(
        imports
          .filter(({ kind, external }) => kind === 'dynamic-import' && external !== true)
          .map((imported) => path.resolve(absWorkingDir, imported.path)),
      );
    });
    build.onLoad({ filter: /\.[jt]s$/ }, ({ path: file }) => {
      if (!lazy.has(file)) return undefined;
      const { absWorkingDir = process.cwd() } = build.initialOptions;
      const start = JSON.stringify(path.resolve(absWorkingDir, entry));
      return {
        contents: `${readFileSync(file, 'utf8')}\nimport ${start};\n`,
        loader: file.endsWith('.ts') ? 'ts' : 'js',
      };
    });
  },
});

/**
 * @param {string} outdir
 * @param {string} entry
 * @param {boolean} minify
 */
export const options = (outdir, entry = 'src/extension.ts', minify = true) =>
  /** @satisfies {import('esbuild').BuildOptions} */ ({
    entryPoints: { extension: entry },
    outdir,
    bundle: true,
    format: 'esm',
    splitting: true,
    platform: 'node',
    target: 'node20',
    external: ['vscode'],
    // A polyfill of 60 kB for Node < 18, which no supported VS Code has: what it would polyfill is built in.
    alias: { 'web-streams-polyfill/dist/ponyfill.es2018.js': 'node:stream/web' },
    chunkNames: 'chunks/[name]-[hash]',
    minify,
    sourcemap: minify ? false : 'linked',
    metafile: true,
    logLevel: 'warning',
    plugins: [oneFileAtStart(entry)],
  });

/**
 * The pages, for a browser: one script and one style, beside the host's code.
 * @param {string} outdir
 * @param {boolean} minify
 */
export const webviewOptions = (outdir, minify = true) =>
  /** @satisfies {import('esbuild').BuildOptions} */ ({
    entryPoints: { main: 'src/webview/main.ts', pages: 'src/webview/pages.css' },
    outdir,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'chrome128',
    conditions: ['production'],
    minify,
    sourcemap: minify ? false : 'linked',
    metafile: true,
    logLevel: 'warning',
  });

/**
 * The files that are loaded when VS Code activates the extension: the entry and all it imports statically.
 * @param {import('esbuild').Metafile} metafile
 */
export function activationPath(metafile) {
  const entry = Object.keys(metafile.outputs).find((file) => file.endsWith('/extension.js'));
  const loaded = new Set(entry === undefined ? [] : [entry]);
  for (const file of loaded) {
    for (const imported of metafile.outputs[file]?.imports ?? []) {
      if (imported.kind === 'import-statement' && imported.path in metafile.outputs) loaded.add(imported.path);
    }
  }
  return [...loaded];
}

/**
 * Sizes against the budget, and what is on the activation path that must not be.
 * @param {import('esbuild').Metafile} metafile
 */
export function weigh(metafile) {
  const onPath = activationPath(metafile);
  const bytesOf = (/** @type {string[]} */ files) =>
    files.reduce((sum, file) => sum + (metafile.outputs[file]?.bytes ?? 0), 0);
  const activation = bytesOf(onPath);
  const scripts = Object.keys(metafile.outputs).filter((file) => file.endsWith('.js'));
  const inputs = scripts.flatMap((file) => Object.entries(metafile.outputs[file]?.inputs ?? {}));
  const parts = Object.entries(capabilities).map(([name, capability]) => ({
    name,
    budget: capability.budget,
    bytes: inputs
      .filter(([input]) => capability.inputs.test(input))
      .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0),
  }));
  const total = bytesOf(scripts) - parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const misplaced = onPath
    .flatMap((file) => Object.entries(metafile.outputs[file]?.inputs ?? {}))
    .filter(([input, { bytesInOutput }]) => bytesInOutput > 0 && lazyOnly.some((pattern) => pattern.test(input)))
    .map(([input]) => input);
  return { activation, total, misplaced, budget, parts };
}

if (process.argv[1] === import.meta.filename) {
  const watch = process.argv.includes('--watch');
  const development = watch || process.argv.includes('--development');
  rmSync('dist', { recursive: true, force: true });
  const build = options('dist', undefined, !development);
  const webview = webviewOptions('dist/webview', !development);
  if (watch) {
    await Promise.all([build, webview].map(async (each) => (await esbuild.context(each)).watch()));
  } else {
    const [{ metafile }, pages] = await Promise.all([esbuild.build(build), esbuild.build(webview)]);
    if (!development) {
      writeFileSync('dist/meta.json', JSON.stringify(metafile));
      const { activation, total, misplaced, parts } = weigh(metafile);
      const webviewBytes = Object.values(pages.metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
      console.log(
        `activation path ${activation} of ${budget.activation} bytes, all JavaScript ${total} of ${budget.total} bytes`,
      );
      const beside = [...parts, { name: 'pages', bytes: webviewBytes, budget: webviewBudget }];
      console.log(beside.map((part) => `${part.name} ${part.bytes} of ${part.budget} bytes`).join(', '));
      const faults = [
        ...(activation > budget.activation ? ['the activation path is over its budget'] : []),
        ...(total > budget.total ? ['the JavaScript that ships is over its budget'] : []),
        ...beside.filter((part) => part.bytes > part.budget).map(({ name }) => `${name} is over its budget`),
        ...misplaced.map((input) => `${input} is on the activation path`),
      ];
      for (const fault of faults) console.error(`error: ${fault}`);
      process.exitCode = faults.length > 0 ? 1 : 0;
    }
  }
}
