import assert from 'node:assert/strict';
import { allowedMethods, judgeRefusal, requestIdOf } from '../../../src/core/magicbell/answer.ts';
import type { ErrorReason, Unexpected } from '../../../src/core/magicbell/errors.ts';

const own = (message = 'no'): string => JSON.stringify({ errors: [{ message }] });
const page = '<!doctype html><title>Access denied</title>';

describe('judgeRefusal', () => {
  const cases: [number, string, ErrorReason, Unexpected?][] = [
    [401, own(), 'unauthorized'],
    [401, '', 'unauthorized'],
    [401, own('authorize: incorrect role, claim[user] roles[[project]]: role not found'), 'wrongTokenKind'],
    [403, own(), 'forbidden'],
    [403, ' \n', 'forbidden'],
    [404, own(), 'notFound'],
    [404, '', 'notOffered'],
    [404, page, 'notOffered'],
    [405, '', 'notOffered'],
    [405, page, 'notOffered'],
    [400, own(), 'invalidInput'],
    [422, '', 'invalidInput'],
    [418, own(), 'invalidInput'],
    [407, page, 'proxy'],
    [408, '', 'timeout'],
    [429, page, 'rateLimited'],
    [502, page, 'serverError'],
    // Somebody else's page accuses nobody.
    [401, page, 'unexpectedResponse', 'blocked'],
    [403, page, 'unexpectedResponse', 'blocked'],
    [403, 'null', 'unexpectedResponse', 'blocked'],
    [403, '{"message":"Forbidden"}', 'unexpectedResponse', 'blocked'],
    [400, page, 'unexpectedResponse', 'foreign'],
    [422, '{}', 'unexpectedResponse', 'foreign'],
    [418, 'short and stout', 'unexpectedResponse', 'foreign'],
  ];
  for (const [status, text, reason, unexpected] of cases) {
    it(`takes ${status} with ${text.slice(0, 40) || 'nothing'} as ${reason} ${unexpected ?? ''}`, () => {
      const judged = judgeRefusal(status, text);
      assert.deepEqual([judged.reason, judged.unexpected], [reason, unexpected]);
    });
  }
});

describe('allowedMethods', () => {
  const cases: [string | null, readonly string[] | undefined][] = [
    [null, undefined],
    ['', []],
    ['OPTIONS', ['OPTIONS']],
    ['PUT,GET, options ', ['PUT', 'GET', 'OPTIONS']],
    ['GET, <b>, eyJ0, POST', ['GET', 'POST']],
  ];
  for (const [header, methods] of cases) {
    it(`reads ${JSON.stringify(header)}`, () => assert.deepEqual(allowedMethods(header), methods));
  }
});

describe('requestIdOf', () => {
  const of = (headers: Record<string, string>): string | undefined =>
    requestIdOf({ get: (name) => headers[name] ?? null });
  it('takes the id of either header, and nothing that does not look like one', () => {
    const id = '6f1c0a52-8d0e-4c8f-9a0b-0c5d5e7a1b2c';
    assert.equal(of({ 'x-amzn-requestid': id }), id);
    assert.equal(of({ 'x-request-id': id }), id);
    for (const odd of ['', 'short', 'with a space', 'a.b.c.d.e.f', 'x'.repeat(65)])
      assert.equal(of({ 'x-amzn-requestid': odd }), undefined);
    assert.equal(of({}), undefined);
  });
});
