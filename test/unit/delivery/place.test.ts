import assert from 'node:assert/strict';
import {
  type Place,
  describePlaces,
  isSamePlace,
  plainClipboard,
  revivePlace,
} from '../../../src/core/delivery/place.ts';

const env: Place = {
  type: 'dotenv',
  folder: '/work',
  path: '/work/.env',
  shown: '.env',
  variable: 'TOKEN',
  agreed: ['outside /work/.env'],
};
const remote: Place = {
  ...{ type: 'remoteDotenv', origin: 'vscode-remote://wsl%2Bubuntu/', folder: '/work', path: '/work/.env' },
  ...{ shown: '.env on wsl+ubuntu', variable: 'TOKEN', agreed: ['remote /work/.env'] },
};
const gh: Place = {
  type: 'command',
  label: 'GitHub secret of a repository',
  steps: [['gh', 'secret', 'set', 'MY TOKEN']],
  folder: '/work',
  opensStdin: false,
};
const terminal: Place = { type: 'terminal', variable: 'TOKEN' };
const header: Place = { type: 'clipboard', format: { type: 'header' } };
const aws: Place = {
  type: 'command',
  label: 'AWS secret',
  steps: [
    ['aws', '--secret-string', 'file:///dev/stdin'],
    ['cat', ''],
  ],
  folder: '/work',
  opensStdin: true,
};
const line: Place = { type: 'clipboard', format: { type: 'export', name: 'TOKEN' } };

describe('A place that a value goes to', () => {
  it('is described by its names', () => {
    assert.equal(describePlaces([env]), 'to .env as TOKEN');
    assert.equal(describePlaces([terminal]), 'to a terminal as TOKEN');
    assert.equal(describePlaces([remote]), 'to .env on wsl+ubuntu as TOKEN');
    assert.equal(
      describePlaces([env, gh, line, plainClipboard]),
      "to .env as TOKEN, to gh secret set 'MY TOKEN', to the clipboard as export TOKEN=… and to the clipboard",
    );
  });

  it('is the same whatever was agreed to about it, and another with any other name', () => {
    assert.ok(isSamePlace(env, { ...env, agreed: [], shown: 'x' }));
    assert.ok(!isSamePlace(env, { ...env, variable: 'OTHER' }));
    assert.ok(!isSamePlace(env, { ...env, path: '/work/.env.local' }));
    assert.ok(!isSamePlace(env, remote));
    assert.ok(isSamePlace(remote, { ...remote, agreed: [] }));
    assert.ok(!isSamePlace(remote, { ...remote, origin: 'vscode-remote://wsl%2Bdebian/' }));
    assert.ok(!isSamePlace(gh, { ...gh, steps: [['gh', 'secret', 'set', 'OTHER']] }));
    assert.ok(!isSamePlace(gh, { ...gh, folder: '/elsewhere' }));
    assert.ok(!isSamePlace(line, plainClipboard));
    assert.ok(!isSamePlace(terminal, { ...terminal, variable: 'OTHER' }));
  });

  for (const place of [env, remote, terminal, gh, aws, line, header, plainClipboard]) {
    it(`comes back from a file: ${describePlaces([place])}`, () => {
      assert.deepEqual(revivePlace(JSON.parse(JSON.stringify(place))), place);
    });
  }

  const strangers: unknown[] = [
    undefined,
    null,
    'clipboard',
    { type: 'pigeon' },
    { type: 'clipboard' },
    { type: 'terminal' },
    { type: 'clipboard', format: { type: 'export' } },
    { type: 'dotenv', folder: '/work', path: '/work/.env', shown: '.env' },
    { type: 'remoteDotenv', folder: '/work', path: '/work/.env', shown: '.env', variable: 'TOKEN' },
    { type: 'command', label: 'x', folder: '/work', steps: [] },
    { type: 'command', label: 'x', folder: '/work', steps: [[1]] },
    { type: 'command', label: 'x', folder: '/work', steps: [[]] },
    { type: 'command', label: 'x', folder: '/work', steps: [['gh'], []] },
    { type: 'command', label: 'x', folder: '/work', steps: [['gh', 1]] },
    { type: 'command', label: 'x', folder: '/work', steps: [['']] },
    { type: 'command', label: 'x', folder: '/work', steps: 'gh' },
    { type: 'command', label: 'x', folder: '', steps: [['gh']] },
    { type: 'command', folder: '/work', steps: [['gh']] },
    { type: 'clipboard', format: { type: 'scroll', name: 'TOKEN' } },
    { type: 'terminal', variable: '' },
    { ...env, type: ['dotenv'] },
    { ...env, folder: undefined },
    { ...env, path: 1 },
    { ...env, shown: null },
    { ...env, variable: '' },
  ];
  it('agrees to nothing that its record does not say in words', () => {
    for (const agreed of [undefined, 'outside', ['outside', 1], [1]])
      assert.deepEqual(revivePlace({ ...env, agreed }), { ...env, agreed: [] }, JSON.stringify(agreed));
  });

  for (const stranger of strangers) {
    it(`is not read from ${JSON.stringify(stranger)}`, () => assert.equal(revivePlace(stranger), undefined));
  }
});
