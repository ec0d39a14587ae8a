import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** The files below a folder that hold a text. */
export function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const file = path.join(folder, name);
    return statSync(file).isFile() && readFileSync(file, 'utf8').includes(text);
  });
}
