import assert from 'node:assert/strict';
import { ClipboardToken, type CopiedToken, type RecognisedValue } from '../../../src/core/delivery/clipboardToken.ts';
import type { TokenId } from '../../../src/core/model/token.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { WallClock } from '../../../src/core/base/wallClock.ts';
import { FakeClipboard } from '../../support/fakeClipboard.ts';
import { FakeClock } from '../../support/fakeClock.ts';

const minuteMs = 60_000;

describe('ClipboardToken', () => {
  let clock: FakeClock;
  let clipboard: FakeClipboard;
  let settings: { clearClipboardAfterMinutes: number };
  let said: boolean[];
  /** The values of other windows, and of this one before it was reloaded. */
  let elsewhere: Map<string, RecognisedValue>;
  let token: ClipboardToken;

  beforeEach(() => {
    clock = new FakeClock('2026-11-25T12:00:00Z');
    clipboard = new FakeClipboard();
    settings = { clearClipboardAfterMinutes: 30 };
    said = [];
    const indicator = { setOnClipboard: (isOnClipboard: boolean) => void said.push(isOnClipboard) };
    elsewhere = new Map();
    const recognise = (text: string) => Promise.resolve(elsewhere.get(text));
    token = new ClipboardToken({ clipboard, clock, wallClock: new WallClock(clock), settings, indicator, recognise });
  });

  const tokenOf = (text: string): CopiedToken => ({
    name: text,
    connectionId: 'a',
    tokenId: `id of ${text}` as TokenId,
  });
  const copy = (text: string): void => {
    clipboard.content = text;
    token.show(new Secret(text), tokenOf(text));
  };
  const copyElsewhere = (text: string, isKept = false): void => {
    clipboard.content = text;
    elsewhere.set(text, { token: tokenOf(text), isKept });
  };

  it('clears after the time that was set, not before', async () => {
    copy('VALUE-1');
    await clock.advance(30 * minuteMs - 1);
    assert.deepEqual([clipboard.content, said], ['VALUE-1', [true]]);
    await clock.advance(1);
    assert.deepEqual([clipboard.content, said], ['', [true, false]]);
    assert.equal(clock.timerCount, 0);
  });

  it('clears as promised after a sleep that no timer counts', async () => {
    copy('VALUE-1');
    clock.set('2026-11-25T20:00:00Z');
    await clock.advance(minuteMs);
    assert.deepEqual([clipboard.content, said], ['', [true, false]]);
  });

  it('never clears unless somebody asks, when nothing was set', async () => {
    settings.clearClipboardAfterMinutes = 0;
    copy('VALUE-1');
    assert.equal(clock.timerCount, 0);
    await clock.advance(24 * 60 * minuteMs);
    assert.equal(clipboard.content, 'VALUE-1');
    assert.equal(await token.clear(), 'cleared');
    assert.deepEqual([clipboard.content, said], ['', [true, false]]);
    assert.equal(await token.clear(), 'otherContent');
  });

  it('leaves the clipboard alone when the window closes or reloads: it may hold the only copy', async () => {
    copy('VALUE-1');
    token.dispose();
    await clock.advance(60 * minuteMs);
    assert.deepEqual([clipboard.content, clipboard.writes, clock.timerCount], ['VALUE-1', [], 0]);
  });

  it('leaves alone what somebody has copied since', async () => {
    copy('VALUE-1');
    clipboard.content = 'a colleague’s address';
    await clock.advance(30 * minuteMs);
    assert.deepEqual([clipboard.content, clipboard.writes], ['a colleague’s address', []]);
  });

  it('counts from the copy that came last', async () => {
    copy('VALUE-1');
    await clock.advance(20 * minuteMs);
    copy('VALUE-2');
    await clock.advance(20 * minuteMs);
    assert.equal(clipboard.content, 'VALUE-2');
    await clock.advance(10 * minuteMs);
    assert.equal(clipboard.content, '');
  });

  it('says whose value is still there, and nothing any more once something else is found', async () => {
    assert.equal(await token.check(), undefined);
    copy('VALUE-1');
    assert.equal((await token.check())?.name, 'VALUE-1');
    clipboard.mode = 'unreadable';
    assert.equal((await token.check())?.name, 'VALUE-1', 'it may be there');
    clipboard.mode = 'ok';
    assert.deepEqual(said, [true]);
    clipboard.content = 'a colleague’s address';
    assert.equal(await token.check(), undefined);
    assert.deepEqual([clipboard.content, clipboard.writes, said], ['a colleague’s address', [], [true, false]]);
    assert.equal(clock.timerCount, 0);
  });

  it('recognises the only copy that another window has made, or this one before it was reloaded', async () => {
    copyElsewhere('VALUE-1');
    assert.equal(await token.check(), undefined, 'the focus of a window is no reason to look into the records');
    assert.equal((await token.onlyCopy())?.name, 'VALUE-1');
    clipboard.mode = 'unreadable';
    assert.equal(await token.onlyCopy(), undefined);
    clipboard.mode = 'ok';
    copyElsewhere('VALUE-2', true);
    assert.equal(await token.onlyCopy(), undefined, 'it can be copied again');
    clipboard.content = 'a colleague’s address';
    assert.equal(await token.onlyCopy(), undefined);
    copy('VALUE-3');
    assert.equal((await token.onlyCopy())?.name, 'VALUE-3');
    copyElsewhere('VALUE-4');
    assert.equal((await token.onlyCopy())?.name, 'VALUE-4', 'the newer one');
  });

  it('clears what another window has copied on a click, and never by its own time', async () => {
    copy('VALUE-1');
    copyElsewhere('VALUE-2');
    await clock.advance(30 * minuteMs);
    assert.deepEqual([clipboard.content, said], ['VALUE-2', [true, false]]);
    assert.equal(await token.clear(), 'cleared');
    assert.equal(clipboard.content, '');
    clipboard.content = 'a colleague’s address';
    assert.equal(await token.clear(), 'otherContent');
    assert.equal(clipboard.content, 'a colleague’s address');
  });

  it('remembers a value that could not be cleared', async () => {
    copy('VALUE-1');
    clipboard.mode = 'unreadable';
    assert.equal(await token.clear(), 'unreadable');
    clipboard.mode = 'throws';
    assert.equal(await token.clear(), 'failed');
    assert.deepEqual([clipboard.content, said], ['VALUE-1', [true]]);
    clipboard.mode = 'ok';
    assert.equal((await token.onlyCopy())?.name, 'VALUE-1');
    assert.equal(await token.clear(), 'cleared');
    assert.deepEqual([clipboard.content, said], ['', [true, false]]);
    clipboard.mode = 'unreadable';
    assert.equal(await token.clear(), 'unreadable', 'nothing is known of what it holds');
  });

  it('forgets a token that is revoked, or whose connection is forgotten, without touching the clipboard', () => {
    copy('VALUE-1');
    token.forgetToken('id of another' as TokenId);
    token.forgetConnection('b');
    assert.deepEqual(said, [true]);
    token.forgetToken('id of VALUE-1' as TokenId);
    assert.deepEqual(said, [true, false]);
    copy('VALUE-2');
    token.forgetConnection('a');
    assert.deepEqual([clipboard.content, clipboard.writes, said], ['VALUE-2', [], [true, false, true, false]]);
    assert.equal(clock.timerCount, 0);
  });
});
