// "npm run bench": measures the extension in real windows against its budget (docs/PERFORMANCE.md).
import { ensureDependencies } from './dependencies.mjs';

ensureDependencies();
const { register } = await import('tsx/esm/api');
register();
const { runBench } = await import('../bench/bench.ts');
process.exit(await runBench(process.argv.slice(2)));
