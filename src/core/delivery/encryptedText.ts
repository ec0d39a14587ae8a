/** How encrypted files begin, by tool. */
const prefixes: readonly (readonly [start: string, tool: string])[] = [
  ['\0GITCRYPT\0', 'git-crypt'],
  ['$ANSIBLE_VAULT;', 'ansible-vault'],
  ['age-encryption.org/', 'age'],
  ['-----BEGIN AGE ENCRYPTED FILE-----', 'age'],
  ['-----BEGIN PGP MESSAGE-----', 'GPG'],
  ['Salted__', 'OpenSSL'],
  ['U2FsdGVkX1', 'OpenSSL'],
  ['-----BEGIN PKCS7-----', 'PKCS7'],
  ['-----BEGIN CMS-----', 'CMS'],
  ['gAAAAA', 'Fernet'],
  ['AQICAH', 'AWS KMS'],
  ['VimCrypt~', 'Vim'],
];
/** What encrypted files contain, by tool. */
const markers: readonly (readonly [word: string, tool: string])[] = [
  ['ENC[AES256_GCM,', 'sops'],
  ['sops_version=', 'sops'],
  ['sops_mac=', 'sops'],
  ['"sops":', 'sops'],
  ['DOTENV_PUBLIC_KEY', 'dotenvx'],
  ['encrypted:B', 'dotenvx'],
  ['DOTENV_VAULT', 'dotenv-vault'],
  ['ENC[PKCS7,', 'hiera-eyaml'],
  ['ENC[GPG,', 'hiera-eyaml'],
  ['"EJ[1:', 'ejson'],
];

/** The tool that encrypted the content; undefined when none is recognised. Linear time. */
export function findEncryption(content: Buffer): string | undefined {
  // The file may start with a byte order mark or empty lines.
  const first = content
    .subarray(0, 256)
    .toString('latin1')
    .replace(/^\xEF\xBB\xBF/, '')
    .trimStart();
  const byStart = prefixes.find(([start]) => first.startsWith(start));
  if (byStart !== undefined) return byStart[1];
  if (isPgpPacket(content)) return 'GPG';
  return markers.find(([word]) => content.includes(word))?.[1];
}

/** Whether it starts, like a GPG file, with a session key encrypted by public key or passphrase (RFC 9580, 4.2, 5). */
function isPgpPacket(content: Buffer): boolean {
  const [tag = 0, length = 0, long = 0] = content;
  if (tag === 0x84 || tag === 0x8c) return content[2] === 3 || content[2] === 4;
  if (tag === 0x85) return content[3] === 3;
  if (tag !== 0xc1 && tag !== 0xc3) return false;
  const version = length < 192 ? long : content[3];
  return version !== undefined && version >= 3 && version <= 6;
}
