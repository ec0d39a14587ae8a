// Prepares the demo for a desktop VS Code: F5 loads it from .vscode-test/demo, against the API of .vscode/tasks.json.
import path from 'node:path';
import { workDir } from '../support/vscode/paths.ts';
import { stageDemo } from './stageDemo.ts';

const [apiBaseUrl, token] = process.argv.slice(2);
if (apiBaseUrl === undefined || token === undefined) throw new Error('Usage: main.ts API_BASE_URL TOKEN');
await stageDemo(path.join(workDir, 'demo'), { apiBaseUrl, token });
