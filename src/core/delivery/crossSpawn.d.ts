// The package has no types of its own.
declare module 'cross-spawn' {
  import type { ChildProcess, SpawnOptions } from 'node:child_process';

  export default function crossSpawn(program: string, args: readonly string[], options: SpawnOptions): ChildProcess;
}
