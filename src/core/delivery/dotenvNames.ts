/** Name parts of files that are encrypted, meant to be committed, backups, or not `.env` files at all. */
const excludedParts = new Set(
  [
    'keys encrypted enc crypt gpg pgp asc age sops vault me p7m secret aes cpt ejson eyaml',
    'example examples sample samples template templates tpl tmpl dist default defaults schema spec types stub',
    'j2 jinja jinja2 erb ejs hbs mustache njk tftpl',
    'bak bk backup backups old orig original save saved copy swp swo tmp temp previous prev rej diff patch lock log',
    'md txt json jsonc yaml yml toml ini js ts mjs cjs mts py rb php sh fish ps1 nix zip gz tar',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Whether programs read their settings from a file of this name: `.env`, `.env.local`, `.env.production`,
 * `.env.production.local`. False for names that only look similar, such as `.env.example`.
 */
export function isDotenvName(name: string): boolean {
  if (!name.startsWith('.env')) return false;
  const [, env, ...parts] = name.split('.');
  if (env !== 'env') return false;
  return parts.every((part) => /^[A-Za-z][\w-]*$/.test(part) && !isExcluded(part.toLowerCase()));
}

/** Also looks at the words of a part: `.env.local-backup` is a backup. */
function isExcluded(part: string): boolean {
  return excludedParts.has(part) || part.split(/[-_]/).some((word) => excludedParts.has(word));
}
