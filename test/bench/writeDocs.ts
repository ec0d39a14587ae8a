import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { projectDir } from '../support/vscode/paths.ts';
import { growthPicture } from './growthPicture.ts';
import type { GrowthSample } from './growthSample.ts';
import { type Table, asMarkdown } from './table.ts';

const document = path.join(projectDir, 'docs', 'PERFORMANCE.md');

/** Puts a table between `<!-- name -->` and `<!-- /name -->` of docs/PERFORMANCE.md. @throws when they are not there */
export async function writeTable(name: string, lead: string, table: Table): Promise<void> {
  const text = readFileSync(document, 'utf8');
  const place = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(\n<!-- /${name} -->)`);
  if (!place.test(text)) throw new Error(`${document} has no place for "${name}".`);
  const content = [lead, asMarkdown(table)].filter((part) => part !== '').join('\n\n');
  const written = text.replace(place, (_all, start: string, end: string) => `${start}\n${content}\n${end}`);
  writeFileSync(document, await format(written, { ...(await resolveConfig(document)), parser: 'markdown' }));
}

export function writePicture(growth: ReadonlyMap<number, readonly GrowthSample[]>): void {
  writeFileSync(path.join(projectDir, 'docs', 'pictures', 'growth.svg'), growthPicture(growth));
}
