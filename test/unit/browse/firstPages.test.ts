import assert from 'node:assert/strict';
import { FirstPages } from '../../../src/core/browse/firstPages.ts';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { CallOptions } from '../../../src/core/magicbell/magicBellApi.ts';
import { PagedList } from '../../../src/core/tokens/pagedList.ts';
import { FakeClock, settle } from '../../support/fakeClock.ts';

describe('FirstPages', () => {
  let clock: FakeClock;
  let pages: FirstPages;
  let list: PagedList<{ readonly id: string | undefined }>;
  /** The call that is under way. */
  let options: CallOptions;
  let answer: (ids: readonly string[]) => void;
  let changes: number;
  let until: Date;

  beforeEach(() => {
    clock = new FakeClock();
    until = new Date(clock.now().getTime() + 20_000);
    pages = new FirstPages(clock);
    list = new PagedList({
      fetchPage: (_page, given) =>
        new Promise((resolve, reject) => {
          options = given;
          answer = (ids) => resolve({ items: ids.map((id) => ({ id })), next: undefined });
          given.signal?.addEventListener('abort', () => reject(new MagicBellError('cancelled', '')));
        }),
      pageSize: () => 20,
    });
    changes = 0;
    list.onDidChange(() => (changes += 1));
  });

  it('returns with the page', async () => {
    const loading = pages.load(list);
    assert.equal(pages.isAnswering(list), true);
    await settle();
    answer(['a']);
    assert.equal(await loading, true);
    assert.equal(pages.isAnswering(list), false);
  });

  it('returns as soon as the load has to wait for a time, says for what, and brings the page as a change', async () => {
    const loading = pages.load(list);
    await settle();
    options.onWait?.(until, 'serverBusy');
    assert.equal(await loading, false);
    assert.deepEqual(list.waiting, { until, reason: 'serverBusy' });
    // Asked again meanwhile, it does not hold the rows back either.
    assert.equal(await pages.load(list), false);
    changes = 0;
    answer(['a']);
    await settle();
    assert.equal(list.isLoaded, true);
    assert.equal(list.waiting, undefined);
    assert.equal(changes, 1);
  });

  it('waits itself for what takes less than a second', async () => {
    let hasReturned = false;
    const loading = pages.load(list).then(() => (hasReturned = true));
    await settle();
    options.onWait?.(new Date(clock.now().getTime() + 900), 'retry');
    await settle();
    assert.equal(hasReturned, false);
    answer([]);
    await loading;
  });

  it('returns when the answer takes long', async () => {
    const loading = pages.load(list);
    await settle();
    await clock.advance(5_000);
    assert.equal(await loading, false);
    assert.equal(list.isLoading, true);
    assert.equal(list.waiting, undefined);
  });

  it('keeps what was stopped stopped: showing rows does not load it again', async () => {
    const loading = pages.load(list);
    await settle();
    options.onWait?.(until, 'serverBusy');
    await loading;
    list.stopWaiting();
    await settle();
    assert.equal(list.error?.reason, 'cancelled');
    assert.equal(list.isLoading, false);
    assert.equal(await pages.load(list), false);
    assert.equal(list.isLoading, false);
  });

  it('takes a reset for no failure', async () => {
    const loading = pages.load(list);
    await settle();
    list.reset();
    await loading;
    assert.equal(list.error, undefined);
  });
});
