import assert from 'node:assert/strict';
import { ClipboardMark, type DeliveryOutcome, copyToClipboard } from '../../../src/core/delivery/clipboard.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { type ClipboardMode, FakeClipboard } from '../../support/fakeClipboard.ts';
import { FakeClock } from '../../support/fakeClock.ts';

const value = new Secret('VALUE-1');

describe('copyToClipboard', () => {
  const cases: [ClipboardMode, DeliveryOutcome, limitMs: number][] = [
    ['ok', 'confirmed', 0],
    ['throws', 'failed', 0],
    ['throwsAtOnce', 'failed', 0],
    ['hangs', 'failed', 5_000],
    ['unchanged', 'failed', 0],
    ['replaced', 'replaced', 0],
    ['unreadable', 'unreadable', 0],
    ['hangsOnRead', 'unreadable', 10_000],
  ];
  for (const [mode, outcome, limitMs] of cases) {
    it(`is ${outcome} when the clipboard is ${mode}`, async () => {
      const clock = new FakeClock();
      const clipboard = new FakeClipboard();
      clipboard.mode = mode;
      const copying = copyToClipboard(clipboard, value, clock);
      for (let waited = 0; waited < limitMs; waited += 5_000) await clock.advance(5_000);
      assert.equal(await copying, outcome);
      assert.equal(clock.timerCount, 0);
      assert.ok(clipboard.writes.length <= 1, 'nothing is overwritten');
    });
  }

  for (const [how, end] of [
    ['does not end', () => new Promise<never>(() => undefined)],
    ['fails', () => Promise.reject(new Error())],
  ] as const) {
    it(`is failed when the writing ${how}, whatever is there then`, async () => {
      const clock = new FakeClock();
      const clipboard = new FakeClipboard();
      clipboard.writeText = (text) => {
        clipboard.content = text;
        return end();
      };
      const copying = copyToClipboard(clipboard, value, clock);
      await clock.advance(5_000);
      assert.equal(await copying, 'failed');
    });
  }

  it('is failed when an empty clipboard stays empty', async () => {
    const clipboard = new FakeClipboard();
    clipboard.content = '';
    clipboard.mode = 'unchanged';
    assert.equal(await copyToClipboard(clipboard, value, new FakeClock()), 'failed');
  });

  it('is confirmed when the value is copied a second time', async () => {
    const clipboard = new FakeClipboard();
    clipboard.content = 'VALUE-1';
    assert.equal(await copyToClipboard(clipboard, value, new FakeClock()), 'confirmed');
  });

  it('is replaced when the clipboard changed and could not be read before', async () => {
    const clipboard = new FakeClipboard();
    let reads = 0;
    clipboard.readText = () => ((reads += 1) === 1 ? Promise.reject(new Error()) : Promise.resolve('other'));
    assert.equal(await copyToClipboard(clipboard, value, new FakeClock()), 'replaced');
  });
});

describe('ClipboardMark', () => {
  let clipboard: FakeClipboard;
  const clock = new FakeClock();
  const mark = new ClipboardMark(value);
  beforeEach(() => {
    clipboard = new FakeClipboard();
    clipboard.content = 'VALUE-1';
  });

  it('clears what it marks', async () => {
    assert.equal(await mark.clear(clipboard, clock), 'cleared');
    assert.equal(clipboard.content, '');
  });

  for (const content of ['something else', '', 'VALUE-1 ', 'VALUE-2', 'value-1']) {
    it(`never clears “${content}”`, async () => {
      clipboard.content = content;
      assert.equal(await mark.clear(clipboard, clock), 'otherContent');
      assert.equal(clipboard.content, content);
      assert.deepEqual(clipboard.writes, []);
    });
  }

  for (const mode of ['unreadable', 'hangsOnRead'] as const) {
    it(`clears nothing when the clipboard is ${mode}`, async () => {
      clipboard.mode = mode;
      const clearing = mark.clear(clipboard, clock);
      await clock.advance(5_000);
      assert.equal(await clearing, 'unreadable');
      assert.deepEqual(clipboard.writes, []);
    });
  }

  for (const mode of ['throws', 'throwsAtOnce', 'hangs'] as const) {
    it(`says no when the clipboard ${mode} on writing`, async () => {
      clipboard.mode = mode;
      const clearing = mark.clear(clipboard, clock);
      await clock.advance(5_000);
      assert.equal(await clearing, 'failed');
    });
  }

  it('does not keep the text', () => assert.doesNotMatch(JSON.stringify(mark), /VALUE/));
});
