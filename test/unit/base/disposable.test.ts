import assert from 'node:assert/strict';
import { DisposableStore } from '../../../src/core/base/disposable.ts';

describe('DisposableStore', () => {
  const recorder = (): { log: string[]; named: (name: string) => { dispose: () => void } } => {
    const log: string[] = [];
    return { log, named: (name) => ({ dispose: () => void log.push(name) }) };
  };

  it('lets go in the opposite order, once', () => {
    const { log, named } = recorder();
    const store = new DisposableStore();
    store.add(named('a'));
    store.add(named('b'));
    store.dispose();
    store.dispose();
    assert.deepEqual(log, ['b', 'a']);
  });

  it('returns what is added, and lets late arrivals go at once', () => {
    const { log, named } = recorder();
    const store = new DisposableStore();
    const a = named('a');
    assert.equal(store.add(a), a);
    store.dispose();
    store.add(named('late'));
    assert.deepEqual(log, ['a', 'late']);
  });

  it('stays in use after it was cleared', () => {
    const { log, named } = recorder();
    const store = new DisposableStore();
    store.add(named('a'));
    store.clear();
    store.add(named('b'));
    assert.deepEqual(log, ['a']);
    store.clear();
    assert.deepEqual(log, ['a', 'b']);
  });

  it('lets go of all when one fails, and then says so', () => {
    const { log, named } = recorder();
    const store = new DisposableStore();
    store.add(named('a'));
    store.add({
      dispose: () => {
        throw new Error('stuck');
      },
    });
    store.add(named('c'));
    assert.throws(() => store.dispose(), /stuck/);
    assert.deepEqual(log, ['c', 'a']);
  });
});
