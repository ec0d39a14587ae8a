import assert from 'node:assert/strict';
import { fetchAllPages, newRows, nextPageOf } from '../../../src/core/magicbell/pagination.ts';
import type { NextPage, Page } from '../../../src/core/magicbell/paging.ts';

describe('nextPageOf', () => {
  const asked = 'limit=50';
  const cases: [unknown, string][] = [
    [undefined, 'last'],
    [null, 'last'],
    ['', 'last'],
    ['  ', 'last'],
    ['#', 'last'],
    ['https://api.magicbell.com/v2/users?limit=50&starting_after=MQ', 'limit=50&starting_after=MQ'],
    ['https://evil.example/steal?limit=50&starting_after=MQ#x', 'limit=50&starting_after=MQ'],
    ['/v1/example?page[next]=abc', 'page[next]=abc'],
    ['?starting_after=a?b', 'starting_after=a?b'],
    ['starting_after=MQ', 'starting_after=MQ'],
    ['page[next]=a/b', 'page[next]=a/b'],
    ['https://user:pass@evil.example?starting_after=MQ', 'starting_after=MQ'],
    ['https://api.magicbell.com/v2/users', 'broken'],
    ['https://api.magicbell.com/v2/users?', 'broken'],
    ['/users', 'broken'],
    ['garbage', 'broken'],
    ['https://evil.example/a=b', 'broken'],
    ['?limit=50', 'broken'],
    [`?a=${'x'.repeat(7998)}`, `a=${'x'.repeat(7998)}`],
    [`?a=${'x'.repeat(7999)}`, 'broken'],
    [7, 'broken'],
    [{}, 'broken'],
    [['?a=b'], 'broken'],
    [false, 'broken'],
  ];
  for (const [link, next] of cases) {
    it(`takes ${(JSON.stringify(link) as string | undefined)?.slice(0, 60) ?? 'undefined'} as ${next.slice(0, 40)}`, () =>
      assert.equal(nextPageOf(link, asked), next));
  }
});

interface Row {
  readonly id: string | undefined;
}
const row = (id: string | undefined): Row => ({ id });
const at = (next: string): NextPage => next as NextPage;

describe('fetchAllPages', () => {
  /** Pages by the query that asks for them. */
  function server(pages: Record<string, Page<Row>>): {
    asked: string[];
    fetch: (next?: NextPage) => Promise<Page<Row>>;
  } {
    const asked: string[] = [];
    return {
      asked,
      fetch: (next) => {
        asked.push(next ?? 'first');
        const page = pages[next ?? 'first'];
        assert.ok(page);
        return Promise.resolve(page);
      },
    };
  }

  it('follows next to the end and leaves out rows that were there', async () => {
    const { asked, fetch } = server({
      first: { items: [row('a'), row('b'), row(undefined)], next: at('2'), unreadableItems: 1 },
      2: { items: [row('b'), row('c'), row(undefined)], next: undefined, unreadableItems: 2 },
    });
    const seen: number[] = [];
    const all = await fetchAllPages(fetch, { onPage: (added) => seen.push(added.length) });
    assert.deepEqual(
      all.items.map(({ id }) => id),
      ['a', 'b', undefined, 'c', undefined],
    );
    assert.deepEqual([all.isComplete, all.unreadableItems], [true, 3]);
    assert.deepEqual(seen, [3, 2]);
    assert.deepEqual(asked, ['first', '2']);
  });

  it('ends at a next that was there, and says that more may be', async () => {
    const { asked, fetch } = server({
      first: { items: [row('a')], next: at('2') },
      2: { items: [row('b')], next: at('3') },
      3: { items: [row('c')], next: at('2') },
    });
    const all = await fetchAllPages(fetch);
    assert.equal(all.isComplete, false);
    assert.equal(all.items.length, 3);
    assert.deepEqual(asked, ['first', '2', '3']);
  });

  it('ends when new cursors bring nothing new', async () => {
    let page = 0;
    const all = await fetchAllPages(() => Promise.resolve({ items: [row('a')], next: at(String(page++)) }));
    assert.equal(all.isComplete, false);
    assert.equal(page, 4);
  });

  it('ends some time though each page brings something new', async () => {
    let page = 0;
    const all = await fetchAllPages(() => Promise.resolve({ items: [row(String(page))], next: at(String(page++)) }));
    assert.deepEqual([all.isComplete, page], [false, 5001]);
  });

  it('goes on over a single empty page', async () => {
    const { fetch } = server({
      first: { items: [], next: at('2') },
      2: { items: [row('b')], next: undefined },
    });
    assert.equal((await fetchAllPages(fetch)).items.length, 1);
  });

  it('says that a list is cut short when its last page says so', async () => {
    const { fetch } = server({ first: { items: [row('a')], next: undefined, isCutShort: true } });
    assert.equal((await fetchAllPages(fetch)).isComplete, false);
  });

  it('stops when aborted', async () => {
    const controller = new AbortController();
    let pages = 0;
    const running = fetchAllPages(
      () => {
        if (++pages === 2) controller.abort(new Error('enough'));
        return Promise.resolve({ items: [row(String(pages))], next: at(String(pages)) });
      },
      { signal: controller.signal },
    );
    await assert.rejects(running, /enough/);
    assert.equal(pages, 2);
  });
});

describe('newRows', () => {
  it('keeps the first of each id, and every row without one', () => {
    const ids = new Set(['a']);
    assert.deepEqual(newRows([row('a'), row('b'), row(undefined), row('b'), row(undefined)], ids), [
      row('b'),
      row(undefined),
      row(undefined),
    ]);
    assert.deepEqual([...ids], ['a', 'b']);
  });
});
