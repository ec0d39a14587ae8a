import assert from 'node:assert/strict';
import type { Audit } from '../../../src/core/audit/audit.ts';
import { Audits } from '../../../src/core/audit/audits.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { MemoryFolder } from '../../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';
import { SimulatedProject } from '../../support/simulatedProject.ts';

describe('Audits', () => {
  let clock: FakeClock;
  let folder: MemoryFolder;
  let project: SimulatedProject;
  let audits: Audits;
  let reads: string[];

  function made(): Audits {
    const files = folder.openedBy();
    const read = files.read.bind(files);
    return new Audits({
      files: {
        ...files,
        read: (name) => {
          reads.push(name);
          return read(name);
        },
      },
      owner: { windowId: 'w', pid: process.pid, hostname: 'here' },
      clock,
      logger: new RecordingLogger(),
      pageSize: () => 100,
      sharePerMinute: () => 120,
    });
  }
  beforeEach(() => {
    clock = new FakeClock();
    folder = new MemoryFolder(clock);
    project = new SimulatedProject(clock, 10);
    reads = [];
    audits = made();
  });
  afterEach(() => audits.dispose());

  const of = (id: string, from = audits): Audit => from.of({ id, api: () => Promise.resolve(project.api()) });
  async function finish(audit: Audit): Promise<void> {
    await audit.start();
    for (let second = 0; audit.state === 'running' && second < 120; second += 1) await clock.advance(1000);
    assert.equal(audit.state, 'done');
    await audit.ended();
  }

  it('have one audit of each project, and tell of all changes', async () => {
    let changes = 0;
    audits.onDidChange(() => (changes += 1));
    const first = of('c-1');
    assert.equal(of('c-1'), first);
    assert.notEqual(of('c-2'), first);
    assert.equal(changes, 0, 'nothing is read or started');
    assert.deepEqual([first.state, folder.files.size], ['none', 0]);
    await finish(first);
    assert.notEqual(changes, 0, 'nothing was told');
    assert.equal(of('c-2').state, 'none');
  });

  it('know the tokens that an audit has found, in this window or before', async () => {
    assert.deepEqual(await audits.tokens('c-1'), []);
    await finish(of('c-1'));
    const tokens = await audits.tokens('c-1');
    assert.deepEqual(tokens.map(({ owner }) => owner.id).sort(), [...project.users].sort());
    assert.deepEqual(await audits.tokens('c-2'), []);
    const later = made();
    assert.deepEqual(await later.tokens('c-1'), tokens);
    later.dispose();
  });

  it('read the pages again only after they have changed, or were released', async () => {
    await finish(of('c-1'));
    const pagesRead = async (): Promise<number> => {
      reads = [];
      await audits.tokens('c-1');
      return reads.filter((name) => name.includes('page-')).length;
    };
    assert.equal(await pagesRead(), 1);
    assert.equal(await pagesRead(), 0);
    audits.release();
    assert.equal(await pagesRead(), 1);
    clock.set('2026-11-26T12:00:00Z');
    project.users.push('newcomer');
    await finish(of('c-1'));
    assert.equal(await pagesRead(), 1);
    assert.equal((await audits.tokens('c-1')).length, 11);
  });

  it('leave nothing of a project whose key is forgotten, while it is audited or later', async () => {
    await finish(of('c-2'));
    const kept = [...folder.files.keys()];
    const running = of('c-1');
    await running.start();
    await clock.advance(500);
    assert.equal(running.state, 'running');
    await audits.forget('c-1');
    assert.deepEqual([...folder.files.keys()], kept);
    assert.equal(running.state, 'none');
    assert.notEqual(of('c-1'), running);
    await audits.tokens('c-2');
    const later = made();
    await later.forget('c-2');
    later.dispose();
    assert.deepEqual([...folder.files.keys()], []);
    await audits.forget('c-2');
    assert.deepEqual(await audits.tokens('c-2'), []);
  });

  it('stop with the window', async () => {
    const audit = of('c-1');
    await audit.start();
    audits.dispose();
    await audit.ended();
    const sent = project.reads.length;
    await clock.advance(60_000);
    assert.equal(project.reads.length, sent);
  });
});
