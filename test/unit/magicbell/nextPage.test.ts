import assert from 'node:assert/strict';
import { nextPageOf, pageQuery } from '../../../src/core/magicbell/nextPage.ts';
import type { NextPage } from '../../../src/core/magicbell/paging.ts';

const at = (next: string): NextPage => next as NextPage;

describe('nextPageOf', () => {
  const last = { page: undefined };
  const unreadable = { cutShort: 'unreadableLink' };
  const cases: [unknown, object][] = [
    [undefined, last],
    [null, last],
    ['', last],
    ['  ', last],
    ['#', last],
    ['https://api.magicbell.com/v2/users?limit=50&starting_after=MQ', { page: 'starting_after=MQ' }],
    ['https://evil.example/steal?limit=50&starting_after=MQ#x', { page: 'starting_after=MQ' }],
    ['/v1/example?page[next]=abc', { page: 'page%5Bnext%5D=abc' }],
    ['/v1/example?page%5Bafter%5D=abc&page%5Bsize%5D=2', { page: 'page%5Bafter%5D=abc' }],
    ['/v1/example?page%5bafter%5d=abc', { page: 'page%5Bafter%5D=abc' }],
    ['?starting_after=a?b', { page: 'starting_after=a%3Fb' }],
    ['starting_after=MQ', { page: 'starting_after=MQ' }],
    ['?starting_after=a/b', { page: 'starting_after=a%2Fb' }],
    ['?starting_after=MQ==', { page: 'starting_after=MQ%3D%3D' }],
    ['?starting_after=MQ%3D%3D', { page: 'starting_after=MQ%3D%3D' }],
    ['?starting_after=a+b/c', { page: 'starting_after=a%2Bb%2Fc' }],
    ['?starting_after=a%2Bb', { page: 'starting_after=a%2Bb' }],
    ['?starting_after=100%', { page: 'starting_after=100%25' }],
    ['https://user:pass@evil.example?starting_after=MQ', { page: 'starting_after=MQ' }],
    // The other parameters are repeated decoded.
    ['https://api/v2/users?query=a+b@x.com&starting_after=Mg', { page: 'starting_after=Mg' }],
    ['https://api/v2/users?query=R&D team&starting_after=Mg', { page: 'starting_after=Mg' }],
    ['https://api/v2/users?query=#1&starting_after=Mg', { page: 'starting_after=Mg' }],
    ['https://api/v2/users?query=100%&starting_after=Mg&x=y', { page: 'starting_after=Mg' }],
    ['https://api/v2/users?query=a&starting_after=b&starting_after=Mg', { page: 'starting_after=Mg' }],
    ['https://api.magicbell.com/v2/users', unreadable],
    ['https://api.magicbell.com/v2/users?', unreadable],
    ['/users', unreadable],
    ['garbage', unreadable],
    ['?limit=50', unreadable],
    ['?starting_after=', unreadable],
    ['?not_starting_after=MQ', unreadable],
    ['?ending_before=MQ', unreadable],
    ['?starting_after=\uD800', unreadable],
    [`?starting_after=${'x'.repeat(4000)}`, { page: `starting_after=${'x'.repeat(4000)}` }],
    [`?starting_after=${'x'.repeat(4001)}`, unreadable],
    [7, unreadable],
    [{}, unreadable],
    [['?starting_after=b'], unreadable],
    [false, unreadable],
  ];
  for (const [link, expected] of cases) {
    it(`takes ${(JSON.stringify(link) as string | undefined)?.slice(0, 60) ?? 'undefined'} as ${JSON.stringify(expected).slice(0, 50)}`, () =>
      assert.deepEqual(nextPageOf(link, undefined), expected));
  }

  it('sees a page that names itself', () => {
    assert.deepEqual(nextPageOf('/users?starting_after=MQ', at('starting_after=MQ')), { cutShort: 'repeats' });
    assert.deepEqual(nextPageOf('/users?starting_after=Mg', at('starting_after=MQ')), { page: 'starting_after=Mg' });
  });

  const searches = [
    'a&starting_after=b',
    '?starting_after=b',
    'starting_after=b',
    'R&D',
    '#1 fan',
    'a+b c',
    '$&',
    '100%',
  ];
  for (const query of searches) {
    it(`takes no cursor out of the search for ${query}, wherever that stands`, () => {
      for (const spelled of [query, encodeURIComponent(query), new URLSearchParams({ query }).toString().slice(6)]) {
        for (const link of [`?query=${spelled}&starting_after=Mg`, `?starting_after=Mg&limit=50&query=${spelled}`])
          assert.deepEqual(nextPageOf(link, undefined, { query }), { page: 'starting_after=Mg' });
        assert.deepEqual(nextPageOf(`?limit=50&query=${spelled}`, undefined, { query }), unreadable);
      }
    });
  }

  it('reads the longest link in no time', () => {
    const startedAt = performance.now();
    for (const text of ['?starting_after=', '&', '?page[', 'page%5Bafter', '?']) {
      nextPageOf(text.repeat((5 * 1024 * 1024) / text.length), undefined, { query: text });
    }
    assert.ok(performance.now() - startedAt < 5000, 'it took too long');
  });
});

describe('pageQuery', () => {
  it('keeps the limit and the filter with each page', () => {
    assert.equal(pageQuery(50, undefined), 'limit=50');
    assert.equal(pageQuery(50, undefined, { query: 'R&D team+' }), 'limit=50&query=R%26D+team%2B');
    assert.equal(pageQuery(50, at('starting_after=Mg'), { query: 'R&D' }), 'limit=50&query=R%26D&starting_after=Mg');
  });
});
