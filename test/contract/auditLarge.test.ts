import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AuditBook } from '../../src/core/audit/auditBook.ts';
import { Audits } from '../../src/core/audit/audits.ts';
import { systemClock } from '../../src/core/base/clock.ts';
import { Secret } from '../../src/core/base/secret.ts';
import { nodeSharedFolder } from '../../src/core/base/sharedFolder.ts';
import { createMagicBellApi } from '../../src/core/magicbell/client.ts';
import { fetch } from '../../src/http.ts';
import { startLocalApi } from '../server/localApi.ts';
import { RecordingLogger } from '../support/recordingLogger.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';

/** So many a minute that nothing waits. */
const unlimited = 10_000_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

describe('The audit of 10,000 users', function () {
  this.timeout(120_000);

  it('finds what the local API has, and needs little memory for it', async () => {
    const api = await startLocalApi({ seed: 'large', switches: { userCursors: 'pageNumber', readsPerMinute: null } });
    const files = nodeSharedFolder(temporaryFolder('audits'));
    const logger = new RecordingLogger();
    const limits = { readsPerMinute: unlimited };
    const key = new Secret(api.token);
    const client = createMagicBellApi({ baseUrl: api.url, key, fetch, clock: systemClock, logger, limits });
    const audits = new Audits({
      files,
      owner: { windowId: 'window', pid: process.pid, hostname: 'here' },
      clock: systemClock,
      logger,
      pageSize: () => 100,
      sharePerMinute: () => unlimited,
    });
    const audit = audits.of({ id: 'connection-1', api: () => Promise.resolve(client) });
    try {
      const before = heapBytes();
      await audit.start();
      // The most, looked at from time to time; the server of this process counts, too, with its journal emptied.
      let most = 0;
      const looking = setInterval(() => {
        api.journal.clear();
        most = Math.max(most, heapBytes());
      }, 1000);
      await audit.ended();
      clearInterval(looking);
      const { record } = audit;
      assert.equal(audit.state, 'done', audit.error?.message);
      // Of the first 3,000 users each third has one token, and each third two.
      assert.deepEqual([record?.userCount, record?.readCount, record?.tokenCount], [10_000, 10_000, 3000]);
      const grownBytes = most - before;
      assert.ok(grownBytes < 12_000_000, `${grownBytes} bytes more`);
      if (process.env['TIMINGS'] !== undefined) process.stdout.write(`${grownBytes} bytes\n`);
      let count = 0;
      const book = new AuditBook(files, logger);
      assert.ok(record !== undefined, 'no record');
      for await (const page of book.tokens(record)) count += page.length;
      assert.equal(count, 3000);
    } finally {
      audits.dispose();
      await api.close();
    }
  });
});
