import assert from 'node:assert/strict';
import { findEncryption } from '../../../src/core/delivery/encryptedText.ts';
import { setVariable } from '../../../src/core/delivery/dotenvText.ts';

describe('findEncryption', () => {
  const cases: readonly (readonly [tool: string, content: string | Buffer])[] = [
    ['sops', 'A=ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ==,type:str]\nsops_version=3.9.1\n'],
    ['sops', 'A=ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ==,type:str]\n'],
    ['sops', 'A_unencrypted=1\nsops_version=3.9.1\n'],
    ['sops', 'A_unencrypted=1\nsops_mac=x\n'],
    ['sops', '{"A_unencrypted":"1","sops":{"version":"3.9.1"}}\n'],
    ['dotenvx', 'DOTENV_PUBLIC_KEY="034af93e"\nA=\n'],
    ['dotenvx', '#/---\nDOTENV_PUBLIC_KEY="034af93e"\nA="encrypted:BDqDBibm4wsYqMpCjTQ6BsDHmMadg9K3"\n'],
    ['dotenvx', 'A=encrypted:BDqDBibm4wsYqMpCjTQ6\n'],
    ['dotenv-vault', '#/--- .env.vault\nDOTENV_VAULT_PRODUCTION="s7NYXa809k"\n'],
    ['git-crypt', Buffer.from('\0GITCRYPT\0\x01\x02', 'latin1')],
    ['ansible-vault', '$ANSIBLE_VAULT;1.1;AES256\n6231\n'],
    ['age', 'age-encryption.org/v1\n-> X25519 abc\n'],
    ['age', '\n-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n'],
    ['GPG', '-----BEGIN PGP MESSAGE-----\n\nhQEMA\n'],
    ['GPG', Buffer.from([0x85, 0x01, 0x0c, 0x03, 0x6a])],
    ['GPG', Buffer.from([0x8c, 0x0d, 0x04, 0x09, 0x03])],
    ['GPG', Buffer.from([0xc1, 0xc0, 0x4c, 0x03, 0x6a])],
    ['GPG', Buffer.from([0x84, 0x5e, 0x03, 0x6a])],
    ['GPG', Buffer.from([0x8c, 0x0d, 0x03, 0x09])],
    ['GPG', Buffer.from([0xc1, 0x4c, 0x03, 0x00])],
    ['GPG', Buffer.from([0xc3, 0x0d, 0x04, 0x09])],
    ['GPG', Buffer.from([0xc3, 0x1d, 0x06, 0x09])],
    ['GPG', '\uFEFF\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n'],
    ['OpenSSL', 'Salted__abc'],
    ['OpenSSL', 'U2FsdGVkX1+abc\n'],
    ['PKCS7', '-----BEGIN PKCS7-----\nMIIBygYJKoZIhvcNAQcDoIIBuw==\n-----END PKCS7-----\n'],
    ['CMS', '-----BEGIN CMS-----\nMIIBygYJKoZIhvcNAQcDoIIBuw==\n-----END CMS-----\n'],
    ['Fernet', 'gAAAAABlV2xk0pS1b0m3c3VwZXJzZWNyZXR0ZXh0aGVyZQ==\n'],
    ['AWS KMS', 'AQICAHh2fT0abcdef==\n'],
    ['Vim', 'VimCrypt~03!abcdef\nA=1\n'],
    ['hiera-eyaml', 'A=ENC[PKCS7,MIIBiQYJKoZIhvcNAQcDoIIBejCCAXYCAQAxggEhMIIBHQ==]\n'],
    ['hiera-eyaml', 'A=ENC[GPG,hQIMA==]\n'],
    ['ejson', '{"_public_key":"63ccf05a","password":"EJ[1:WGj2t4zn:kA6ekF8:fcHQtdt6]"}\n'],
  ];
  for (const [at, [tool, content]] of cases.entries()) {
    it(`recognises ${tool} (${at + 1}), and nothing is written to it`, () => {
      assert.equal(findEncryption(Buffer.from(content)), tool);
      const written = setVariable(Buffer.from(content), 'N', 'new');
      assert.ok(!written.ok, 'it is refused');
      assert.ok(written.problem.includes(tool), written.problem);
    });
  }

  it('takes no bytes for GPG that only begin like it', () => {
    for (const bytes of [
      [0x84, 0x0d, 0x05],
      [0x8c, 0x0d, 0x02],
      [0x85, 0x01, 0x0c, 0x04],
      [0xc1, 0x4c, 0x02, 0x03],
      [0xc1, 0x4c, 0x07, 0x03],
      [0xc1, 0xc0, 0x04],
      [0xc1],
      [0xc2, 0x4c, 0x03],
      [0x41, 0x3d, 0x03, 0x03],
    ])
      assert.equal(findEncryption(Buffer.from(bytes)), undefined, bytes.join(' '));
  });

  it('takes no plain file for one', () => {
    for (const text of [
      '',
      'A=1\n',
      'É=1\n',
      '\uFEFFA=1\n',
      'NOTE=encrypted at rest\n',
      'VAULT=x\n',
      'A=gAAAAAB\n',
      'A=[EJ]\n',
    ])
      assert.equal(findEncryption(Buffer.from(text)), undefined, text);
  });
});
