/** Parts of a name that say: encrypted, made to be committed, a backup, or not a `.env` file at all. */
const otherParts = new Set(
  [
    'keys encrypted enc crypt gpg pgp asc age sops vault me p7m',
    'example examples sample samples template templates tpl tmpl dist default defaults schema spec types',
    'bak backup backups old orig save saved copy swp swo tmp temp previous prev rej diff patch lock',
    'md txt json yaml yml toml js ts mjs cjs py sh zip gz tar',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Whether a file of this name is one that programs read their settings from: `.env`, `.env.local`, `.env.production`,
 * `.env.production.local`; not one that only looks like it.
 */
export function isDotenvName(name: string): boolean {
  const [empty, env, ...parts] = name.split('.');
  if (empty !== '' || env !== 'env') return false;
  return parts.every((part) => /^[A-Za-z][\w-]*$/.test(part) && !hasOtherPart(part.toLowerCase()));
}

/** `.env.local-backup` is a backup as well. */
function hasOtherPart(part: string): boolean {
  return otherParts.has(part) || part.split(/[-_]/).some((word) => otherParts.has(word));
}
