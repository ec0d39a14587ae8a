import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';

/**
 * Size limits of the shipped code, in bytes: the stub that VS Code loads at startup; the base that lists, creating and
 * revoking need; and every other capability, by the folders that only it uses.
 *
 * @type {readonly {name: string, budget: number, owns?: RegExp}[]}
 */
const budgets = [
  { name: 'stub', budget: 8_000 },
  {
    name: 'delivery',
    budget: 44_000,
    owns: /^(src\/(core\/delivery|vscode\/deliver)\/(?!clipboard|copyFormat|deliverValue|writeClipboard|gitIgnore)|node_modules\/(cross-spawn|which|isexe|path-key|shebang-))/,
  },
  { name: 'places', budget: 5_000, owns: /^src\/core\/destinations\// },
  { name: 'git', budget: 10_000, owns: /^src\/(core\/git|vscode\/deliver\/gitIgnore)\b/ },
  { name: 'checking', budget: 20_000, owns: /^src\/(core\/checking|vscode\/check)\// },
  {
    name: 'signing',
    budget: 17_000,
    owns: /^src\/(core\/(signing|ledger)\/|vscode\/(signing\/|issue\/(signUserToken|disambiguateRecipient)\.ts))/,
  },
  { name: 'CLI login', budget: 8_000, owns: /^src\/(core|vscode)\/connect(ions)?\/cliLogin/ },
  { name: 'watch', budget: 45_000, owns: /^src\/(core|vscode)\/reminders\// },
  { name: 'overview', budget: 45_000, owns: /^src\/(core|vscode)\/(overview|audit)\// },
  { name: 'details', budget: 14_000, owns: /^src\/((core|vscode)\/(pages|details)\/|vscode\/restorePage)/ },
  { name: 'activity', budget: 8_000, owns: /^src\/(core|vscode)\/activity\// },
  { name: 'agents', budget: 19_000, owns: /^src\/(core|vscode)\/agents\// },
  {
    name: 'mass revoking',
    budget: 5_000,
    owns: /^src\/(core\/tokens\/revocationCriteria|vscode\/revoke\/revokeMatching)\.ts$/,
  },
  { name: 'report', budget: 2_500, owns: /^src\/(core\/issueReport|vscode\/reportIssue)\.ts$/ },
  { name: 'base', budget: 250_000 },
];
/** The limit of the webview pages: one script and one stylesheet. */
const pagesBudget = 180_000;
/** Not allowed in the stub, which only registers the extension and loads the product on first use. */
const lazyOnly = [/node_modules\//, /^src\/http\.ts$/, /^src\/app\.ts$/, /^src\/core\//];
/** The entry of the product, which the stub loads. */
const product = 'src/app.ts';

/**
 * Bundles all that the product needs at startup into one file. esbuild would split it into dozens of chunks, by which
 * lazy entries share them, and VS Code takes more than a millisecond to load each. So every lazy entry imports the
 * product, and thereby shares all of it.
 *
 * @type {esbuild.Plugin}
 */
const oneFileAtStart = {
  name: 'one file at the start',
  setup: (build) => {
    /** @type {Set<string>} */
    let lazy = new Set();
    const { absWorkingDir = process.cwd() } = build.initialOptions;
    const absolute = (/** @type {string} */ file) => path.resolve(absWorkingDir, file);
    build.onStart(async () => {
      const first = {
        ...build.initialOptions,
        plugins: [builtinsForRequire],
        write: false,
        metafile: /** @type {const} */ (true),
      };
      const { metafile } = await esbuild.build(first);
      const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
      lazy = new Set(
        imports
          .filter(({ kind, external }) => kind === 'dynamic-import' && external !== true)
          .map((imported) => absolute(imported.path)),
      );
      lazy.delete(absolute(product));
    });
    build.onLoad({ filter: /\.[jt]s$/ }, ({ path: file }) => {
      if (!lazy.has(file)) return undefined;
      return {
        contents: `${readFileSync(file, 'utf8')}\nimport ${JSON.stringify(absolute(product))};\n`,
        loader: file.endsWith('.ts') ? 'ts' : 'js',
      };
    });
  },
};

/**
 * Makes the stub a single file that imports the product from the other build. Code that both need, mainly the ids, is
 * duplicated.
 *
 * @type {esbuild.Plugin}
 */
const productBeside = {
  name: 'product beside the stub',
  setup: (build) => {
    build.onResolve({ filter: /\/app\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './app.js', external: true } : undefined,
    );
  },
};

/**
 * Provides Node's modules to CommonJS packages (cross-spawn and its dependencies): an ES module has no `require`.
 *
 * @type {esbuild.Plugin}
 */
const builtinsForRequire = {
  name: 'builtins for require',
  setup: (build) => {
    build.onResolve({ filter: /^(child_process|fs|path)$/ }, ({ kind, path: name }) =>
      kind === 'require-call' ? { path: name, namespace: 'builtin' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path: name }) => ({
      contents: `export * from 'node:${name}';`,
    }));
  },
};

/**
 * @param {string} outdir
 * @param {boolean} minify
 */
const common = (outdir, minify) =>
  /** @satisfies {import('esbuild').BuildOptions} */ ({
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['vscode'],
    // A 60 kB polyfill for Node < 18. Every supported VS Code has a newer Node with web streams built in.
    alias: { 'web-streams-polyfill/dist/ponyfill.es2018.js': 'node:stream/web' },
    minify,
    sourcemap: minify ? false : 'linked',
    metafile: true,
    logLevel: 'warning',
    absWorkingDir: import.meta.dirname,
  });

/**
 * The build of the stub that VS Code loads at startup, or of a test entry in its place.
 * @param {string} outdir
 * @param {string} entry
 * @param {boolean} minify
 */
export const stubOptions = (outdir, entry = 'src/extension.ts', minify = true) =>
  /** @satisfies {import('esbuild').BuildOptions} */ ({
    ...common(outdir, minify),
    entryPoints: { extension: entry },
    plugins: [builtinsForRequire, productBeside],
  });

/**
 * The build of the product, which the stub loads on first use.
 * @param {string} outdir
 * @param {boolean} minify
 */
export const productOptions = (outdir, minify = true) =>
  /** @satisfies {import('esbuild').BuildOptions} */ ({
    ...common(outdir, minify),
    entryPoints: { app: product },
    splitting: true,
    // Each name would stand in every import of its chunk and twice in the package; meta.json tells what is in which.
    chunkNames: 'chunks/[hash]',
    plugins: [builtinsForRequire, oneFileAtStart],
  });

/**
 * Builds the stub and the product. A test entry in the stub's place is built together with the product: it shares the
 * product's modules, and so can replace parts of them.
 * @param {string} outdir
 * @param {string} [entry]
 * @param {boolean} [minify]
 * @returns {Promise<esbuild.Metafile>}
 */
export async function bundle(outdir, entry, minify) {
  const behind = productOptions(outdir, minify);
  if (entry !== undefined) {
    const entryPoints = { extension: entry, ...behind.entryPoints };
    return (await esbuild.build({ ...behind, entryPoints, plugins: [productBeside, ...behind.plugins] })).metafile;
  }
  const builds = [esbuild.build(stubOptions(outdir, entry, minify)), esbuild.build(behind)];
  const [stub, product] = (await Promise.all(builds)).map(({ metafile }) => metafile);
  return {
    inputs: { ...product?.inputs, ...stub?.inputs },
    outputs: { ...product?.outputs, ...stub?.outputs },
  };
}

/**
 * The build of the webview pages: one script and one stylesheet.
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
 * The files that VS Code loads to activate the extension: the entry and its static imports.
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
 * The sizes with their budgets, and the modules that are not allowed in the stub but are in it.
 * @param {import('esbuild').Metafile} metafile
 */
export function weigh(metafile) {
  const onPath = activationPath(metafile);
  const stub = onPath.reduce((sum, file) => sum + (metafile.outputs[file]?.bytes ?? 0), 0);
  const scripts = Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.js'));
  const total = scripts.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const inputs = scripts.flatMap(([, output]) => Object.entries(output.inputs));
  const owned = budgets
    .filter(({ owns }) => owns !== undefined)
    .map(({ name, budget, owns }) => {
      const own = inputs.filter(([input]) => owns?.test(input) === true);
      return { name, budget, bytes: own.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0) };
    });
  const rest = total - stub - owned.reduce((sum, { bytes }) => sum + bytes, 0);
  const parts = budgets.map(
    ({ name, budget }) =>
      owned.find((part) => part.name === name) ?? { name, budget, bytes: name === 'stub' ? stub : rest },
  );
  const misplaced = onPath
    .flatMap((file) => Object.entries(metafile.outputs[file]?.inputs ?? {}))
    .filter(([input, { bytesInOutput }]) => bytesInOutput > 0 && lazyOnly.some((pattern) => pattern.test(input)))
    .map(([input]) => input);
  return { parts, misplaced };
}

if (process.argv[1] === import.meta.filename) {
  const watch = process.argv.includes('--watch');
  const development = watch || process.argv.includes('--development');
  rmSync('dist', { recursive: true, force: true });
  const webview = webviewOptions('dist/webview', !development);
  if (watch) {
    const all = [stubOptions('dist', undefined, false), productOptions('dist', false), webview];
    await Promise.all(all.map(async (each) => (await esbuild.context(each)).watch()));
  } else {
    const [metafile, pages] = await Promise.all([bundle('dist', undefined, !development), esbuild.build(webview)]);
    if (!development) {
      writeFileSync('dist/meta.json', JSON.stringify(metafile));
      const { parts: hostParts, misplaced } = weigh(metafile);
      const pagesBytes = Object.values(pages.metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
      const parts = [...hostParts, { name: 'pages', bytes: pagesBytes, budget: pagesBudget }];
      for (const { name, bytes, budget } of parts) console.log(`${name.padEnd(13)} ${bytes} of ${budget} bytes`);
      const faults = [
        ...parts.filter(({ bytes, budget }) => bytes > budget).map(({ name }) => `${name} is over its budget`),
        ...misplaced.map((input) => `${input} is in the stub`),
      ];
      for (const fault of faults) console.error(`error: ${fault}`);
      process.exitCode = faults.length > 0 ? 1 : 0;
    }
  }
}
