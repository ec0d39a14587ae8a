// "npm test": does its own set-up, runs every stage, and ends with "N passed, N failed".
import { ensureDependencies } from './dependencies.mjs';

ensureDependencies();
const { register } = await import('tsx/esm/api');
register();
const { runStages } = await import('./stages.ts');
process.exitCode = await runStages(process.argv.slice(2));
