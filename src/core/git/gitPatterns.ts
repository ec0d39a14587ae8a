/** One line of a `.gitignore`, in bytes as Latin-1 text, since git matches bytes. */
interface Pattern {
  readonly text: string;
  /** Ignores; false for a line with `!`. */
  readonly ignores: boolean;
  /** Matches folders only. */
  readonly isForFolders: boolean;
  /** Matches a name in any folder, as opposed to a path. */
  readonly isName: boolean;
}

/** The patterns of one ignore file (gitignore(5)), to be asked about paths relative to its folder. */
export class GitPatterns {
  private readonly patterns: readonly Pattern[];
  private readonly ignoreCase: boolean;

  constructor(text: string, ignoreCase: boolean) {
    this.ignoreCase = ignoreCase;
    this.patterns = text
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .flatMap((line) => this.parse(line));
  }

  /** Whether these patterns ignore the path or take it back; undefined when they do not say. Its folders do not count. */
  verdict(path: string, isFolder: boolean): boolean | undefined {
    const text = this.comparable(path);
    const name = text.slice(text.lastIndexOf('/') + 1);
    return this.patterns.findLast(
      (pattern) => (isFolder || !pattern.isForFolders) && matches(pattern.text, pattern.isName ? name : text),
    )?.ignores;
  }

  private parse(line: string): Pattern[] {
    const [, negation, rest = ''] = /^(!?)(.*)$/.exec(withoutTrailingSpaces(line)) ?? [];
    if (rest === '' || line.startsWith('#')) return [];
    const isForFolders = rest.endsWith('/');
    const text = isForFolders ? rest.slice(0, -1) : rest;
    const isName = !text.includes('/');
    return [{ text: this.comparable(text.replace(/^\//, '')), ignores: negation === '', isForFolders, isName }];
  }

  private comparable(text: string): string {
    const bytes = Buffer.from(text).toString('latin1');
    if (!this.ignoreCase) return bytes;
    return bytes.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replaceAll('[:upper:]', '[:alpha:]');
  }
}

/** A space counts when a backslash stands before it. */
function withoutTrailingSpaces(line: string): string {
  const [kept = ''] = /^(?:[^\\ ]|\\.?| +(?! *$))*/.exec(line) ?? [];
  return kept;
}

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
function matches(pattern: string, text: string): boolean {
  // Each pair of positions is tried once, so that no pattern takes long.
  const failed = new Set<number>();
  const from = (p: number, t: number): boolean => {
    const key = p * (text.length + 1) + t;
    if (failed.has(key)) return false;
    const isMatch = step(p, t);
    if (!isMatch) failed.add(key);
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
      return set !== undefined && set.isMatch && character !== '/' && from(set.end, t + 1);
    }
    const literal = sign === '\\' ? p + 1 : p;
    return pattern[literal] === character && from(literal + 1, t + 1);
  };
  const stars = (p: number, t: number): boolean => {
    let next = p;
    while (pattern[next] === '*') next += 1;
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

/** Whether `[…]` holds the character, and where it ends; undefined when it does not end. */
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
