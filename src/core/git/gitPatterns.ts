/** One line of a `.gitignore`, in bytes as Latin-1 text, since git matches bytes. */
interface Pattern {
  readonly text: string;
  /** True when the pattern ignores; false for a line with `!`. */
  readonly ignores: boolean;
  /** Matches folders only. */
  readonly isForFolders: boolean;
  /** Matches a name in any folder, as opposed to a path. */
  readonly isName: boolean;
  /** Without signs such as `*`. */
  readonly isLiteral: boolean;
}

/** How much may still be spent on matching. One budget can be shared by many verdicts. */
export interface MatchBudget {
  steps: number;
}

/** The patterns of one ignore file (gitignore(5)). Paths are relative to its folder. */
export class GitPatterns {
  private readonly patterns: readonly Pattern[];
  private readonly ignoreCase: boolean;

  constructor(text: string, ignoreCase: boolean) {
    this.ignoreCase = ignoreCase;
    // Converted as a whole: there may be a line for every second byte.
    this.patterns = this.comparable(text.replace(/^\uFEFF/, ''))
      .split('\n')
      .flatMap((line) => parse(line.endsWith('\r') ? line.slice(0, -1) : line));
  }

  /**
   * Whether these patterns ignore or re-include the path; undefined when none matches. Does not look at the folders
   * above it.
   *
   * @throws when matching would take longer than one verdict may, or than the shared budget allows
   */
  verdict(path: string, isFolder: boolean, shared: MatchBudget = { steps: maxSteps }): boolean | undefined {
    const text = this.comparable(path);
    const name = text.slice(text.lastIndexOf('/') + 1);
    const steps = Math.min(maxSteps, shared.steps);
    const budget = { steps };
    try {
      return this.patterns.findLast(
        (pattern) => (isFolder || !pattern.isForFolders) && matches(pattern, pattern.isName ? name : text, budget),
      )?.ignores;
    } finally {
      shared.steps -= steps - budget.steps;
    }
  }

  private comparable(text: string): string {
    const bytes = Buffer.from(text).toString('latin1');
    if (!this.ignoreCase) return bytes;
    return bytes.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replaceAll('[:upper:]', '[:alpha:]');
  }
}

function parse(line: string): readonly Pattern[] {
  if (line === '' || line.startsWith('#')) return [];
  const ignores = !line.startsWith('!');
  const rest = withoutTrailingSpaces(ignores ? line : line.slice(1));
  if (rest === '') return [];
  const isForFolders = rest.endsWith('/');
  const path = isForFolders ? rest.slice(0, -1) : rest;
  const isName = !path.includes('/');
  const text = path.startsWith('/') ? path.slice(1) : path;
  return [{ text, ignores, isForFolders, isName, isLiteral: !/[*?[\\]/.test(text) }];
}

/** A trailing space counts only after a backslash. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ') end -= 1;
  let backslashes = 0;
  while (line[end - 1 - backslashes] === '\\') backslashes += 1;
  return line.slice(0, backslashes % 2 === 1 && end < line.length ? end + 1 : end);
}

/** Longer patterns are not tried: no path is longer. */
const maxPatternLength = 4096;
/** About some tens of milliseconds: a hundred times what a large project needs. */
const maxSteps = 150_000;

const classes: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[^ -~\x80-\xFF]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\r]/,
  upper: /[A-Z]/,
  xdigit: /[A-Fa-f0-9]/,
};

/** Git's `wildmatch` for paths: `*` and `?` stop at slashes, `**` between slashes does not. */
function matches({ text: pattern, isLiteral }: Pattern, text: string, budget: MatchBudget): boolean {
  // A comparison costs a part of a step.
  budget.steps -= 0.1;
  if (isLiteral) return pattern === text;
  if (pattern.length > maxPatternLength) throw new Error('a pattern is too long');
  // Starting a match costs as much as some steps.
  budget.steps -= 4;
  const spend = (steps: number): void => {
    budget.steps -= steps;
    if (budget.steps < 0) throw new Error('the patterns take too long');
  };
  // Each pair of positions is tried once, so the time is bounded.
  let failed: Set<number> | undefined;
  const from = (p: number, t: number): boolean => {
    spend(1);
    const key = p * (text.length + 1) + t;
    if (failed?.has(key) === true) return false;
    const isMatch = step(p, t);
    if (!isMatch) (failed ??= new Set()).add(key);
    return isMatch;
  };
  const step = (p: number, t: number): boolean => {
    const sign = pattern[p];
    if (sign === undefined) return t === text.length;
    if (sign === '*') return stars(p, t);
    const character = text[t];
    if (character === undefined) return false;
    if (sign === '?') return character !== '/' && from(p + 1, t + 1);
    if (sign === '[') {
      const set = matchSet(pattern, p + 1, character);
      spend((set?.end ?? pattern.length) - p);
      return set !== undefined && set.isMatch && character !== '/' && from(set.end, t + 1);
    }
    const literal = sign === '\\' ? p + 1 : p;
    return pattern[literal] === character && from(literal + 1, t + 1);
  };
  const stars = (p: number, t: number): boolean => {
    let next = p;
    while (pattern[next] === '*') next += 1;
    spend(next - p);
    const spansFolders =
      next - p > 1 && (p === 0 || pattern[p - 1] === '/') && /^(?:$|\\?\/)/.test(pattern.slice(next, next + 2));
    if (spansFolders && pattern[next] === '/' && from(next + 1, t)) return true;
    for (let end = t; ; end++) {
      if (from(next, end)) return true;
      if (end === text.length || (!spansFolders && text[end] === '/')) return false;
    }
  };
  return from(0, 0);
}

/** Whether a set `[…]` contains the character, and where the set ends; undefined when it does not end. */
function matchSet(
  pattern: string,
  start: number,
  character: string,
): { readonly isMatch: boolean; readonly end: number } | undefined {
  const isNegated = pattern[start] === '!' || pattern[start] === '^';
  const first = isNegated ? start + 1 : start;
  let isFound = false;
  let previous: string | undefined;
  for (let at = first; ; at++) {
    let sign = pattern[at];
    if (sign === undefined) return undefined;
    if (sign === ']' && at > first) return { isMatch: isFound !== isNegated, end: at + 1 };
    const bound = pattern[at + 1];
    if (sign === '-' && previous !== undefined && bound !== undefined && bound !== ']') {
      at += bound === '\\' ? 2 : 1;
      const last = pattern[at];
      if (last === undefined) return undefined;
      isFound ||= previous <= character && character <= last;
      previous = undefined;
      continue;
    }
    if (sign === '[' && bound === ':') {
      const end = pattern.indexOf(']', at + 2);
      if (end === -1) return undefined;
      if (end > at + 2 && pattern[end - 1] === ':') {
        const named = classes[pattern.slice(at + 2, end - 1)];
        if (named === undefined) return undefined;
        isFound ||= named.test(character);
        previous = undefined;
        at = end;
        continue;
      }
    }
    if (sign === '\\') {
      at += 1;
      sign = pattern[at];
      if (sign === undefined) return undefined;
    }
    isFound ||= sign === character;
    previous = sign;
  }
}
