import { displayText } from '../base/displayText.ts';

declare const shownBrand: unique symbol;

/** Text that is safe to show on a page. Messages accept no raw strings, and so no secrets. */
export type Shown = string & { readonly [shownBrand]: true };

/** Makes a text safe for a page with `displayText`. */
export const shown = (text: string, maxLength?: number): Shown => displayText(text, 'plain', maxLength) as Shown;
