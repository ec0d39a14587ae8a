import assert from 'node:assert/strict';
import { type SearchedFolder, findDotenvFiles } from '../../../src/core/delivery/findDotenv.ts';

/** A tree by its files. */
function tree(...files: readonly string[]): SearchedFolder & { readonly listed: string[] } {
  const listed: string[] = [];
  return {
    listed,
    list: (folder) => {
      listed.push(folder);
      const start = folder === '' ? '' : `${folder}/`;
      const below = files.filter((file) => file.startsWith(start)).map((file) => file.slice(start.length));
      const names = new Set(below.map((file) => file.split('/')[0] ?? ''));
      return Promise.resolve([...names].map((name) => ({ name, isFolder: !below.includes(name) })));
    },
    isIgnored: (folder) => Promise.resolve(folder.endsWith('ignored')),
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
    assert.ok(empty.listed.length <= 500, `${empty.listed.length} folders`);
    const cancelled = AbortSignal.abort();
    assert.deepEqual(await findDotenvFiles(tree('.env'), cancelled), []);
  });

  it('passes over what cannot be read', async () => {
    const searched = tree('.env', 'a/.env');
    const list = searched.list.bind(searched);
    const failing = { ...searched, list: (at: string) => (at === 'a' ? Promise.reject(new Error()) : list(at)) };
    assert.deepEqual(await findDotenvFiles(failing), ['.env']);
  });
});
