import { Audits } from '../../src/core/audit/audits.ts';
import { systemClock } from '../../src/core/base/clock.ts';
import { Secret } from '../../src/core/base/secret.ts';
import { nodeSharedFolder } from '../../src/core/base/sharedFolder.ts';
import { createMagicBellApi } from '../../src/core/magicbell/client.ts';
import { fetch } from '../../src/http.ts';
import { startLocalApi } from '../server/localApi.ts';
import { RecordingLogger } from '../support/recordingLogger.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';
import { sharePerMinute } from './auditCounts.ts';
import { type CountLine, count } from './lines.ts';

const minutes = 3;
/** How its lines begin. */
export const realAuditName = `an audit for ${minutes} real minutes`;

/** Lines of an audit of 10,000 users for three minutes by the clock, over sockets, behind MagicBell's true limit. */
export async function realAudit(): Promise<CountLine[]> {
  const api = await startLocalApi({ seed: 'large' });
  const logger = new RecordingLogger();
  const client = createMagicBellApi({
    baseUrl: api.url,
    key: new Secret(api.token),
    fetch,
    clock: systemClock,
    logger,
  });
  const audits = new Audits({
    files: nodeSharedFolder(temporaryFolder('real-audit')),
    owner: { windowId: 'bench', pid: process.pid, hostname: 'here' },
    clock: systemClock,
    logger,
    pageSize: () => 100,
    sharePerMinute: () => sharePerMinute,
  });
  const audit = audits.of({ id: 'connection', api: () => Promise.resolve(client) });
  try {
    await audit.start();
    await new Promise((resolve) => setTimeout(resolve, minutes * 60_000));
    const used = api.journal.count({ method: 'GET' }) / minutes / sharePerMinute;
    const refused = api.journal.find({}).filter(({ status }) => status === 429).length;
    return [
      count(`${realAuditName}: of its share of the reads unused`, Math.round((1 - used) * 1000) / 10, 5, '%'),
      count(`${realAuditName}: refused by MagicBell`, refused, 0, 'requests'),
    ];
  } finally {
    await audit.cancel();
    audits.dispose();
    await api.close();
  }
}
