import type { CommandTemplate } from './commandTemplates.ts';

const maxTemplates = 50;

/**
 * Reads the command templates of the user's settings: `{ "label": "Vault", "command": ["vault", "kv", "put", "{path}",
 * "token=-"] }`. The user is asked for each placeholder in braces, except for `{variable}`: the name under which the
 * value is stored. Invalid entries are skipped.
 */
export function parseOwnTemplates(setting: unknown): readonly CommandTemplate[] {
  const entries: readonly unknown[] = Array.isArray(setting) ? setting.slice(0, maxTemplates) : [];
  return entries.flatMap((entry) => parseTemplate(entry) ?? []);
}

function parseTemplate(entry: unknown): CommandTemplate | undefined {
  const { label, command } = (entry ?? {}) as Record<string, unknown>;
  if (typeof label !== 'string' || label.trim() === '' || !isCommand(command)) return undefined;
  const [program, ...args] = command;
  // The program itself must not depend on the user's answers.
  if (program === '' || program.includes('{')) return undefined;
  const keys = args.flatMap((argument) => [...argument.matchAll(/\{(\w{1,40})\}/g)].map(([, key = '']) => key));
  const asks = [...new Set(keys)].filter((key) => key !== 'variable').map((key) => ({ key, prompt: `${key}:` }));
  return { label: label.trim(), steps: [[program, ...args]], asks };
}

const isCommand = (value: unknown): value is readonly [string, ...string[]] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string' && !each.includes('\0'));
