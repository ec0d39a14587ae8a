/** A text to look for: a string is meant as the whole text, a pattern as it is. */
export type Text = string | RegExp;

/** The pattern that matches the whole of a string, whatever space surrounds it. */
export function exactly(text: Text): RegExp {
  return typeof text === 'string' ? new RegExp(`^\\s*${escapePattern(text)}\\s*$`) : text;
}

/** The pattern that matches what begins with this text, "Tokens" in "Tokens - 3 expiring". */
export function startingWith(text: Text): RegExp {
  return typeof text === 'string' ? new RegExp(`^\\s*${escapePattern(text)}(?![\\p{L}\\p{N}])`, 'u') : text;
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
