import assert from 'node:assert/strict';
import { MagicBellError, type ErrorReason, type MagicBellErrorDetails } from '../../../src/core/magicbell/errors.ts';
import { parseRetryAfter, retryDelayMs, type FailedAttempt } from '../../../src/core/magicbell/retry.ts';
import { inTimeZone } from '../../support/timeZone.ts';

const limits = { maxAttempts: 4, baseDelayMs: 500, maxDelayMs: 1500 };

function delay(change: Partial<FailedAttempt> = {}, random = 0.5): number | undefined {
  const attempt: FailedAttempt = {
    method: 'GET',
    attempt: 1,
    error: new MagicBellError('serverError', ''),
    remainingMs: 30_000,
    ...change,
  };
  return retryDelayMs(attempt, limits, () => random);
}
const failed = (reason: ErrorReason, details: MagicBellErrorDetails = {}): { error: MagicBellError } => ({
  error: new MagicBellError(reason, '', details),
});

describe('retryDelayMs', () => {
  const passing: [ErrorReason, MagicBellErrorDetails][] = [
    ['serverError', {}],
    ['rateLimited', {}],
    ['connectionLost', {}],
    ['timeout', { status: 408 }],
  ];
  const lasting: [ErrorReason, MagicBellErrorDetails][] = [
    ['unauthorized', {}],
    ['forbidden', {}],
    ['wrongTokenKind', {}],
    ['notFound', {}],
    ['notOffered', {}],
    ['invalidInput', {}],
    ['unexpectedResponse', {}],
    ['timeout', {}],
    ['cancelled', {}],
    ['offline', {}],
    ['dns', {}],
    ['tls', {}],
    ['proxy', {}],
  ];
  for (const [reason, details] of passing) {
    it(`repeats GET and DELETE after ${reason} ${details.status ?? ''}, never POST`, () => {
      assert.equal(delay(failed(reason, details)), 250);
      assert.equal(delay({ method: 'DELETE', ...failed(reason, details) }), 250);
      assert.equal(delay({ method: 'POST', ...failed(reason, details) }), undefined);
    });
  }
  for (const [reason, details] of lasting) {
    it(`does not repeat after ${reason}`, () => assert.equal(delay(failed(reason, details)), undefined));
  }

  it('doubles the ceiling with each attempt, up to the limit, with full jitter', () => {
    assert.equal(delay({ attempt: 1 }, 0), 0);
    assert.equal(delay({ attempt: 1 }, 1), 500);
    assert.equal(delay({ attempt: 2 }, 1), 1000);
    assert.equal(delay({ attempt: 3 }, 1), 1500);
  });

  it('gives up after the last attempt', () => {
    assert.notEqual(delay({ attempt: 3 }), undefined);
    assert.equal(delay({ attempt: 4 }), undefined);
  });

  it('gives up when the wait does not fit in what is left of the time', () => {
    assert.equal(delay({ remainingMs: 251 }), 250);
    assert.equal(delay({ remainingMs: 250 }), undefined);
    assert.equal(delay({ remainingMs: -5 }, 0), undefined);
  });

  it('never comes back before Retry-After', () => {
    assert.equal(delay(failed('rateLimited', { retryAfterMs: 2000 }), 0), 2000);
    assert.equal(delay(failed('rateLimited', { retryAfterMs: 2000 }), 1), 2500);
    assert.equal(delay(failed('rateLimited', { retryAfterMs: 31_000 }), 0), undefined);
  });
});

describe('parseRetryAfter', () => {
  const now = new Date('2026-11-25T12:00:00Z');
  const cases: [string | null, number | undefined][] = [
    [null, undefined],
    ['', undefined],
    ['0', 0],
    ['7', 7000],
    [' 7 ', 7000],
    ['1.5', 1500],
    ['1.25', 1250],
    ['Wed 25 Nov 2026 12:00:09 GMT', 9000],
    ['1 Wed, 25 Nov 2026 12:00:09 GMT', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['NaN', undefined],
    ['Infinity', undefined],
    ['2026-11-25T12:00:09Z', undefined],
    ['86400', 86_400_000],
    ['99999999999999999999999', 2_592_000_000],
    ['9'.repeat(400), 2_592_000_000],
    ['Wed, 25 Nov 2026 12:00:09 GMT', 9000],
    ['Wed, 25 Nov 2026 11:00:00 GMT', 0],
    ['Wed, 25 Nov 2099 11:00:00 GMT', 2_592_000_000],
    ['Wed, 99 Nov 2026 11:00:00 GMT', undefined],
    ['Wednesday, 25-Nov-26 12:00:09 GMT', 9000],
    ['Wed Nov 25 12:00:09 2026', 9000],
    ['Wed, 25 Nov 2026 12:00:09', 9000],
    ['Wed, 25 Nov 2026 13:00:09 +0100', 9000],
  ];
  for (const [header, ms] of cases) {
    it(`reads ${String(header).slice(0, 40)}, wherever this computer is`, () =>
      inTimeZone('America/Los_Angeles', () => assert.equal(parseRetryAfter(header, now), ms)));
  }
});
