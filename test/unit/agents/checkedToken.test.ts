import assert from 'node:assert/strict';
import { SignJWT } from 'jose';
import { answerText } from '../../../src/core/agents/answer.ts';
import { checkLine, lineOf, mayBeOf, tokenIn } from '../../../src/core/agents/checkedToken.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import type { BaseUrl } from '../../../src/core/magicbell/baseUrl.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { aToken } from '../../support/builders.ts';
import { hostileNames, plantedValue } from '../../support/hostileNames.ts';

const now = new Date('2026-11-25T12:00:00Z');
const jwt = (claims: Record<string, unknown>): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from('a key of the tests, long enough'));

const dataOf = (value: string) =>
  checkLine({ token: tokenIn(new Secret(value)), connections: [], record: undefined, now }).data;

describe('A token in a line of a file', () => {
  it('is taken from its line by number, whatever ends the lines', () => {
    assert.equal(lineOf('a\r\nb\nc', 2), 'b');
    assert.equal(lineOf('a\nb', 3), undefined);
  });

  it('is recognised, and no part of it is in what is said', async () => {
    const key = await jwt({ Role: 'project', jti: 'key', ProjectKey: { ID: 7, Name: 'Acme' } });
    const value = await jwt({ Role: 'project', jti: 't-1', ProjectKey: { ID: 7, Name: 'Acme' } });
    const line = new Secret(`export MAGICBELL_TOKEN="${value}" # for CI`);
    const row = { connectionId: 'c', token: aToken({ id: tokenId('t-1') }) };
    const connection = {
      id: 'c',
      name: 'Acme',
      baseUrl: 'https://api.magicbell.com/v2' as BaseUrl,
      key: new Secret(key),
      now,
      rows: [row],
    };
    const token = tokenIn(line);
    assert.equal(mayBeOf(token, connection, undefined), true);
    const { data, report, isOwnKey } = checkLine({ token, connections: [connection], record: undefined, now });
    assert.equal(report.row, row);
    assert.equal(isOwnKey, false);
    assert.equal(data['project'], 'Acme');
    const text = answerText({ says: '', data });
    for (const part of value.split('.')) assert.ok(!text.includes(part));
    assert.equal(data['wasMadeHere'], undefined);
    const ownKey = tokenIn(new Secret(`KEY=${key}`));
    assert.equal(checkLine({ token: ownKey, connections: [connection], record: undefined, now }).isOwnKey, true);
  });

  it('is recognised exactly when it was issued or signed here, whatever its claims say', async () => {
    const key = new Secret(await jwt({ Role: 'project', jti: 'key', ProjectKey: { ID: 7, Name: 'Acme' } }));
    const row = { connectionId: 'c', token: aToken({ id: tokenId('t-1') }) };
    const baseUrl = 'https://api.magicbell.com/v2' as BaseUrl;
    const connections = ['b', 'c'].map((id) => ({ id, name: id, baseUrl, key, now, rows: id === 'c' ? [row] : [] }));
    const record = {
      connectionId: 'c',
      isSigned: false,
      tokenId: 't-1',
      name: 'CI deploy',
      recipient: undefined,
      deliveredTo: [],
    };
    const opaque = new Secret(await jwt({ anything: 'else' }));
    const issued = checkLine({ token: opaque, connections, record, now });
    assert.equal(issued.report.row, row);
    assert.equal(issued.data['wasMadeHere'], true);
    assert.deepEqual(
      connections.map((each) => mayBeOf(opaque, each, record)),
      [false, true],
    );
    const signed = { ...record, isSigned: true, tokenId: undefined, recipient: { email: 'hana@example.com' } };
    const { data } = checkLine({ token: opaque, connections, record: signed, now });
    assert.equal(data['finding'], 'This token was signed here for hana@example.com in c.');
    // No list has it.
    assert.ok(!connections.some((each) => mayBeOf(opaque, each, signed)));
  });

  it('may be of a project only when it is one of MagicBell’s, and names no other', async () => {
    const of = (ID: number): Record<string, unknown> => ({ Role: 'project', ProjectKey: { ID, Name: `P${ID}` } });
    const project = { id: 'c', key: new Secret(await jwt({ ...of(7), jti: 'key' })) };
    const may = async (claims: Record<string, unknown>): Promise<boolean> =>
      mayBeOf(new Secret(await jwt(claims)), project, undefined);
    assert.equal(await may({ ...of(7), jti: 't' }), true);
    assert.equal(await may({ ...of(8), jti: 't' }), false, 'of another project');
    assert.equal(await may({ sub: 'somebody', iss: 'https://accounts.example.com' }), false, 'of another issuer');
    assert.equal(mayBeOf(new Secret('opaque'), project, undefined), false);
  });

  it('is the key of any of the projects, and says its times in UTC', async () => {
    const [first, second] = await Promise.all(['a', 'b'].map((jti) => jwt({ Role: 'project', jti })));
    const baseUrl = 'https://api.magicbell.com/v2' as BaseUrl;
    const connections = [first, second].map((key, at) => ({
      ...{ id: `c-${at}`, name: `P${at}`, baseUrl, key: new Secret(key ?? ''), now, rows: [] },
    }));
    const checked = checkLine({ token: new Secret(second ?? ''), connections, record: undefined, now });
    assert.equal(checked.isOwnKey, true);
    const times = { iat: now.getTime() / 1000, exp: now.getTime() / 1000 + 60 };
    const { issued, expires } = dataOf(await jwt({ user_email: 'hana@example.com', ...times }));
    assert.deepEqual([issued, expires], ['2026-11-25T12:00:00.000Z', '2026-11-25T12:01:00.000Z']);
    const without = dataOf(await jwt({ user_email: 'hana@example.com' }));
    assert.deepEqual([without['issued'], without['expires']], [undefined, undefined]);
  });

  it('may carry claims that are meant to do harm', async () => {
    for (const name of hostileNames) {
      const value = await jwt({ Role: 'user', user_email: name, ProjectKey: { ID: 7, Name: name } });
      const text = answerText({ says: '', data: dataOf(value) });
      assert.equal(text.split('</data>').length, 3, name);
      for (const part of [...value.split('.'), plantedValue.slice(0, 20)]) assert.ok(!text.includes(part), name);
    }
  });

  it('need not be one', () => {
    for (const line of ['', 'PASSWORD=hunter2hunter2', '# a comment', 'sk_live_0123456789', 'x'.repeat(100_000)]) {
      const { data, report } = checkLine({ token: tokenIn(new Secret(line)), connections: [], record: undefined, now });
      assert.equal(report.identity, undefined);
      assert.ok(!answerText({ says: '', data }).includes('hunter2'), line.slice(0, 20));
    }
  });
});
