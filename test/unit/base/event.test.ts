import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/base/event.ts';
import { settle } from '../../support/fakeClock.ts';

describe('Emitter', () => {
  it('tells each listener until it is let go', () => {
    const emitter = new Emitter<number>();
    const heard: string[] = [];
    const first = emitter.event((n) => heard.push(`a${n}`));
    emitter.event((n) => heard.push(`b${n}`));
    emitter.fire(1);
    first.dispose();
    first.dispose();
    emitter.fire(2);
    emitter.dispose();
    emitter.fire(3);
    assert.deepEqual(heard, ['a1', 'b1', 'b2']);
  });

  it('counts one function subscribed twice as two', () => {
    const emitter = new Emitter<void>();
    let count = 0;
    const listener = (): void => void (count += 1);
    const first = emitter.event(listener);
    emitter.event(listener);
    emitter.fire();
    first.dispose();
    emitter.fire();
    assert.equal(count, 3);
  });

  it('may change its listeners while it fires', () => {
    const emitter = new Emitter<void>();
    const heard: string[] = [];
    const first = emitter.event(() => {
      heard.push('first');
      first.dispose();
      emitter.event(() => heard.push('late'));
    });
    emitter.event(() => heard.push('second'));
    emitter.fire();
    assert.deepEqual(heard, ['first', 'second']);
  });

  it('lets neither the others nor the one who fires suffer from a listener that throws', async () => {
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const thrown: unknown[] = [];
    process.on('uncaughtException', (error) => thrown.push(error));
    try {
      const emitter = new Emitter<void>();
      const heard: string[] = [];
      emitter.event(() => {
        throw new Error('broken');
      });
      emitter.event(() => heard.push('second'));
      emitter.fire();
      assert.deepEqual(heard, ['second']);
      await settle();
      assert.equal((thrown[0] as Error).message, 'broken');
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });
});
