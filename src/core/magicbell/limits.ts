/** MagicBell's limit for names, emails and external ids (OpenAPI document). */
export const maxFieldLength = 255;

/** A little below MagicBell's own limit, 250 reads a minute, which the project's production shares. */
export const readsPerMinute = 240;

/** Characters as people and MagicBell count them: an emoji is one, not two. */
export const characterCount = (text: string): number => Array.from(text).length;
