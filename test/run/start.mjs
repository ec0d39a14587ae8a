// "npm start": the local MagicBell API with sample data, and a real VS Code in the browser, connected to it.
import { ensureDependencies } from './dependencies.mjs';

ensureDependencies();
const { register } = await import('tsx/esm/api');
register();
const { runDemo } = await import('./demo.ts');
await runDemo(process.argv.slice(2));
