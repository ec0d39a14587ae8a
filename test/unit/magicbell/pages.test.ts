import assert from 'node:assert/strict';
import { fetchAllPages, newRows, PageTrail, pagesOf } from '../../../src/core/magicbell/pages.ts';
import type { NextPage, ListPage } from '../../../src/core/magicbell/paging.ts';

interface Row {
  readonly id: string | undefined;
}
const row = (id: string | undefined): Row => ({ id });
const at = (next: string): NextPage => next as NextPage;

describe('fetchAllPages', () => {
  /** Pages by the query that asks for them. */
  function server(pages: Record<string, ListPage<Row>>): {
    asked: string[];
    fetch: (next?: NextPage) => Promise<ListPage<Row>>;
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
    const all = await fetchAllPages(fetch);
    assert.deepEqual(
      all.items.map(({ id }) => id),
      ['a', 'b', undefined, 'c', undefined],
    );
    assert.deepEqual([all.cutShort, all.unreadableItems], [undefined, 3]);
    assert.deepEqual(asked, ['first', '2']);
  });

  it('ends at a next that was there, and says that more may be', async () => {
    const { asked, fetch } = server({
      first: { items: [row('a')], next: at('2') },
      2: { items: [row('b')], next: at('3') },
      3: { items: [row('c')], next: at('2') },
    });
    const all = await fetchAllPages(fetch);
    assert.equal(all.cutShort, 'repeats');
    assert.equal(all.items.length, 3);
    assert.deepEqual(asked, ['first', '2', '3']);
  });

  it('ends when new cursors bring nothing new', async () => {
    let page = 0;
    const all = await fetchAllPages(() => Promise.resolve({ items: [row('a')], next: at(String(page++)) }));
    assert.equal(all.cutShort, 'nothingNew');
    assert.equal(page, 4);
  });

  it('ends some time though each page brings something new', async () => {
    let page = 0;
    const all = await fetchAllPages(() => Promise.resolve({ items: [row(String(page))], next: at(String(page++)) }));
    assert.deepEqual([all.cutShort, page], ['tooLong', 5000]);
  });

  it('goes on over a single empty page', async () => {
    const { fetch } = server({
      first: { items: [], next: at('2') },
      2: { items: [row('b')], next: undefined },
    });
    assert.equal((await fetchAllPages(fetch)).items.length, 1);
  });

  it('says that a list is cut short when its last page says so', async () => {
    const { fetch } = server({ first: { items: [row('a')], next: undefined, cutShort: 'unreadableLink' } });
    assert.equal((await fetchAllPages(fetch)).cutShort, 'unreadableLink');
  });

  it('stops when aborted', async () => {
    const controller = new AbortController();
    let pages = 0;
    const running = fetchAllPages(() => {
      if (++pages === 2) controller.abort(new Error('enough'));
      return Promise.resolve({ items: [row(String(pages))], next: at(String(pages)) });
    }, controller.signal);
    await assert.rejects(running, /enough/);
    assert.equal(pages, 2);
  });
});

describe('pagesOf', () => {
  const pages = new Map<string, ListPage<Row>>([
    ['first', { items: [row('a'), row('b')], next: at('2') }],
    ['2', { items: [row('b'), row('c')], next: at('3'), unreadableItems: 1 }],
    ['3', { items: [row('d')], next: undefined }],
  ]);

  it('goes on with its trail after a failure, knowing what was there', async () => {
    const trail = new PageTrail();
    let isBroken = true;
    const fetch = (next?: NextPage): Promise<ListPage<Row>> =>
      next === '2' && isBroken
        ? Promise.reject(new Error('broken'))
        : Promise.resolve(pages.get(next ?? 'first') ?? assert.fail('no such page'));
    const added: string[] = [];
    const walk = async (): Promise<void> => {
      for await (const page of pagesOf(fetch, trail)) added.push(page.added.map(({ id }) => id).join(''));
    };
    assert.deepEqual([trail.hasBegun, trail.isOver], [false, false]);
    await assert.rejects(walk(), /broken/);
    assert.deepEqual([trail.hasBegun, trail.isOver, trail.next], [true, false, '2']);
    isBroken = false;
    await walk();
    assert.deepEqual(added, ['ab', 'c', 'd']);
    assert.deepEqual([trail.isOver, trail.cutShort, trail.unreadableItems], [true, undefined, 1]);
  });

  it('asks for no page before it is wanted, and goes on where it was left', async () => {
    const trail = new PageTrail();
    const asked: string[] = [];
    const fetch = (next?: NextPage): Promise<ListPage<Row>> => {
      asked.push(next ?? 'first');
      return Promise.resolve(pages.get(next ?? 'first') ?? assert.fail('no such page'));
    };
    for await (const page of pagesOf(fetch, trail)) if (page.items.length > 0) break;
    assert.deepEqual(asked, ['first']);
    for await (const page of pagesOf(fetch, trail)) assert.ok(page.items.length > 0, 'an empty page');
    assert.deepEqual(asked, ['first', '2', '3']);
  });

  it('has a limit that can be set', async () => {
    let count = 0;
    const trail = new PageTrail(2);
    const fetch = (): Promise<ListPage<Row>> =>
      Promise.resolve({ items: [row(String(count))], next: at(String(count++)) });
    for await (const page of pagesOf(fetch, trail)) assert.equal(page.added.length, 1);
    assert.deepEqual([count, trail.cutShort, trail.next], [2, 'tooLong', undefined]);
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
