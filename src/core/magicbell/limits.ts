/** MagicBell's limit for names, emails and external ids (OpenAPI document). */
export const maxFieldLength = 255;

/** Characters as people and MagicBell count them: an emoji is one, not two. */
export const characterCount = (text: string): number => Array.from(text).length;
