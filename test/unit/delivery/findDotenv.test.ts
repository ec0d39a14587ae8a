import assert from 'node:assert/strict';
import { type SearchedFolder, findDotenvFiles, newDotenvFiles } from '../../../src/core/delivery/findDotenv.ts';

/** A tree by its files. */
function tree(...files: readonly string[]): SearchedFolder & Record<'listed' | 'asked', string[]> {
  const listed: string[] = [];
  const asked: string[] = [];
  return {
    listed,
    asked,
    list: (folder) => {
      listed.push(folder);
      const start = folder === '' ? '' : `${folder}/`;
      const below = files.filter((file) => file.startsWith(start)).map((file) => file.slice(start.length));
      const names = new Set(below.map((file) => file.split('/')[0] ?? ''));
      return Promise.resolve([...names].map((name) => ({ name, isFolder: !below.includes(name) })));
    },
    isIgnored: (folder) => {
      asked.push(folder);
      return Promise.resolve(folder.endsWith('ignored'));
    },
  };
}

describe('findDotenvFiles', () => {
  it('finds those below, the nearest first, and none in ignored folders', async () => {
    const searched = tree(
      'packages/api/.env',
      'apps/web/.env.local',
      '.env',
      '.env.example',
      'apps/ignored/.env',
      'node_modules/x/.env',
      '.cache/.env',
      'apps/web/src/index.ts',
    );
    assert.deepEqual(await findDotenvFiles(searched), ['.env', 'apps/web/.env.local', 'packages/api/.env']);
    assert.ok(!searched.listed.some((folder) => /ignored|node_modules|cache/.test(folder)), 'not even looked into');
  });

  it('is bounded in depth and breadth, and ends when it is cancelled', async () => {
    const deep = `${'a/'.repeat(8)}.env`;
    assert.deepEqual(await findDotenvFiles(tree(deep, `${'b/'.repeat(6)}.env`)), [`${'b/'.repeat(6)}.env`]);
    const wide = tree(...Array.from({ length: 2000 }, (_, at) => `folder${at}/.env`));
    const found = await findDotenvFiles(wide);
    assert.equal(found.length, 50);
    const empty = tree(...Array.from({ length: 2000 }, (_, at) => `folder${at}/x`));
    await findDotenvFiles(empty);
    assert.equal(empty.listed.length, 500);
    assert.equal(empty.asked.length, 499, 'no other is looked up');
    const cancelled = AbortSignal.abort();
    assert.deepEqual(await findDotenvFiles(tree('.env'), cancelled), []);
  });

  it('looks into at most 500 folders, however they are nested', async () => {
    const nested = tree(...Array.from({ length: 400 }, (_, at) => `folder${at}/inner/x`));
    await findDotenvFiles(nested);
    assert.equal(nested.listed.length, 500);
  });

  it('stops at 50 files, and looks no further then', async () => {
    const many = (count: number, folder = ''): string[] =>
      Array.from({ length: count }, (_, at) => `${folder}.env.stage${String(at).padStart(2, '0')}`);
    const full = tree(...many(60), 'a/.env');
    assert.deepEqual(await findDotenvFiles(full), many(50));
    assert.deepEqual(full.listed, ['']);
    const split = tree(...many(30), ...many(30, 'a/'), 'b/.env');
    assert.deepEqual(await findDotenvFiles(split), [...many(30), ...many(20, 'a/')]);
    assert.deepEqual(split.listed, ['', 'a']);
  });

  it('sorts the files of a folder, and the folders', async () => {
    const searched = tree('b/.env', 'a/.env', '.env.local', '.env');
    assert.deepEqual(await findDotenvFiles(searched), ['.env', '.env.local', 'a/.env', 'b/.env']);
    assert.deepEqual(searched.listed, ['', 'a', 'b']);
  });

  it('looks into a folder of which git cannot say whether it is ignored', async () => {
    const failing = { ...tree('a/.env'), isIgnored: () => Promise.reject(new Error()) };
    assert.deepEqual(await findDotenvFiles(failing), ['a/.env']);
  });

  it('looks at a limited number of folders, ignored ones included', async () => {
    const searched = tree('.env', 'z/.env', ...Array.from({ length: 9000 }, (_, at) => `${at}ignored/x`));
    let judged = 0;
    const isIgnored = (folder: string): Promise<boolean> => {
      judged += 1;
      return searched.isIgnored(folder);
    };
    assert.deepEqual(await findDotenvFiles({ ...searched, isIgnored }), ['.env', 'z/.env']);
    assert.ok(judged <= 3000, `${judged} folders`);
  });

  it('lets other work run all the time, and ends soon after it is cancelled', async () => {
    // Each answer takes a millisecond of work, and none waits for anything.
    let judged = 0;
    const isIgnored = (): Promise<boolean> => {
      judged += 1;
      for (const end = performance.now() + 1; performance.now() < end;);
      return Promise.resolve(true);
    };
    const searched = { ...tree(...Array.from({ length: 2000 }, (_, at) => `folder${at}/x`)), isIgnored };
    const cancelling = new AbortController();
    let turns = 0;
    const tick = (): void => {
      turns += 1;
      if (turns === 5) cancelling.abort();
      else setImmediate(tick);
    };
    setImmediate(tick);
    assert.deepEqual(await findDotenvFiles(searched, cancelling.signal), []);
    assert.equal(turns, 5, 'the other work ran');
    assert.ok(judged < 500, `${judged} folders`);
  });

  it('passes over what cannot be read', async () => {
    const searched = tree('.env', 'a/.env');
    const list = searched.list.bind(searched);
    const failing = { ...searched, list: (at: string) => (at === 'a' ? Promise.reject(new Error()) : list(at)) };
    assert.deepEqual(await findDotenvFiles(failing), ['.env']);
  });
});

describe('newDotenvFiles', () => {
  const cases: readonly (readonly [found: string, offered: string])[] = [
    ['', '.env .env.local'],
    ['.env', '.env.local'],
    ['.env .env.local', ''],
    ['.env.production', '.env .env.local'],
    ['.env apps/api/.env apps/web/.env apps/web/.env.local', '.env.local apps/api/.env.local'],
    ['apps/web/.env apps/web/.env.production x.env/y', '.env .env.local apps/web/.env.local'],
  ];
  const names = (text: string): readonly string[] => text.split(' ').filter((name) => name !== '');
  for (const [found, offered] of cases)
    it(`offers “${offered}” beside “${found}”`, () => assert.deepEqual(newDotenvFiles(names(found)), names(offered)));

  it('offers a limited number', () => {
    assert.equal(newDotenvFiles(Array.from({ length: 50 }, (_, at) => `${at}/.env`)).length, 10);
  });
});
