import { displayText } from '../base/displayText.ts';

declare const shownBrand: unique symbol;

/** Text that a page may show. Pages take no other: a raw string, or a secret, does not compile in a message. */
export type Shown = string & { readonly [shownBrand]: true };

/** Any text, made fit for a page by `displayText`. */
export const shown = (text: string, maxLength?: number): Shown => displayText(text, 'plain', maxLength) as Shown;
