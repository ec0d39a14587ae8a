// Runs VS Code's server in this process, and ends it with all its children when the program that started it is gone,
// however that happened: its end of our standard input then closes.
import process from 'node:process';
import { pathToFileURL } from 'node:url';

process.stdin.resume();
process.stdin.once('close', () => {
  process.kill(-process.pid, 'SIGKILL');
});

process.argv.splice(1, 1);
const [, server] = process.argv;
if (server !== undefined) await import(pathToFileURL(server).href);
