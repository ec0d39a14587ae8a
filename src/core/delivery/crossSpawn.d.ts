// The package has no types of its own. Of its `spawn`, only this is needed: the rest is for programs that do not exist.
declare module 'cross-spawn/lib/parse.js' {
  import type { SpawnOptions } from 'node:child_process';

  export default function parse(
    program: string,
    args: readonly string[],
    options: SpawnOptions,
  ): { readonly command: string; readonly args: readonly string[]; readonly options: SpawnOptions };
}
