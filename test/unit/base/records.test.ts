import assert from 'node:assert/strict';
import type { SharedFolder } from '../../../src/core/base/sharedFolder.ts';
import { Records } from '../../../src/core/base/records.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { MemoryFolder } from '../../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

interface Note {
  readonly id: string;
  readonly text: string;
}

const revive = (json: unknown): Note | undefined =>
  typeof json === 'object' && json !== null && 'text' in json ? (json as Note) : undefined;

describe('Records', () => {
  let files: SharedFolder;
  let logger: RecordingLogger;
  let records: Records<Note>;

  beforeEach(() => {
    files = new MemoryFolder(new FakeClock()).openedBy();
    logger = new RecordingLogger();
    records = new Records(files, revive, logger);
  });

  it('reads what was written, also through another window', async () => {
    await records.write({ id: 'a', text: 'first' });
    await records.write({ id: 'b', text: 'second' });
    await records.write({ id: 'a', text: 'changed' });
    const other = new Records(files, revive, logger);
    assert.deepEqual((await other.readAll()).map(({ text }) => text).sort(), ['changed', 'second']);
    assert.deepEqual(await other.read('b'), { id: 'b', text: 'second' });
  });

  it('knows nothing of what was removed', async () => {
    await records.write({ id: 'a', text: 'first' });
    await records.remove('a');
    assert.equal(await records.read('a'), undefined);
    assert.deepEqual(await records.readAll(), []);
    assert.equal(logger.text, '');
  });

  for (const [what, text] of [
    ['cut short', '{"id":"a","te'],
    ['of another kind', '{"id":"a"}'],
    ['no object', 'null'],
  ] as const) {
    it(`leaves a file alone that is ${what}, and says so`, async () => {
      await files.replace('a.json', text);
      await records.write({ id: 'b', text: 'good' });
      assert.deepEqual(await records.readAll(), [{ id: 'b', text: 'good' }]);
      assert.match(logger.text, /a cannot be read/);
      assert.equal(await files.read('a.json'), text);
    });
  }
});
