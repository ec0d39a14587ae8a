import { unexpectedDeaths } from './server.ts';
import { openWorkbenches } from './workbench.ts';

/** Hooks of mocha that save a picture of each open window when a test fails. */
export const pictureOfFailure: Mocha.RootHookObject = {
  async afterEach(this: Mocha.Context) {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    let number = 0;
    for (const workbench of openWorkbenches) {
      number += 1;
      const name = `${test.fullTitle()} ${number}`;
      try {
        const file = await workbench.screenshot(name, 'failures');
        process.stdout.write(`    picture of the failure: ${file}\n`);
      } catch (error) {
        process.stdout.write(`    no picture of the failure: ${String(error)}\n`);
      }
    }
  },
};

/** The servers that ended by themselves in this process. */
export function deathsOfServers(): readonly string[] {
  return unexpectedDeaths;
}
