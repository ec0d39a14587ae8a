import assert from 'node:assert/strict';
import type { Connection } from '../../../src/core/connections/connection.ts';
import type { Connections } from '../../../src/core/connections/connections.ts';
import { projectLine, projectName, saidIn, titleIn } from '../../../src/core/connections/projectName.ts';

const acme = { label: 'Acme', isProduction: false } as unknown as Connection;
const live = { label: 'Live', isProduction: true } as unknown as Connection;
const among = (...all: readonly Connection[]): { readonly connections: Connections } => ({
  connections: { all } as unknown as Connections,
});

describe('The project in a text', () => {
  const cases: readonly (readonly [
    name: string,
    all: readonly Connection[],
    of: Connection,
    texts: readonly string[],
  ])[] = [
    ['is left out when there is no other', [acme], acme, ['Rotate CI', 'Done.', '']],
    ['is named among several', [acme, live], acme, ['Rotate CI · Acme', 'Acme: Done.', 'Project: Acme\n']],
    [
      'is always named when it is production',
      [live],
      live,
      ['Rotate CI · Live (production)', 'Live (production): Done.', 'Project: Live (production)\n'],
    ],
  ];
  for (const [name, all, of, texts] of cases) {
    it(name, () => {
      const context = among(...all);
      assert.deepEqual(
        [titleIn(context, of, 'Rotate CI'), saidIn(context, of, 'Done.'), projectLine(context, of)],
        texts,
      );
    });
  }

  it('says that it is production', () => {
    assert.deepEqual([projectName(acme), projectName(live)], ['Acme', 'Live (production)']);
  });
});
