import os from 'node:os';

/** What a run depends on, in one line. */
export function machine(vscodeVersion: string): string {
  const [cpu] = os.cpus();
  const memory = Math.round(os.totalmem() / 1024 ** 3);
  return `${os.availableParallelism()} × ${cpu?.model.trim() ?? 'unknown'}, ${memory} GB, ${os.type()} ${os.arch()}, Node.js ${process.versions.node}, VS Code ${vscodeVersion}`;
}
