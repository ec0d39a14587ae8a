// "npm run test:desktop": the host tests in a desktop VS Code.
import { ensureDependencies } from './dependencies.mjs';

ensureDependencies();
const { register } = await import('tsx/esm/api');
register();
const { runDesktopTests } = await import('./desktop.ts');
process.exitCode = await runDesktopTests();
