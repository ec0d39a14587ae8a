import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const dayMs = 24 * 60 * 60_000;

/** Dates what the watch has written a day and a minute back, as if that time had passed. */
export function letADayPass(globalStorage: string): void {
  const folder = path.join(globalStorage, 'watch');
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.json'))) {
    const file = path.join(folder, name);
    const record = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    for (const field of ['since', 'noticedAt', 'lookedAt']) {
      const at = record[field];
      if (typeof at === 'string') record[field] = new Date(new Date(at).getTime() - dayMs - 60_000);
    }
    writeFileSync(file, JSON.stringify(record));
  }
}
