import { mayBeSecret } from '../core/checking/pastedSecret.ts';

/**
 * Clears a search box that contains something like a secret, because searches are stored. Returns a message about it, or
 * an empty string.
 */
export function withoutSecret(input: HTMLInputElement): string {
  if (!mayBeSecret(input.value)) return '';
  input.value = '';
  return 'That looks like a token or a key. It was removed, and nothing was searched for.';
}
