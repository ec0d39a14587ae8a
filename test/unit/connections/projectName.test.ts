import assert from 'node:assert/strict';
import type { Connection } from '../../../src/core/connections/connection.ts';
import type { Connections } from '../../../src/core/connections/connections.ts';
import { projectLine, saidIn, saidOf, titleIn } from '../../../src/core/connections/projectName.ts';

/** As much of a connection as its name needs. */
const named = (label: string, isProduction = false): Connection =>
  ({ id: `id of ${label}`, label, isProduction }) as Partial<Connection> as Connection;
const among = (...all: readonly Connection[]): { readonly connections: Connections } => ({
  connections: { all, find: (id) => all.find((each) => each.id === id) } as Partial<Connections> as Connections,
});

describe('The name of a project in what is said', () => {
  const acme = named('Acme');
  const live = named('Acme', true);

  it('is left out when there is one that is not production', () => {
    assert.equal(saidIn(among(acme), acme, 'Done.'), 'Done.');
    assert.equal(titleIn(among(acme), acme, 'Rotate'), 'Rotate');
    assert.equal(projectLine(among(acme), acme), '');
  });

  it('is there when there are several, or it is production', () => {
    const several = among(acme, named('Globex'));
    assert.equal(saidIn(several, acme, 'Done.'), 'Acme: Done.');
    assert.equal(saidOf(several, { connectionId: 'id of Globex' }, 'Done.'), 'Globex: Done.');
    assert.equal(projectLine(several, acme), 'Project: Acme\n');
    assert.equal(titleIn(among(live), live, 'Rotate'), 'Rotate · Acme (production)');
    assert.equal(saidIn(among(live), live, 'Done.'), 'Acme (production): Done.');
  });

  it('is not known of a connection that was removed', () => {
    const several = among(acme, live);
    assert.equal(saidIn(several, undefined, 'Done.'), 'Done.');
    assert.equal(saidOf(several, { connectionId: 'gone' }, 'Done.'), 'Done.');
    assert.equal(projectLine(several, undefined), '');
  });
});
