/** A JWT, or one of MagicBell's keys: never searched for, and not kept. */
const secretLike = /eyJ[\w-]{8,}|\b[ps]k_[\w-]{8,}/;

/** Takes what looks like a secret out of a search. What is to be said of it; empty: nothing was taken out. */
export function withoutSecret(input: HTMLInputElement): string {
  if (!secretLike.test(input.value)) return '';
  input.value = '';
  return 'That looks like a token or a key. It was removed, and nothing was searched for.';
}
