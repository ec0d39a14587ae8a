import assert from 'node:assert/strict';
import {
  asMagicBellError,
  MagicBellError,
  mayHaveBeenCarriedOut,
  type ErrorReason,
} from '../../../src/core/magicbell/errors.ts';

describe('mayHaveBeenCarriedOut', () => {
  const doubtful: ErrorReason[] = ['serverError', 'unexpectedResponse', 'timeout', 'cancelled', 'connectionLost'];
  const sure: ErrorReason[] = [
    'unauthorized',
    'forbidden',
    'wrongTokenKind',
    'notFound',
    'notOffered',
    'invalidInput',
    'rateLimited',
    'offline',
    'dns',
    'tls',
    'proxy',
  ];
  for (const reason of doubtful) {
    it(`is possible after ${reason}, unless nothing was sent`, () => {
      assert.equal(mayHaveBeenCarriedOut(new MagicBellError(reason, '')), true);
      assert.equal(mayHaveBeenCarriedOut(new MagicBellError(reason, '', { notSent: true })), false);
    });
  }
  for (const reason of sure) {
    it(`is impossible after ${reason}`, () =>
      assert.equal(mayHaveBeenCarriedOut(new MagicBellError(reason, '')), false));
  }
  for (const status of [301, 302, 307, 308, 400, 403, 413, 418, 499]) {
    it(`is impossible after ${status}, whoever answered so`, () =>
      assert.equal(mayHaveBeenCarriedOut(new MagicBellError('unexpectedResponse', '', { status })), false));
  }
  for (const status of [undefined, 200, 201, 303, 304, 408, 500]) {
    it(`is possible after an unexpected answer of status ${status}`, () =>
      assert.equal(mayHaveBeenCarriedOut(new MagicBellError('unexpectedResponse', '', { status })), true));
  }
  it('is possible after what is not known', () => {
    for (const error of [new Error('x'), undefined, 'x']) assert.equal(mayHaveBeenCarriedOut(error), true);
  });
});

describe('asMagicBellError', () => {
  it('knows its own by shape, and nothing else', () => {
    const error = new MagicBellError('tls', 'm');
    assert.equal(asMagicBellError(error), error);
    const others = [
      new Error('x'),
      Object.assign(new Error('x'), { reason: 'tls', details: {} }),
      { name: 'MagicBellError', reason: 'tls', details: {} },
      undefined,
    ];
    for (const other of others) assert.equal(asMagicBellError(other), undefined);
  });
});
