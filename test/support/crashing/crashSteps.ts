import { readFileSync, rmSync } from 'node:fs';
import nodeFiles from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { SecretStore } from '../../../src/core/base/secretStore.ts';
import type { Clipboard } from '../../../src/core/delivery/clipboard.ts';
import { type Phase, parseIssuance } from '../../../src/core/issuance/issuance.ts';
import type { SharedFolder } from '../../../src/core/base/sharedFolder.ts';

/** The variable that names the file with the step to crash at. Never in what ships: test/manifest looks for it. */
export const crashMarker = 'MAGICBELL_TOKENS_CRASH_AT';

/** What an issuance is made of, as far as it leaves a trace. The POST is the API's: that holds it. */
type Operation =
  | 'store dummy'
  | 'delete dummy'
  | 'claim'
  | `write ${Phase}`
  | 'write rotation'
  | 'store value'
  | 'copy'
  | 'replace .env'
  | 'delete value'
  | 'remove claim';

/** Where an operation is cut off: right before it begins, or right after it has ended. */
export type CrashStep = `${'before' | 'after'} ${Operation}`;

const dummySlot = 'magicbellTokens.undelivered.preflight.';
const valueSlot = 'magicbellTokens.undelivered.';

/** Ends this process the hard way at the step that the file names, once. */
function step(name: CrashStep): void {
  const file = process.env[crashMarker] ?? '';
  let wanted: string;
  try {
    wanted = readFileSync(file, 'utf8');
  } catch {
    // Nothing is to be cut off.
    return;
  }
  if (wanted !== name) return;
  // The host that is started next must get past it.
  rmSync(file);
  process.kill(process.pid, 'SIGKILL');
}

async function cut<T>(operation: Operation | undefined, work: () => PromiseLike<T>): Promise<T> {
  if (operation === undefined) return work();
  step(`before ${operation}`);
  const result = await work();
  step(`after ${operation}`);
  return result;
}

function contentOf(key: string): 'dummy' | 'value' | undefined {
  if (key.startsWith(dummySlot)) return 'dummy';
  return key.startsWith(valueSlot) ? 'value' : undefined;
}

function writingOf(text: string): Operation | undefined {
  const phase = parseIssuance(text)?.phase;
  if (phase !== undefined) return `write ${phase}`;
  return text.includes('"issuanceId"') ? 'write rotation' : undefined;
}

/** A secret storage with a step before and after each operation of an issuance. */
export function crashingSecrets(secrets: SecretStore): SecretStore {
  return {
    get: (key) => secrets.get(key),
    store: (key, value) => {
      const content = contentOf(key);
      return cut(content && `store ${content}`, () => secrets.store(key, value));
    },
    delete: (key) => {
      const content = contentOf(key);
      return cut(content && `delete ${content}`, () => secrets.delete(key));
    },
  };
}

/** A clipboard with a step before and after each writing. */
export function crashingClipboard(clipboard: Clipboard): Clipboard {
  return {
    readText: () => clipboard.readText(),
    writeText: (text) => cut('copy', () => clipboard.writeText(text)),
  };
}

/** The files of the journal and of rotations with a step before and after each operation of an issuance. */
export function crashingJournalFiles(files: SharedFolder): SharedFolder {
  return {
    ...files,
    replace: (name, text) => cut(writingOf(text), () => files.replace(name, text)),
    createExclusively: (name, text) => cut('claim', () => files.createExclusively(name, text)),
    remove: (name) => cut(name.endsWith('.claim') ? 'remove claim' : undefined, () => files.remove(name)),
  };
}

/** Steps before and after a `.env` file is replaced by the one that was written beside it. */
export function crashInDotenv(): void {
  const { rename } = nodeFiles;
  nodeFiles.rename = (from, to) =>
    cut(String(from).endsWith('.magicbell-tmp') ? 'replace .env' : undefined, () => rename(from, to));
  syncBuiltinESMExports();
}
