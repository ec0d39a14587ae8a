/** Name parts of files that are encrypted, meant to be committed, backups, or not `.env` files at all. */
const excludedParts = new Set(
  [
    'keys encrypted enc crypt gpg pgp asc age sops vault me p7m',
    'example examples sample samples template templates tpl tmpl dist default defaults schema spec types',
    'bak backup backups old orig save saved copy swp swo tmp temp previous prev rej diff patch lock',
    'md txt json yaml yml toml js ts mjs cjs py sh zip gz tar',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Whether programs read their settings from a file of this name: `.env`, `.env.local`, `.env.production`,
 * `.env.production.local`. False for names that only look similar, such as `.env.example`.
 */
export function isDotenvName(name: string): boolean {
  const [empty, env, ...parts] = name.split('.');
  if (empty !== '' || env !== 'env') return false;
  return parts.every((part) => /^[A-Za-z][\w-]*$/.test(part) && !isExcluded(part.toLowerCase()));
}

/** Also looks at the words of a part: `.env.local-backup` is a backup. */
function isExcluded(part: string): boolean {
  return excludedParts.has(part) || part.split(/[-_]/).some((word) => excludedParts.has(word));
}
