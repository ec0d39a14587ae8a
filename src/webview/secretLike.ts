import { mayBeSecret } from '../core/checking/pastedSecret.ts';

/** Takes what looks like a secret out of a search, which is kept. What is to be said of it; empty: nothing was taken out. */
export function withoutSecret(input: HTMLInputElement): string {
  if (!mayBeSecret(input.value)) return '';
  input.value = '';
  return 'That looks like a token or a key. It was removed, and nothing was searched for.';
}
