import assert from 'node:assert/strict';
import { startLocalApi, type LocalApi } from '../server/localApi.ts';
import type { Switches } from '../server/switches.ts';
import { create, jsonOf, messagesOf, pageOf, pathOf, send, type Page } from './localApiWire.ts';

describe('local API: paging', () => {
  let api: LocalApi;

  beforeEach(async () => {
    api = await startLocalApi({ token: 'admin' });
    for (let index = 1; index <= 7; index++) {
      api.state.addProjectToken({ name: `t${index}`, createdAt: new Date(Date.UTC(2026, 0, index)) });
    }
  });
  afterEach(() => api.close());

  const get = async (path: string): Promise<Page> => pageOf(await send(api, 'GET', path));
  const names = (page: Page): unknown[] => page.data.map(({ name }) => name);

  /** Follows `next` from the first page to the last. */
  async function walk(first: string): Promise<unknown[][]> {
    const pages: unknown[][] = [];
    for (let path: string | null = first; path !== null;) {
      const page: Page = await get(path);
      pages.push(names(page));
      path = page.links.next ? pathOf(api, page.links.next) : null;
    }
    return pages;
  }

  for (const [generation, size, after, before] of [
    ['today', 'limit', 'starting_after', 'ending_before'],
    ['December 2024', 'page[size]', 'page[after]', 'page[before]'],
  ] as const) {
    describe(generation, () => {
      const query = (name: string, value: string | number): string => `${encodeURIComponent(name)}=${value}`;

      it('reaches every row once, newest first', async () => {
        assert.deepEqual(await walk(`/jwt/project?${query(size, 3)}`), [
          ['t7', 't6', 't5'],
          ['t4', 't3', 't2'],
          ['t1'],
        ]);
      });

      it('names absolute links with its own parameters, the other ones kept', async () => {
        api.set({ links: 'encoded' });
        const { links } = await get(`/jwt/project?x=%26y&${query(size, 3)}`);
        const next = new URL(links.next ?? '');
        assert.equal(next.origin + next.pathname, `${api.url}/jwt/project`);
        assert.deepEqual([...next.searchParams.keys()].sort(), [after, size, 'x'].sort());
        assert.equal(next.searchParams.get('x'), '&y');
        assert.equal(next.searchParams.get(size), '3');
        assert.equal(links.first, `${api.url}/jwt/project?x=%26y&${query(size, 3)}`);
        assert.equal(links.prev, null);
      });

      it('repeats the other parameters decoded, as recorded, cursor last', async () => {
        const { links } = await get(`/jwt/project?x=a%2Bb%26c%20%23d&${query(size, 3)}`);
        assert.equal(links.first, `${api.url}/jwt/project?x=a+b&c #d&${size}=3`);
        assert.match(links.next ?? '', new RegExp(`x=a\\+b&c #d&.*&${after.replace(/[[\]]/g, '\\$&')}=\\w+$`));
      });

      it('goes back by prev', async () => {
        const first = await get(`/jwt/project?${query(size, 3)}`);
        const second = await get(pathOf(api, first.links.next));
        assert.equal(second.links.first, first.links.first);
        assert.ok(new URL(second.links.prev ?? '').searchParams.has(before));
        const back = await get(pathOf(api, second.links.prev));
        assert.deepEqual(names(back), names(first));
        assert.equal(back.links.prev, null);
        assert.equal(back.links.next, first.links.next);
      });

      it('goes back from the last page by one page, not to the start', async () => {
        const first = await get(`/jwt/project?${query(size, 2)}`);
        const second = await get(pathOf(api, first.links.next));
        const third = await get(pathOf(api, second.links.next));
        assert.deepEqual(await get(pathOf(api, third.links.prev)), second);
      });

      it('accepts brackets that are not encoded', async () => {
        assert.equal((await get(`/jwt/project?${size}=2`)).data.length, 2);
      });

      it('refuses a cursor that it did not make with 400, or 500 when told to', async () => {
        const id = api.state.projectTokens()[0]?.id ?? '';
        const own =
          new URL((await get(`/jwt/project?${query(size, 2)}`)).links.next ?? '').searchParams.get(after) ?? '';
        for (const cursor of [id, 'MQ', 'eyJ4IjoxfQ', '%F0%9F%94%94', `${own}=`]) {
          for (const name of [after, before]) {
            api.set({ badCursorStatus: 400 });
            const refused = await send(api, 'GET', `/jwt/project?${query(name, cursor)}`);
            assert.deepEqual(
              [refused.status, messagesOf(refused)],
              [400, ['invalid query param starting_after or ending_before - must be a valid cursor']],
              cursor,
            );
            api.set({ badCursorStatus: 500 });
            assert.equal((await send(api, 'GET', `/jwt/project?${query(name, cursor)}`)).status, 500);
          }
        }
      });

      it('refuses a size that is no positive whole number', async () => {
        for (const value of ['0', '-1', '1.5', 'ten', '1e400']) {
          assert.equal((await send(api, 'GET', `/jwt/project?${query(size, value)}`)).status, 422, value);
        }
      });
    });
  }

  it('ends with next: null', async () => {
    const { links } = await get('/jwt/project');
    assert.deepEqual(links, { first: `${api.url}/jwt/project`, next: null, prev: null });
    const { next } = (await get('/jwt/project?limit=7')).links;
    assert.equal(next, null);
  });

  it('gives an empty list an array, and first as an address or as an empty string', async () => {
    for (const path of ['/users', '/users?query=nobody']) {
      api.set({ firstOfEmptyList: 'address' });
      assert.deepEqual(await get(path), { data: [], links: { first: api.url + path, next: null, prev: null } });
      api.set({ firstOfEmptyList: 'emptyString' });
      assert.equal((await get(path)).links.first, '');
    }
  });

  it('keeps query in the links of users', async () => {
    for (let index = 0; index < 5; index++) api.state.addUser({ email: `user+${index}@example.com` });
    const page = await get('/users?query=user%2B&limit=2');
    assert.ok(page.links.next?.includes('?query=user+&'), page.links.next ?? 'none');
    api.set({ links: 'encoded' });
    const encoded = await get('/users?query=user%2B&limit=2');
    const next = await get(pathOf(api, encoded.links.next));
    assert.equal(new URL(next.links.next ?? '').searchParams.get('query'), 'user+');
    assert.deepEqual([page.data.length, next.data.length], [2, 2]);
  });

  it('pages users by number when told to, so that one is missed when another goes', async () => {
    api.set({ userCursors: 'pageNumber', order: 'oldestFirst' });
    const users = ['a', 'b', 'c', 'd', 'e'].map((externalId) => api.state.addUser({ externalId }));
    const idsOf = (page: Page): unknown[] => page.data.map(({ external_id }) => external_id);
    const first = await get('/users?limit=2');
    assert.equal(first.links.next, `${api.url}/users?limit=2&starting_after=MQ`);
    const second = await get('/users?limit=2&starting_after=MQ');
    assert.deepEqual([idsOf(second), second.links.prev], [['c', 'd'], `${api.url}/users?limit=2&ending_before=Mg`]);
    assert.equal(second.links.next, `${api.url}/users?limit=2&starting_after=Mg`);
    assert.deepEqual(idsOf(await get('/users?limit=2&ending_before=Mg')), ['a', 'b']);
    assert.deepEqual(idsOf(await get('/users?limit=3&starting_after=MQ')), ['d', 'e']);
    assert.equal((await get('/users?limit=2&starting_after=Mg')).links.next, null);
    assert.deepEqual((await get('/users?limit=2&starting_after=OQ')).data, []);
    api.state.removeUser(users[0]?.id ?? '');
    assert.deepEqual(idsOf(await get('/users?limit=2&starting_after=MQ')), ['d', 'e']);
    assert.equal((await send(api, 'GET', '/users?starting_after=MA')).status, 400);
    assert.match((await get('/jwt/project?limit=2')).links.next ?? '', /starting_after=eyJ/);
  });

  it('pages the tokens of a user', async () => {
    const user = api.state.addUser({ externalId: 'usr_1' });
    for (let index = 1; index <= 3; index++) {
      api.state.addUserToken(user.id, { name: `u${index}`, createdAt: new Date() });
    }
    assert.deepEqual(await walk(`/jwt/user/${user.id}?limit=2`), [['u3', 'u2'], ['u1']]);
  });

  it('serves 50 rows by default and 100 at most, both switchable', async () => {
    for (let index = 0; index < 150; index++) api.state.addProjectToken({ name: 'more', createdAt: new Date() });
    const lengths = async (...paths: string[]): Promise<number[]> =>
      Promise.all(paths.map(async (path) => (await get(path)).data.length));
    assert.deepEqual(await lengths('/jwt/project', '/jwt/project?limit=100', '/jwt/project?limit=101'), [50, 100, 100]);
    api.set({ defaultLimit: 10, maxLimit: 25 });
    assert.deepEqual(await lengths('/jwt/project', '/jwt/project?page%5Bsize%5D=100'), [10, 25]);
  });

  it('loses and repeats nothing when rows come and go between two pages', async () => {
    const first = await get('/jwt/project?limit=3');
    await create(api, 'project', { name: 'new' });
    await send(api, 'DELETE', `/jwt/project/${String(first.data[2]?.['id'])}`);
    assert.deepEqual(names(await get(pathOf(api, first.links.next))), ['t4', 't3', 't2']);
  });

  for (const [order, expected] of [
    ['newestFirst', ['t7', 't6', 't5', 't4', 't3', 't2', 't1']],
    ['oldestFirst', ['t1', 't2', 't3', 't4', 't5', 't6', 't7']],
  ] as const) {
    it(`lists in the order ${order}`, async () => {
      api.set({ order });
      assert.deepEqual((await walk('/jwt/project?limit=2')).flat(), expected);
    });
  }

  it('lists shuffled, still each row once', async () => {
    for (let index = 8; index <= 40; index++) api.state.addProjectToken({ name: `t${index}`, createdAt: new Date() });
    const ordered = names(await get('/jwt/project'));
    api.set({ order: 'shuffled' });
    const shuffled = (await walk('/jwt/project?limit=3')).flat();
    assert.notDeepEqual(shuffled, ordered);
    assert.deepEqual(shuffled.sort(), ordered.sort());
  });

  for (const [collection, keys] of [
    ['full', ['data', 'links']],
    ['noData', ['links']],
    ['noLinks', ['data']],
    ['emptyObject', []],
  ] as const satisfies [Switches['collection'], string[]][]) {
    it(`answers a collection that is ${collection}`, async () => {
      api.set({ collection });
      for (const path of ['/jwt/project', '/users']) {
        assert.deepEqual(Object.keys(jsonOf(await send(api, 'GET', path))), keys);
      }
    });
  }
});
