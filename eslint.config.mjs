import { readdirSync } from 'node:fs';
import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * @param {...({group: string[], message: string} | {regex: string, message: string})} patterns
 * @returns {import('eslint').Linter.RulesRecord}
 */
const forbidImports = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
});
const noTests = { group: ['**/test/**'], message: 'What ships never imports tests.' };
const noVscode = { group: ['vscode'], message: 'src/core runs in plain Node: VS Code is passed in.' };
const noFetch = {
  group: ['node-fetch'],
  message: 'Only src/http.ts may import node-fetch; elsewhere fetch is passed in.',
};
const noHost = {
  group: ['**/vscode/**', '**/extension.ts', '**/http.ts'],
  message: 'src/core does not know its host.',
};
const noProduct = { group: ['**/src/**'], message: 'The local API is an independent oracle: it never imports src.' };
const noWebview = {
  group: ['**/webview/**'],
  message: 'Pages run in a browser: they get messages, and are imported by nothing.',
};
const noNode = { group: ['node:*'], message: 'src/webview runs in a browser.' };
const noRoot = { group: ['**/extension.ts', '**/http.ts'], message: 'Only the composition root wires these in.' };

/** The folders of a floor: each may import from those before it, and so no two need each other. */
const order = {
  core: [
    ...[
      'base',
      'model',
      'pages',
      'git',
      'magicbell',
      'delivery',
      'checking',
      'tokens',
      'revoking',
      'audit',
      'overview',
    ],
    ...[
      'issuance',
      'connections',
      'ledger',
      'destinations',
      'signing',
      'activity',
      'details',
      'reminders',
      'browse',
      'agents',
    ],
  ],
  vscode: [
    ...['ui', 'tree', 'deliver', 'connect', 'audit', 'pages', 'overview', 'browse', 'activity', 'details', 'check'],
    ...['revoke', 'pending', 'issue', 'reminders', 'signing', 'agents'],
  ],
};

/**
 * @param {'core' | 'vscode'} floor
 * @param {...{group: string[], message: string}} patterns
 */
const zones = (floor, ...patterns) =>
  readdirSync(new URL(`src/${floor}`, import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      // A folder without a place here comes after all others: nothing may import it but the command table.
      const later = order[floor].includes(name) ? order[floor].slice(order[floor].indexOf(name) + 1) : [];
      const message = `A capability imports from those before it in the order of eslint.config.mjs, and ${name} comes before this one.`;
      const beyond = later.length === 0 ? [] : [{ regex: `^\\.\\./(${later.join('|')})/`, message }];
      return { files: [`src/${floor}/${name}/**`], rules: forbidImports(...patterns, ...beyond) };
    });

export default defineConfig(
  { ignores: ['dist/', '.vscode-test/', 'node_modules/'] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  // The layers (CONTRIBUTING.md): a folder is named after what its code may touch.
  { files: ['src/core/**'], rules: forbidImports(noVscode, noFetch, noHost, noWebview, noTests) },
  { files: ['src/vscode/**'], rules: forbidImports(noFetch, noRoot, noWebview, noTests) },
  ...zones('core', noVscode, noFetch, noHost, noWebview, noTests),
  ...zones('vscode', noFetch, noRoot, noWebview, noTests),
  { files: ['src/webview/**'], rules: forbidImports(noVscode, noNode, noFetch, noHost, noTests) },
  { files: ['src/extension.ts'], rules: forbidImports(noFetch, noTests) },
  { files: ['src/http.ts'], rules: forbidImports(noVscode, noTests) },
  { files: ['test/server/**'], rules: forbidImports(noProduct, noVscode) },
  // Programs that people run print to the terminal.
  {
    files: ['*.js', '*.mjs', 'test/run/**', 'test/server/**', 'test/bench/**'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
    rules: { 'no-console': 'off' },
  },
);
