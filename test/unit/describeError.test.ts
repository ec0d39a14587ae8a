import assert from 'node:assert/strict';
import { describeError, type ErrorContext } from '../../src/core/describeError.ts';
import type { ErrorAction } from '../../src/core/errorDescription.ts';
import { MagicBellError, type ErrorReason, type MagicBellErrorDetails } from '../../src/core/magicbell/errors.ts';

const host = 'api.magicbell.com';

describe('describeError', () => {
  const cases: [ErrorReason, MagicBellErrorDetails, ErrorContext, ErrorAction, RegExp][] = [
    ['unauthorized', { status: 401 }, {}, 'setApiKey', /wrong, expired or revoked \(401\)/],
    ['unauthorized', { notSent: true }, {}, 'setApiKey', /characters that no key has/],
    ['forbidden', { status: 403 }, {}, 'setApiKey', /may not do this \(403\)/],
    [
      'forbidden',
      { status: 403 },
      { operation: 'createProjectJwt' },
      'setApiKey',
      /^Only administrators may create tokens/,
    ],
    [
      'forbidden',
      { status: 403 },
      { operation: 'createUserJwt' },
      'setApiKey',
      /^Only administrators may create tokens/,
    ],
    ['wrongTokenKind', { status: 401 }, {}, 'setApiKey', /^The API key has the wrong role/],
    [
      'wrongTokenKind',
      {},
      { operation: 'createUserJwt' },
      'setApiKey',
      /^Only administrators may create tokens\. .*role/,
    ],
    ['notFound', { status: 404 }, { operation: 'discardUserJwt' }, 'none', /this token.*already \(404\)/],
    ['notFound', { status: 404 }, { operation: 'discardProjectJwt' }, 'none', /this token.*already \(404\)/],
    ['notFound', { status: 404 }, { operation: 'fetchUserTokens' }, 'none', /this user \(404\)/],
    ['notFound', { status: 404 }, {}, 'none', /what was asked for \(404\)/],
    ['notOffered', { status: 405 }, {}, 'none', /^Not offered by this MagicBell API\.$/],
    [
      'invalidInput',
      { serverMessages: ['a [b](command:c)', '', 'd'] },
      {},
      'none',
      /input: a \[b\] \(command:c\) · d$/,
    ],
    ['invalidInput', {}, {}, 'none', /did not accept the input\.$/],
    ['rateLimited', {}, {}, 'retry', /429.*in a minute/],
    ['rateLimited', { retryAfterMs: 1 }, {}, 'retry', /429.*in 1 second\./],
    ['rateLimited', { retryAfterMs: 12_300 }, {}, 'retry', /in 13 seconds/],
    ['rateLimited', { retryAfterMs: 99_000 }, {}, 'retry', /in 99 seconds/],
    ['rateLimited', { retryAfterMs: 100_000 }, {}, 'retry', /in 2 minutes/],
    ['rateLimited', { retryAfterMs: 121_000 }, {}, 'retry', /in 3 minutes/],
    ['rateLimited', { retryAfterMs: 3_600_000 }, {}, 'retry', /in 60 minutes\./],
    ['rateLimited', { retryAfterMs: 7_200_000 }, {}, 'retry', /in 2 hours\./],
    ['rateLimited', { retryAfterMs: 86_400_000 }, {}, 'retry', /in 1 day\./],
    ['rateLimited', { retryAfterMs: 86_400_001 }, {}, 'retry', /in 2 days\./],
    ['serverError', {}, {}, 'retry', /internal problem \(5xx\)\. Try again later/],
    ['serverError', { status: 503, retryAfterMs: 5000 }, {}, 'retry', /\(503\)\. Try again in 5 seconds\./],
    ['timeout', { status: 200 }, {}, 'retry', /answered too slowly/],
    [
      'unexpectedResponse',
      { status: 302, unexpected: 'redirected' },
      { host },
      'openSettings',
      /com redirects.*\(302\).*key was not sent there/,
    ],
    [
      'unexpectedResponse',
      { status: 200, unexpected: 'tooLarge' },
      { host, operation: 'listUsers' },
      'openSettings',
      /com is too large\. Set a smaller page size/,
    ],
    ['unexpectedResponse', { status: 200, unexpected: 'tooLarge' }, {}, 'showLog', /too large to be read\.$/],
    [
      'unexpectedResponse',
      { status: 403, unexpected: 'blocked' },
      {},
      'retry',
      /blocked the request \(403\).*nothing about the API key/,
    ],
    [
      'unexpectedResponse',
      { status: 200, unexpected: 'foreign' },
      { host },
      'showLog',
      /com answered with something that is not MagicBell’s \(200\)/,
    ],
    ['timeout', {}, {}, 'retry', /^MagicBell did not answer/],
    ['offline', {}, {}, 'retry', /could be made\. Are you online/],
    ['serverError', { status: 503 }, {}, 'retry', /internal problem \(503\)/],
    ['unexpectedResponse', {}, { host }, 'showLog', /api\.magicbell\.com answered/],
    ['timeout', {}, { host }, 'retry', /api\.magicbell\.com did not answer in time/],
    ['cancelled', {}, {}, 'none', /^Cancelled\.$/],
    ['connectionLost', {}, {}, 'retry', /broke off/],
    ['offline', { code: 'ECONNREFUSED' }, { host }, 'retry', /api\.magicbell\.com.*ECONNREFUSED/],
    ['dns', { code: 'ENOTFOUND' }, { host }, 'openSettings', /api\.magicbell\.com cannot be resolved \(ENOTFOUND\)/],
    ['dns', {}, {}, 'openSettings', /of the base URL/],
    ['tls', { code: 'CERT_HAS_EXPIRED' }, { host }, 'showLog', /expired.*system’s certificates.*NODE_EXTRA_CA_CERTS/],
    ['tls', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }, {}, 'showLog', /signed by itself.*SELF_SIGNED_CERT_IN_CHAIN/],
    ['tls', { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, {}, 'showLog', /authority that is not known/],
    ['tls', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, {}, 'showLog', /another host/],
    ['tls', { code: 'HOSTNAME_MISMATCH' }, {}, 'showLog', /another host/],
    ['tls', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, {}, 'showLog', /signed by itself.*DEPTH_ZERO_SELF_SIGNED_CERT/],
    ['tls', { code: 'UNABLE_TO_GET_ISSUER_CERT' }, {}, 'showLog', /authority that is not known/],
    ['tls', { code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' }, {}, 'showLog', /authority that is not known/],
    ['tls', {}, {}, 'showLog', /: the encryption could not be agreed on\./],
    ['tls', { code: 'CERT_NOT_YET_VALID' }, {}, 'showLog', /clock/],
    ['tls', { code: 'EPROTO' }, {}, 'showLog', /\(EPROTO\)/],
    ['proxy', { status: 407 }, {}, 'openSettings', /407/],
    ['proxy', { code: 'ECONNREFUSED' }, {}, 'openSettings', /proxy.*ECONNREFUSED/],
  ];
  for (const [reason, details, context, action, message] of cases) {
    it(`says what ${reason} ${JSON.stringify(details)} ${context.operation ?? ''} means`, () => {
      const described = describeError(new MagicBellError(reason, 'for the log: secret', details), context);
      assert.match(described.message, message);
      assert.equal(described.action, action);
      assert.doesNotMatch(described.message, /for the log|undefined|reject_?unauthorized|strictSSL/i);
    });
  }

  it('has a text of its own for each reason', () => {
    const reasons = [...new Set(cases.map(([reason]) => reason))];
    const texts = reasons.map((reason) => describeError(new MagicBellError(reason, '')).message);
    assert.equal(new Set(texts).size, reasons.length);
    assert.equal(reasons.length, 16);
  });

  const local: [string, object, ErrorAction, RegExp][] = [
    ['SecretStorageError', { reason: 'hangs' }, 'retry', /secret storage does not answer/],
    ['SecretStorageError', { reason: 'lies' }, 'showLog', /does not keep/],
    ['SecretStorageError', { reason: 'failed' }, 'retry', /cannot be used/],
    ['IssuanceError', { reason: 'journalUnavailable' }, 'showLog', /^Nothing was created/],
    ['IssuanceError', { reason: 'valueGone' }, 'none', /not here any more/],
    ['Error', { code: 'ENOSPC' }, 'none', /disk is full \(ENOSPC\)/],
    ['Error', { code: 'EACCES' }, 'none', /may not be changed or read/],
    ['Error', { code: 'EBUSY' }, 'retry', /Another program/],
    ['Error', { code: 'EMFILE' }, 'retry', /Too many files/],
    ['Error', { code: 'ENOENT' }, 'none', /not there any more/],
    ['Error', { code: 'EIO' }, 'showLog', /disk reported/],
    ['Error', { code: 'EWHATEVER' }, 'showLog', /Something went wrong/],
    ['IssuanceError', { reason: 'other' }, 'showLog', /Something went wrong/],
  ];
  for (const [name, fields, action, message] of local) {
    it(`says what ${name} ${JSON.stringify(fields)} means`, () => {
      const described = describeError(Object.assign(new Error('for the log: secret'), { name }, fields));
      assert.match(described.message, message);
      assert.equal(described.action, action);
      assert.doesNotMatch(described.message, /for the log/);
    });
  }

  for (const error of [new Error('secret'), 'secret', undefined, { reason: 'tls' }]) {
    it(`says nothing of ${JSON.stringify(error)} (${typeof error}) but where to look`, () => {
      const described = describeError(error);
      assert.match(described.message, /Something went wrong/);
      assert.equal(described.action, 'showLog');
    });
  }
});
