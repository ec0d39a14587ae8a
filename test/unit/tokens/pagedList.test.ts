import assert from 'node:assert/strict';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { NextPage, ListPage } from '../../../src/core/magicbell/paging.ts';
import { PagedList } from '../../../src/core/tokens/pagedList.ts';
import { settle } from '../../support/fakeClock.ts';

interface Row {
  readonly id: string | undefined;
  readonly text?: string;
}

const rows = (...keys: string[]): Row[] => keys.map((id) => ({ id }));
const page = (next: string | undefined, ...keys: string[]): ListPage<Row> => ({
  items: rows(...keys),
  next: next as NextPage | undefined,
});
const offline = new MagicBellError('offline', '');

describe('PagedList', () => {
  /** The answer to the page that starts here; '' is the first. */
  let answers: Map<string, ListPage<Row> | Error>;
  let asked: string[];
  let signals: AbortSignal[];
  let list: PagedList<Row>;
  /** While there is one, answers wait for it. */
  let gate: Promise<void> | undefined;
  let changes: number;

  beforeEach(() => {
    answers = new Map<string, ListPage<Row> | Error>([
      ['', page('2', 'a', 'b')],
      ['2', page('3', 'c', 'd')],
      ['3', page(undefined, 'e')],
    ]);
    asked = [];
    signals = [];
    gate = undefined;
    list = new PagedList<Row>({
      fetchPage: async ({ next = '' }, { signal }) => {
        asked.push(next);
        if (signal !== undefined) signals.push(signal);
        const answer = answers.get(next) ?? page(undefined);
        await gate;
        if (signal?.aborted === true) throw new MagicBellError('cancelled', '');
        if (answer instanceof Error) throw answer;
        return answer;
      },
      pageSize: () => 2,
    });
    changes = 0;
    list.onDidChange(() => (changes += 1));
  });

  const keys = (): string => list.items.map(({ id }) => id ?? '-').join('');
  function hold(): () => void {
    let release: () => void = () => undefined;
    gate = new Promise((resolve) => (release = resolve));
    return () => {
      gate = undefined;
      release();
    };
  }

  /** A list whose requests ignore their signal, and are answered by the test. */
  function stubbornList(): { readonly stubborn: PagedList<Row>; readonly answers: ((page: ListPage<Row>) => void)[] } {
    const answers: ((page: ListPage<Row>) => void)[] = [];
    const stubborn = new PagedList<Row>({
      fetchPage: () => new Promise((resolve) => answers.push(resolve)),
      pageSize: () => 2,
    });
    return { stubborn, answers };
  }

  it('knows nothing before it is asked to load', () => {
    assert.deepEqual(
      [list.isLoaded, list.isLoading, list.hasMore, list.error, asked.length],
      [false, false, false, undefined, 0],
    );
  });

  it('loads the first page once, also for several that ask at once', async () => {
    const loading = [list.load(), list.load()];
    assert.equal(list.isLoading, true);
    await Promise.all(loading);
    await list.load();
    assert.deepEqual(asked, ['']);
    assert.deepEqual([keys(), list.hasMore, list.isLoaded, list.isLoading], ['ab', true, true, false]);
    assert.ok(changes > 0);
  });

  it('loads more to the end', async () => {
    await list.loadMore();
    await list.loadMore();
    await list.loadMore();
    await list.loadMore();
    assert.deepEqual([keys(), list.hasMore, asked.join()], ['abcde', false, ',2,3']);
  });

  it('loads each page once when more is asked for twice at once', async () => {
    await list.load();
    await Promise.all([list.loadMore(), list.loadMore()]);
    assert.deepEqual([keys(), asked.join()], ['abcde', ',2,3']);
  });

  it('keeps what it has when a load fails, with the failure beside it', async () => {
    await list.load();
    answers.set('2', offline);
    await list.loadMore();
    assert.deepEqual([keys(), list.error, list.hasMore], ['ab', offline, true]);
    answers.set('2', page('3', 'c', 'd'));
    await list.loadMore();
    assert.deepEqual([keys(), list.error], ['abcd', undefined]);
  });

  it('is no empty list when the first load fails, and does not keep the failure for the next', async () => {
    answers.set('', offline);
    await list.load();
    assert.deepEqual([list.isLoaded, list.error], [false, offline]);
    answers.set('', page(undefined));
    await list.load();
    assert.deepEqual([list.isLoaded, list.error, keys()], [true, undefined, '']);
  });

  it('passes on what is no error of MagicBell, and works again after it', async () => {
    answers.set('', new TypeError('a mistake'));
    await assert.rejects(list.load(), /a mistake/);
    assert.equal(list.isLoading, false);
    answers.set('', page(undefined, 'a'));
    await list.load();
    assert.equal(keys(), 'a');
  });

  it('loads more until something new comes, and says so when nothing does', async () => {
    answers.set('2', page('3', 'a', 'b'));
    await list.load();
    await list.loadMore();
    assert.deepEqual([keys(), list.hasMore, asked.join()], ['abe', false, ',2,3']);
    answers.set('3', page('4', 'a'));
    await list.refresh();
    await list.loadMore();
    assert.deepEqual([keys(), list.gap], ['ab', undefined]);
    answers.set('4', page('5', 'b'));
    await list.refresh();
    await list.loadMore();
    assert.deepEqual([keys(), list.hasMore, list.gap?.cutShort], ['ab', false, 'nothingNew']);
  });

  it('asks for all pages of a list in the size of its first one: an API may count pages', async () => {
    const limits: number[] = [];
    let pageSize = 20;
    const resized = new PagedList<Row>({
      fetchPage: ({ next = '', limit }) => {
        limits.push(limit);
        return Promise.resolve(answers.get(next) as ListPage<Row>);
      },
      pageSize: () => pageSize,
    });
    await resized.load();
    pageSize = 50;
    await resized.loadMore();
    await resized.loadMore();
    assert.deepEqual(limits, [20, 20, 20]);
    await resized.refresh();
    assert.deepEqual(limits.slice(3), [50, 50, 50]);
  });

  it('leaves it to the client which load goes first: a person’s goes before what is loaded for later', async () => {
    const priorities: (string | undefined)[] = [];
    const next = new PagedList<Row>({
      fetchPage: (_request, { priority }) => {
        priorities.push(priority);
        return Promise.resolve(page(String(priorities.length), String(priorities.length)));
      },
      pageSize: () => 1,
    });
    await next.load();
    await next.loadMore();
    await next.refresh();
    const aborter = new AbortController();
    await next.loadAll({ signal: aborter.signal, onProgress: () => aborter.abort() });
    assert.deepEqual(priorities, [undefined, undefined, 'background', 'background', 'background']);
  });

  describe('loadAll', () => {
    const progress = (): {
      signal: AbortSignal;
      onProgress: (n: number) => void;
      seen: number[];
      abort: () => void;
    } => {
      const aborter = new AbortController();
      const seen: number[] = [];
      return { signal: aborter.signal, onProgress: (n) => seen.push(n), seen, abort: () => aborter.abort() };
    };

    it('loads what is left and says how far it is', async () => {
      const options = progress();
      await list.loadAll(options);
      assert.deepEqual([keys(), list.hasMore, options.seen], ['abcde', false, [4, 5]]);
    });

    it('stops when it is cancelled, and keeps what has come', async () => {
      await list.load();
      const options = progress();
      const loading = list.loadAll({
        signal: options.signal,
        onProgress: () => options.abort(),
      });
      await loading;
      assert.deepEqual([keys(), list.hasMore, list.error, asked.join()], ['abcd', true, undefined, ',2']);
    });

    it('gives a cancelling to the page under way', async () => {
      await list.load();
      const release = hold();
      const options = progress();
      const loading = list.loadAll(options);
      await settle();
      options.abort();
      release();
      await loading;
      assert.equal(signals.at(-1)?.aborted, true);
      assert.deepEqual([keys(), list.error], ['ab', undefined]);
      await list.loadMore();
      assert.equal(keys(), 'abcd');
    });

    it('does not wait for the load before it once it is cancelled', async () => {
      await list.load();
      const release = hold();
      const refreshing = list.refresh();
      const options = progress();
      const loading = list.loadAll(options);
      await settle();
      options.abort();
      await loading;
      assert.deepEqual([list.isLoading, asked.join()], [true, ',']);
      release();
      await refreshing;
      assert.deepEqual([keys(), list.isLoading, list.error], ['ab', false, undefined]);
    });

    it('gives up where ever new pages bring nothing new, and says so', async () => {
      let pages = 0;
      const endless = new PagedList<Row>({
        fetchPage: () => Promise.resolve(page(String((pages += 1)), ...(pages === 3 ? ['new'] : ['a']))),
        pageSize: () => 1,
      });
      const progress: number[] = [];
      await endless.loadAll({ signal: new AbortController().signal, onProgress: (loaded) => progress.push(loaded) });
      assert.deepEqual(
        [endless.gap?.cutShort, endless.hasMore, pages, progress],
        ['nothingNew', false, 6, [1, 2, 2, 2, 2]],
      );
    });

    it('says what its requests wait for', async () => {
      const waits: string[] = [];
      const waiting = new PagedList<Row>({
        fetchPage: ({ next }, { onWait }) => {
          onWait?.(new Date('2026-11-25T12:00:00Z'), 'budget');
          return Promise.resolve(next === undefined ? page('2', 'a') : page(next === '2' ? '3' : undefined, next));
        },
        pageSize: () => 2,
      });
      await waiting.loadAll({ ...progress(), onWait: (_until, reason) => waits.push(reason) });
      assert.deepEqual(waits, ['budget', 'budget', 'budget']);
    });

    it('keeps what has come when a page fails', async () => {
      answers.set('3', offline);
      await list.loadAll(progress());
      assert.deepEqual([keys(), list.error, list.hasMore], ['abcd', offline, true]);
    });
  });

  describe('refresh', () => {
    it('loads as much as there was', async () => {
      await list.load();
      await list.loadMore();
      answers.set('', page('2', 'z', 'a'));
      answers.set('2', page('3', 'b', 'c'));
      asked = [];
      await list.refresh();
      assert.deepEqual([keys(), list.hasMore, asked.join()], ['zabc', true, ',2']);
    });

    it('keeps the old rows until all new ones have come, and when they do not', async () => {
      await list.load();
      await list.loadMore();
      answers.set('', page('2', 'z'));
      answers.set('2', offline);
      const release = hold();
      const refreshing = list.refresh();
      await settle();
      assert.equal(keys(), 'abcd');
      release();
      await refreshing;
      assert.deepEqual([keys(), list.error, list.hasMore], ['abcd', offline, true]);
    });

    it('stays due after it has failed, whatever is loaded after it, until it succeeds', async () => {
      await list.load();
      answers.set('', offline);
      await list.refresh();
      assert.deepEqual([list.isStale, list.error], [true, offline]);
      await list.loadMore();
      assert.deepEqual([keys(), list.isStale, list.error], ['abcd', true, offline]);
      answers.set('', page('2', 'z', 'a'));
      await list.refresh();
      assert.deepEqual([keys(), list.isStale, list.error], ['zacd', false, undefined]);
    });

    it('is not what mends a page that failed', async () => {
      await list.load();
      answers.set('2', offline);
      await list.loadMore();
      assert.deepEqual([list.isStale, list.error], [false, offline]);
      answers.set('2', page(undefined, 'c'));
      await list.loadMore();
      assert.deepEqual([keys(), list.isStale, list.error], ['abc', false, undefined]);
    });

    it('mends a list whose pages led round in a circle', async () => {
      answers.set('2', page('2', 'c'));
      await list.load();
      await list.loadMore();
      assert.deepEqual([keys(), list.hasMore, list.gap?.cutShort], ['abc', false, 'repeats']);
      answers.set('2', page(undefined, 'c'));
      await list.refresh();
      assert.deepEqual([keys(), list.hasMore, list.gap], ['abc', false, undefined]);
    });

    it('ends with fewer rows, and with none', async () => {
      await list.load();
      answers.set('', page(undefined));
      await list.refresh();
      assert.deepEqual([keys(), list.isLoaded, list.hasMore], ['', true, false]);
    });

    it('goes on over a page that brings nothing, and ends where they all do', async () => {
      await list.load();
      answers.set('', page('2'));
      await list.refresh();
      assert.deepEqual([keys(), list.hasMore, list.gap], ['cd', true, undefined]);
      for (const [here, next] of ['', '2', '3', '4'].entries()) answers.set(next, page(String(here + 2)));
      await list.refresh();
      assert.deepEqual([keys(), list.hasMore, list.gap?.cutShort], ['', false, 'nothingNew']);
    });

    it('loses no row where pages overlap', async () => {
      answers.set('2', page('3', 'b', 'c'));
      answers.set('3', page('4', 'c', 'd'));
      answers.set('4', page('5', 'd', 'e'));
      answers.set('5', page(undefined, 'f'));
      for (let count = 0; count < 4; count++) await list.loadMore();
      assert.deepEqual([keys(), list.hasMore], ['abcde', true]);
      await list.refresh();
      assert.deepEqual([keys(), list.hasMore], ['abcde', true]);
    });

    it('says how far it is and can be cancelled, with the rows and the failure of before', async () => {
      await list.load();
      await list.loadMore();
      answers.set('', offline);
      await list.refresh();
      answers.set('', page('2', 'x', 'y'));
      const aborter = new AbortController();
      const seen: number[] = [];
      const onProgress = (loaded: number): void => {
        seen.push(loaded);
        aborter.abort();
      };
      await list.refresh({ signal: aborter.signal, onProgress });
      assert.deepEqual([keys(), list.error, list.isStale, seen], ['abcd', offline, true, [2]]);
      await list.refresh({ signal: new AbortController().signal, onProgress });
      assert.deepEqual([keys(), list.error, list.isStale, seen], ['xycd', undefined, false, [2, 2, 4]]);
    });

    it('loads to the end what was loaded to the end, though it has grown', async () => {
      await list.loadAll({ signal: new AbortController().signal, onProgress: () => undefined });
      answers.set('3', page('4', 'e', 'f'));
      answers.set('4', page(undefined, 'g'));
      await list.refresh();
      assert.deepEqual([keys(), list.hasMore], ['abcdefg', false]);
    });

    it('loads as much as there was of a list that led round in a circle, and no more', async () => {
      answers.set('2', page('2', 'c'));
      await list.load();
      await list.loadMore();
      answers.set('2', page('3', 'c'));
      await list.refresh();
      assert.deepEqual([keys(), list.hasMore, list.gap], ['abc', true, undefined]);
    });

    it('loads what was never loaded', async () => {
      await list.refresh();
      assert.equal(keys(), 'ab');
    });
  });

  describe('rows that come twice', () => {
    it('show once, as they came last', async () => {
      answers.set('2', { items: [{ id: 'b', text: 'new' }, { id: 'c' }], next: undefined });
      await list.loadMore();
      await list.loadMore();
      assert.equal(keys(), 'abc');
      assert.equal(list.find('b')?.text, 'new');
    });

    it('are no matter when they have no identity', async () => {
      answers.set('', { items: [{ id: undefined }, { id: undefined }], next: undefined });
      await list.load();
      assert.equal(list.items.length, 2);
    });
  });

  it('ends at a page that was there before, and says so', async () => {
    answers.set('3', page('2', 'e'));
    await list.loadAll({ signal: new AbortController().signal, onProgress: () => undefined });
    assert.deepEqual([keys(), list.hasMore, list.error, list.gap?.cutShort], ['abcde', false, undefined, 'repeats']);
    assert.equal(asked.length, 3);
  });

  for (const [what, flaw] of [
    ['rows that cannot be read', { unreadableItems: 2 }],
    ['a next page that cannot be followed', { cutShort: 'unreadableLink' }],
  ] as const) {
    it(`says what is missing after ${what}, until it is refreshed`, async () => {
      answers.set('', { ...page(undefined, 'a'), ...flaw });
      await list.load();
      assert.deepEqual(list.gap, { unreadableItems: 0, cutShort: undefined, ...flaw });
      assert.deepEqual([keys(), list.error], ['a', undefined]);
      answers.set('', page(undefined, 'a'));
      await list.refresh();
      assert.equal(list.gap, undefined);
    });
  }

  describe('upsert', () => {
    it('finds by key what is there', async () => {
      await list.load();
      assert.deepEqual([list.find('b'), list.find('c')], [{ id: 'b' }, undefined]);
    });

    it('puts in, and puts in the place of', async () => {
      await list.load();
      const before = list.items;
      list.upsert({ id: 'x' });
      list.upsert({ id: 'a', text: 'changed' });
      list.upsert({ id: undefined });
      assert.equal(keys(), 'abx-');
      assert.equal(list.find('a')?.text, 'changed');
      assert.deepEqual(before, rows('a', 'b'));
    });

    it('outlasts an answer that was on its way', async () => {
      await list.load();
      const release = hold();
      const refreshing = list.refresh();
      await settle();
      list.upsert({ id: 'new' });
      list.upsert({ id: 'a', text: 'revoked' });
      list.upsert({ id: undefined, text: 'no identity' });
      release();
      await refreshing;
      assert.equal(keys(), 'abnew');
      assert.equal(list.find('a')?.text, 'revoked');
      await list.refresh();
      assert.deepEqual([keys(), list.find('a')?.text], ['abcd', undefined]);
    });
  });

  describe('reset', () => {
    it('forgets everything and drops the answer under way', async () => {
      await list.load();
      const release = hold();
      const loading = list.loadMore();
      await settle();
      list.reset();
      assert.equal(signals.at(-1)?.aborted, true);
      assert.deepEqual([keys(), list.isLoaded, list.hasMore, list.isLoading], ['', false, false, false]);
      release();
      await loading;
      assert.deepEqual([keys(), list.error], ['', undefined]);
    });

    it('drops an answer that comes all the same', async () => {
      let answer: (page: ListPage<Row>) => void = () => undefined;
      const stubborn = new PagedList<Row>({
        fetchPage: () => new Promise((resolve) => (answer = resolve)),
        pageSize: () => 2,
      });
      const first = stubborn.load();
      stubborn.reset();
      answer(page(undefined, 'old'));
      await first;
      assert.deepEqual([stubborn.items.length, stubborn.isLoaded], [0, false]);
      const second = stubborn.load();
      answer(page(undefined, 'new'));
      await second;
      assert.deepEqual(stubborn.items, rows('new'));
    });

    it('drops the rows of a refresh that come all the same', async () => {
      const { stubborn, answers } = stubbornList();
      const first = stubborn.load();
      answers.shift()?.(page(undefined, 'a'));
      await first;
      const refreshing = stubborn.refresh();
      await settle();
      stubborn.reset();
      answers.shift()?.(page(undefined, 'old'));
      await refreshing;
      assert.deepEqual([stubborn.items, stubborn.isLoaded], [[], false]);
    });

    it('leaves a load that began after it alone when one from before ends', async () => {
      const { stubborn, answers } = stubbornList();
      const before = stubborn.load();
      stubborn.reset();
      const after = stubborn.load();
      await settle();
      answers.shift()?.(page(undefined, 'old'));
      await before;
      assert.equal(stubborn.isLoading, true);
      answers.shift()?.(page(undefined, 'new'));
      await after;
      assert.deepEqual([stubborn.items, stubborn.isLoading], [rows('new'), false]);
    });

    it('ends that a refresh is due', async () => {
      await list.load();
      answers.set('', offline);
      await list.refresh();
      list.reset();
      answers.set('', page('2', 'a'));
      answers.set('2', offline);
      await list.load();
      await list.loadMore();
      assert.deepEqual([list.error, list.isStale], [offline, false]);
    });

    for (const what of ['loadMore', 'loadAll'] as const) {
      it(`drops a further page that comes all the same (${what})`, async () => {
        const { stubborn, answers } = stubbornList();
        const first = stubborn.load();
        answers.shift()?.(page('2', 'a'));
        await first;
        const { signal } = new AbortController();
        const more =
          what === 'loadMore' ? stubborn.loadMore() : stubborn.loadAll({ signal, onProgress: () => undefined });
        await settle();
        stubborn.reset();
        answers.shift()?.(page('3', 'old'));
        await more;
        assert.deepEqual([stubborn.items, stubborn.hasMore, answers.length], [[], false, 0]);
      });
    }

    it('drops those who wait for their turn', async () => {
      const release = hold();
      const waiting = [list.load(), list.loadMore(), list.refresh()];
      list.reset();
      release();
      await Promise.all(waiting);
      assert.deepEqual([asked.length, keys()], [1, '']);
    });
  });

  it('is silent after the end', async () => {
    const loading = list.load();
    list.dispose();
    await loading;
    assert.equal(changes, 0);
  });
});
