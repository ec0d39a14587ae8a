import type { Switches } from './switches.ts';

const maxLength = 255;
const latestExpiryMs = Date.UTC(9999, 11, 31);

type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with a creation, in the words of MagicBell's framework. */
export function creationProblems(
  kind: 'project' | 'user',
  fields: Fields,
  from: Date,
  { emptyName, noRecipient }: Switches,
): string[] {
  const texts = kind === 'project' ? ['name'] : ['email', 'external_id', 'name'];
  const problems = texts.flatMap((name) => textProblems(name, fields[name]));
  if (problems.length === 0 && kind === 'project' && isMissing(fields['name'], emptyName)) {
    problems.push("Param 'name' is missing");
  }
  const isNobody = textOrNull(fields['email']) === null && textOrNull(fields['external_id']) === null;
  if (problems.length === 0 && kind === 'user' && isNobody && noRecipient === 'refused') {
    problems.push("Param 'email' or 'external_id' is missing");
  }
  return [...problems, ...expiryProblems(fields['expiry'] ?? null, from)];
}

export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isMissing(name: unknown, emptyName: Switches['emptyName']): boolean {
  return textOrNull(name) === null && !(name === '' && emptyName === 'accepted');
}

function textProblems(name: string, value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'string') return [`Param '${name}' should be of type string`];
  // Characters, not UTF-16 units: the API is not written in JavaScript.
  return Array.from(value).length > maxLength ? [`Param '${name}' is too long`] : [];
}

function expiryProblems(expiry: unknown, from: Date): string[] {
  if (expiry === null) return [];
  if (typeof expiry !== 'number' || !Number.isInteger(expiry)) return ["Param 'expiry' should be of type integer"];
  if (expiry < 1) return ["Param 'expiry' is too small"];
  return from.getTime() + expiry * 1000 > latestExpiryMs ? ["Param 'expiry' is too large"] : [];
}
