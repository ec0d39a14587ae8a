// `npm run mutants`: Stryker changes src/core in thousands of small ways and looks whether a unit test notices.
export default {
  mutate: ['src/core/**/*.ts'],
  testRunner: 'mocha',
  testRunnerNodeArgs: ['--import', 'tsx'],
  // The model test plays ten thousand stories; the unit tests beside it cover the same code in a second. Worst cases are
  // measured, and instrumented code is slow.
  mochaOptions: { spec: ['test/unit/**/!(issuanceModel|worstCases).test.ts'] },
  coverageAnalysis: 'perTest',
  // A change of what runs while a module loads asks for all tests in a new process: hours instead of minutes.
  ignoreStatic: true,
  concurrency: 1,
  tempDirName: '.vscode-test/mutants',
  ignorePatterns: ['/.vscode-test', '/.git', '/dist', '/docs', '/media', '/test/ui', '/test/host'],
  incremental: true,
  incrementalFile: '.vscode-test/mutants.json',
  reporters: ['progress', 'clear-text', 'html'],
  clearTextReporter: { allowColor: false, reportTests: false },
  htmlReporter: { fileName: '.vscode-test/mutants.html' },
  thresholds: { break: 90 },
};
