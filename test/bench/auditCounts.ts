import { Audits } from '../../src/core/audit/audits.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { MemoryFolder } from '../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../support/recordingLogger.ts';
import { SimulatedProject } from '../support/simulatedProject.ts';
import { type CountLine, count } from './lines.ts';

const minuteMs = 60_000;
/** Half of what the client takes of MagicBell's limit. */
export const sharePerMinute = 120;

/** Lines of an audit behind MagicBell's limit, on a clock of the bench's own. */
export async function auditCounts(): Promise<CountLine[]> {
  const clock = new FakeClock();
  const project = new SimulatedProject(clock, 1200);
  const api = project.api();
  const audits = new Audits({
    files: new MemoryFolder(clock).openedBy(),
    owner: { windowId: 'bench', pid: process.pid, hostname: 'here' },
    clock,
    logger: new RecordingLogger(),
    pageSize: () => 100,
    sharePerMinute: () => sharePerMinute,
  });
  const audit = audits.of({ id: 'connection', api: () => Promise.resolve(api) });
  const begunAt = clock.now().getTime();
  await audit.start();
  while (audit.state === 'running') await clock.advance(1000);
  const minutes = (clock.now().getTime() - begunAt) / minuteMs;
  audits.dispose();
  const used = project.reads.length / minutes / sharePerMinute;
  return [
    count('an audit of 1,200 users: of its share of the reads unused', Math.round((1 - used) * 1000) / 10, 5, '%'),
    count('… refused by MagicBell', project.refusals, 0, 'requests'),
    count('… users of whom nothing is known in the end', 1200 - (audit.record?.readCount ?? 0), 0, 'users'),
  ];
}
