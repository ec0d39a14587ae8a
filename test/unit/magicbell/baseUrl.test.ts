import assert from 'node:assert/strict';
import { parseBaseUrl } from '../../../src/core/magicbell/baseUrl.ts';

describe('parseBaseUrl', () => {
  const accepted: [string, string][] = [
    ['https://api.magicbell.com/v2', 'https://api.magicbell.com/v2'],
    ['https://api.magicbell.com', 'https://api.magicbell.com/v2'],
    ['https://api.magicbell.com/', 'https://api.magicbell.com/v2'],
    ['https://api.magicbell.com//', 'https://api.magicbell.com/v2'],
    ['  https://api.magicbell.com/v2/// \n', 'https://api.magicbell.com/v2'],
    ['HTTPS://API.MagicBell.COM/v2', 'https://api.magicbell.com/v2'],
    ['https://api.magicbell.com:443/v2', 'https://api.magicbell.com/v2'],
    ['https://api.magicbell.com./v2', 'https://api.magicbell.com/v2'],
    ['https://api.magicbell.com:8443/v2', 'https://api.magicbell.com:8443/v2'],
    ['https://proxy.example/magicbell//v2', 'https://proxy.example/magicbell/v2'],
    ['https://proxy.example/other/../v2', 'https://proxy.example/v2'],
    ['https://bücher.example', 'https://xn--bcher-kva.example/v2'],
    ['http://localhost:4010', 'http://localhost:4010/v2'],
    ['http://LOCALHOST:4010/v2', 'http://localhost:4010/v2'],
    ['http://127.0.0.1:4010/v2', 'http://127.0.0.1:4010/v2'],
    ['http://127.8.9.10', 'http://127.8.9.10/v2'],
    ['http://0x7f.1/v2', 'http://127.0.0.1/v2'],
    ['http://[::1]:4010/v2', 'http://[::1]:4010/v2'],
  ];
  for (const [text, baseUrl] of accepted) {
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseBaseUrl(text), { ok: true, baseUrl }));
  }

  it('gives back what it gave', () => {
    for (const [, baseUrl] of accepted) assert.deepEqual(parseBaseUrl(baseUrl), { ok: true, baseUrl });
  });

  const refused: [string, RegExp][] = [
    ['', /Enter/],
    ['   ', /Enter/],
    ['api.magicbell.com', /https/],
    ['https:api.magicbell.com', /https/],
    ['https:///v2', /https/],
    ['ftp://api.magicbell.com', /https/],
    ['xhttps://api.magicbell.com', /https/],
    ['javascript:alert(1)', /https/],
    ['file:///etc/passwd', /https/],
    ['http://api.magicbell.com/v2', /https/],
    ['http://127.0.0.1.evil.example/v2', /https/],
    ['http://localhost.evil.example/v2', /https/],
    ['http://evil.example/127.0.0.1', /https/],
    ['http://10.0.0.1', /https/],
    ['http://0.0.0.0', /https/],
    ['http://[::2]', /https/],
    ['https://hana:hunter22@api.magicbell.com', /user name/],
    ['https://hana@api.magicbell.com', /user name/],
    ['https://@api.magicbell.com', /user name/],
    ['https://api.magicbell.com\\@evil.example', /backslash/],
    ['https://api.magicbell.com/v2?x=1', /query/],
    ['https://api.magicbell.com/v2?', /query/],
    ['https://api.magicbell.com/v2#top', /fragment/],
    ['https://api.magicbell.com#', /fragment/],
    ['https://api.mag\nicbell.com', /invisible/],
    ['https://api.magic\u200bbell.com', /invisible/],
    ['https://api magicbell.com', /spaces/],
    ['https://api.magicbell.com:99999', /valid/],
    ['https://[::1', /valid/],
    ['https://.', /valid/],
    ['https://%', /valid/],
  ];
  for (const [text, problem] of refused) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      const result = parseBaseUrl(text);
      assert.ok(!result.ok);
      assert.match(result.problem, problem);
      assert.doesNotMatch(result.problem, /hana|hunter22|evil/);
    });
  }
});
