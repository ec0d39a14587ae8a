import assert from 'node:assert/strict';
import { CheckedSecretStore } from '../../../src/core/base/secretStore.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { SigningKeyVault, parseProjectApiKey, parseSecretKey } from '../../../src/core/signing/signingKeys.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { SecretDisk } from '../../support/fakeSecretStore.ts';
import { Lifeline } from '../../support/lifeline.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl';

describe('parseProjectApiKey', () => {
  it('takes a project API key, with space around it', () => {
    for (const text of [' pk_abc-123\n', 'MAGICBELL_API_KEY="pk_abc-123"', '"api_key": "pk_abc-123",']) {
      const parsed = parseProjectApiKey(text);
      assert.equal(parsed.ok && parsed.key.reveal(), 'pk_abc-123', text);
    }
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['', /^Paste/],
    ['x pk_abc', /^A project API key starts with pk_/],
    [jwt, /This is a token/],
    ['sk_abc123', /This is a Secret Key/],
    ['abc123', /starts with pk_/],
    ['pk_', /whole key/],
    ['pk_abc def', /whole key/],
    ['pk_ä', /whole key/],
  ];
  for (const [text, problem] of refused) {
    it(`refuses ${JSON.stringify(text)}, and does not quote it`, () => {
      const parsed = parseProjectApiKey(text);
      assert.ok(!parsed.ok);
      assert.match(parsed.problem, problem);
      if (text.length > 3) assert.ok(!parsed.problem.includes(text));
    });
  }
});

describe('parseSecretKey', () => {
  it('takes what could be one, with space around it', () => {
    for (const text of ['sk_abc', 'xpk_abc', ' hU3k/9+=\r\n']) {
      const parsed = parseSecretKey(text);
      assert.ok(parsed.ok);
      assert.equal(parsed.key.reveal(), text.trim());
    }
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    [' ', /Paste the Secret Key/],
    [jwt, /This is a token/],
    ['pk_abc123', /project API key/],
    ['two words', /no spaces/],
    ['schlüssel', /no spaces/],
  ];
  for (const [text, problem] of refused) {
    it(`refuses ${JSON.stringify(text)}, and does not quote it`, () => {
      const parsed = parseSecretKey(text);
      assert.ok(!parsed.ok);
      assert.match(parsed.problem, problem);
      if (text.length > 3) assert.ok(!parsed.problem.includes(text));
    });
  }
});

describe('SigningKeyVault', () => {
  const disk = new SecretDisk();
  const vault = new SigningKeyVault(new CheckedSecretStore(disk.shared(new Lifeline()), new FakeClock()));

  it('keeps the Secret Key only when it is given', async () => {
    assert.equal(await vault.read(), undefined);
    await vault.save({ apiKey: new Secret('pk_1'), secretKey: new Secret('secret') });
    assert.equal((await vault.read())?.secretKey?.reveal(), 'secret');
    await vault.save({ apiKey: new Secret('pk_1'), secretKey: undefined });
    const kept = await vault.read();
    assert.equal(kept?.apiKey.reveal(), 'pk_1');
    assert.equal(kept.secretKey, undefined);
    assert.ok(![...disk.slots.values()].some((text) => text.includes('secret"')));
    await vault.clear();
    assert.equal(disk.slots.size, 0);
  });

  it('takes nothing for keys that is not', async () => {
    for (const text of ['', '{', '{"apiKey":1}', '[]']) {
      disk.slots.set('magicbellTokens.signingKeys', text);
      assert.equal(await vault.read(), undefined);
    }
  });
});
