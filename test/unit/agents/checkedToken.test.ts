import assert from 'node:assert/strict';
import { SignJWT } from 'jose';
import { answerText } from '../../../src/core/agents/answer.ts';
import { checkLine, lineOf, mayBeOf } from '../../../src/core/agents/checkedToken.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import type { BaseUrl } from '../../../src/core/magicbell/baseUrl.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { aToken } from '../../support/builders.ts';
import { hostileNames, plantedValue } from '../../support/hostileNames.ts';

const now = new Date('2026-11-25T12:00:00Z');
const jwt = (claims: Record<string, unknown>): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from('a key of the tests, long enough'));

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
      rows: [row],
    };
    assert.equal(mayBeOf(line, connection), true);
    const { data, report, isOwnKey } = checkLine(line, [connection], now);
    assert.equal(report.row, row);
    assert.equal(isOwnKey, false);
    assert.equal(data['project'], 'Acme');
    const text = answerText({ says: '', data });
    for (const part of value.split('.')) assert.ok(!text.includes(part));
    assert.equal(checkLine(new Secret(`KEY=${key}`), [connection], now).isOwnKey, true);
  });

  it('may carry claims that are meant to do harm', async () => {
    for (const name of hostileNames) {
      const value = await jwt({ Role: 'user', user_email: name, ProjectKey: { ID: 7, Name: name } });
      const text = answerText({ says: '', data: checkLine(new Secret(value), [], now).data });
      assert.equal(text.split('</data>').length, 3, name);
      for (const part of [...value.split('.'), plantedValue.slice(0, 20)]) assert.ok(!text.includes(part), name);
    }
  });

  it('need not be one', () => {
    for (const line of ['', 'PASSWORD=hunter2hunter2', '# a comment', 'sk_live_0123456789', 'x'.repeat(100_000)]) {
      const { data, report } = checkLine(new Secret(line), [], now);
      assert.equal(report.identity, undefined);
      assert.ok(!answerText({ says: '', data }).includes('hunter2'), line.slice(0, 20));
    }
  });
});
