import assert from 'node:assert/strict';
import { Journal } from '../../../src/core/issuance/journal.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { anIssuance } from '../../support/builders.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { MemoryFolder } from '../../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

describe('Journal', () => {
  let folder: MemoryFolder;
  let logger: RecordingLogger;
  let journal: Journal;
  beforeEach(() => {
    folder = new MemoryFolder(new FakeClock());
    logger = new RecordingLogger();
    journal = new Journal(folder.openedBy(), logger);
  });

  it('reads what was created, in another window too', async () => {
    await journal.create(anIssuance({ id: 'a' }));
    await journal.create(anIssuance({ id: 'b', phase: 'stored' }));
    const read = await new Journal(folder.openedBy(), logger).readAll();
    assert.deepEqual(read.map(({ id, phase }) => `${id} ${phase}`).sort(), ['a intended', 'b stored']);
    assert.deepEqual(await journal.read('a'), anIssuance({ id: 'a' }));
    assert.equal(await journal.read('none'), undefined);
    assert.ok(!logger.lines.some(({ level }) => level === 'warn'));
  });

  it('tells of another phase and of an unknown outcome, and of nothing else', async () => {
    const told: string[] = [];
    journal.onDidAdvance(({ phase, outcomeUnknownSince }) =>
      told.push(outcomeUnknownSince === undefined ? phase : `${phase}, unknown`),
    );
    await journal.create(anIssuance());
    await journal.advance('issuance-1', { outcomeUnknownSince: new Date(1) });
    await journal.advance('issuance-1', { phase: 'answered', outcomeUnknownSince: undefined });
    await journal.advance('issuance-1', { phase: 'stored' });
    await journal.advance('issuance-1', { storedAt: new Date(2) });
    assert.deepEqual(told, ['intended, unknown', 'answered', 'stored']);
  });

  it('advances, and returns what it holds then', async () => {
    await journal.create(anIssuance());
    await journal.advance('issuance-1', { phase: 'answered', tokenId: tokenId('t') });
    const held = await journal.advance('issuance-1', { phase: 'stored' });
    assert.deepEqual(held, anIssuance({ phase: 'stored', tokenId: tokenId('t') }));
    assert.deepEqual(await journal.read('issuance-1'), held);
  });

  for (const phase of ['delivered', 'resolved'] as const) {
    it(`leaves what is ${phase} as it is`, async () => {
      await journal.create(anIssuance({ phase }));
      assert.equal((await journal.advance('issuance-1', { phase: 'stored' }))?.phase, phase);
      assert.equal((await journal.read('issuance-1'))?.phase, phase);
    });
  }

  it('does one window’s changes one after the other', async () => {
    await journal.create(anIssuance());
    await Promise.all([
      journal.advance('issuance-1', { phase: 'delivered' }),
      journal.advance('issuance-1', { phase: 'stored' }),
    ]);
    assert.equal((await journal.read('issuance-1'))?.phase, 'delivered');
  });

  it('goes on after a change that failed', async () => {
    await journal.create(anIssuance());
    folder.failures.set('replace', { code: 'ENOSPC' });
    await assert.rejects(journal.advance('issuance-1', { phase: 'stored' }), { code: 'ENOSPC' });
    folder.failures.clear();
    assert.equal((await journal.advance('issuance-1', { phase: 'stored' }))?.phase, 'stored');
  });

  it('advances nothing that is not there', async () => {
    assert.equal(await journal.advance('none', { phase: 'stored' }), undefined);
    assert.equal(folder.files.size, 0);
  });

  it('removes', async () => {
    await journal.create(anIssuance());
    await journal.remove('issuance-1');
    assert.deepEqual(await journal.readAll(), []);
  });

  it('leaves out, and says so, what it cannot read', async () => {
    await journal.create(anIssuance());
    folder.write('torn.json', '{');
    folder.write('secret.json', '{}');
    folder.write('issuance-1.1.claim', '{}');
    folder.failures.set('read', { code: 'EACCES', name: /^secret/ });
    assert.deepEqual(
      (await journal.readAll()).map(({ id }) => id),
      ['issuance-1'],
    );
    assert.match(logger.text, /torn cannot be read/);
    assert.match(logger.text, /secret cannot be read \(EACCES\)/);
    assert.doesNotMatch(logger.text, /hana/);
  });
});
