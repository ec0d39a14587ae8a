import { appendFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Secret } from '../../../src/core/base/secret.ts';
import { hashOf } from './hash.ts';

/** How often the host looks whether it is asked for a snapshot. */
const lookMs = 100;

/**
 * Tells a file, by hash, which secrets were used and which objects of theirs the garbage collector has taken; and
 * writes a heap snapshot to the file that `request` names, after a forced collection.
 */
export function watchMemory(tellFile: string, request: string): void {
  const registry = new FinalizationRegistry<string>((hash) => appendFileSync(tellFile, `collected ${hash}\n`));
  const known = new WeakSet<Secret>();
  const reveal = Object.getOwnPropertyDescriptor(Secret.prototype, 'reveal')?.value as (this: Secret) => string;
  Secret.prototype.reveal = function (this: Secret) {
    const text = reveal.call(this);
    if (!known.has(this)) {
      known.add(this);
      const hash = hashOf(text);
      registry.register(this, hash);
      appendFileSync(tellFile, `used ${hash}\n`);
    }
    return text;
  };
  v8.setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setInterval(() => {
    if (!existsSync(request)) return;
    const target = readFileSync(request, 'utf8');
    rmSync(request);
    collect();
    // The finalizers run in a task of their own.
    setTimeout(() => {
      collect();
      v8.writeHeapSnapshot(`${target}.part`);
      renameSync(`${target}.part`, target);
    }, lookMs);
  }, lookMs).unref();
}
