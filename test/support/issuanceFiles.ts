import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One file of the issuance journal, as far as tests look at it. */
export interface IssuanceFile {
  readonly id: string;
  readonly phase: string;
  readonly request: { readonly name?: string };
}

/** The names of all files of the issuance journal: issuances and claims. */
export function issuanceFileNames(globalStorage: string): string[] {
  try {
    return readdirSync(path.join(globalStorage, 'issuances')).sort();
  } catch {
    return [];
  }
}

/** What the issuance journal on disk says. */
export function issuances(globalStorage: string): IssuanceFile[] {
  return issuanceFileNames(globalStorage)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(path.join(globalStorage, 'issuances', name), 'utf8')) as IssuanceFile);
}
