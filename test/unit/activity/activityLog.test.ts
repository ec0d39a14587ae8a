import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Activity } from '../../../src/core/activity/activity.ts';
import { ActivityLog, maxActivities } from '../../../src/core/activity/activityLog.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

const start = new Date('2026-11-25T12:00:00Z').getTime();
const activity = (number: number, parts: Partial<Activity> = {}): Activity => ({
  at: new Date(start + number * 1000),
  what: 'revoked',
  tokenKind: 'project',
  name: `Token ${number}`,
  ...parts,
});

describe('ActivityLog', () => {
  let folder: string;
  let logger: RecordingLogger;
  let log: ActivityLog;
  const names = async (of = log, connection = 'a') => (await of.read(connection)).map(({ name }) => name);

  beforeEach(() => {
    folder = path.join(mkdtempSync(path.join(tmpdir(), 'activity-')), 'activity');
    logger = new RecordingLogger();
    log = new ActivityLog(folder, logger);
  });
  afterEach(() => {
    rmSync(path.dirname(folder), { recursive: true, force: true });
  });

  it('gives back what was noted down, newest first, to this window and to a later one', async () => {
    const first = activity(1, { result: 'revoke: offline' });
    await log.add('a', first);
    await log.add('a', activity(2));
    assert.deepEqual(await names(), ['Token 2', 'Token 1']);
    const later = new ActivityLog(folder, logger);
    assert.deepEqual((await later.read('a'))[1], first);
  });

  it('is empty before anything was done', async () => {
    assert.deepEqual(await log.read('a'), []);
  });

  it('keeps connections apart, whatever their ids look like', async () => {
    const ids = ['a', 'a.1', '../a', 'a/b', 'A%2E'];
    for (const [index, id] of ids.entries()) await log.add(id, activity(index));
    for (const [index, id] of ids.entries()) assert.deepEqual(await names(log, id), [`Token ${index}`]);
    assert.deepEqual(readdirSync(path.dirname(folder)), ['activity']);
    await log.clear('a');
    assert.deepEqual(await names(), []);
    assert.deepEqual(await names(log, 'a.1'), ['Token 1']);
  });

  it('is readable by this user only', async () => {
    if (process.platform === 'win32') return;
    await log.add('a', activity(1));
    const [file = ''] = readdirSync(folder);
    assert.equal(statSync(path.join(folder, file)).mode & 0o077, 0);
    assert.equal(statSync(folder).mode & 0o077, 0);
  });

  it('loses only a line that was cut short, not the one after it', async () => {
    await log.add('a', activity(1));
    const [file = ''] = readdirSync(folder);
    appendFileSync(path.join(folder, file), '\n{"at":"2026-11-25T12:00:02Z","what":"revo');
    await log.add('a', activity(3));
    assert.deepEqual(await names(), ['Token 3', 'Token 1']);
  });

  it('leaves out what is no activity', async () => {
    await log.add('a', activity(1));
    const [file = ''] = readdirSync(folder);
    const foreign = ['null', '7', '{}', '{"at":"never","what":"revoked"}', '{"at":"2026-11-25T12:00:00Z"}', '[]'];
    writeFileSync(path.join(folder, file), foreign.join('\n'));
    assert.deepEqual(await names(), []);
  });

  it('keeps the last of many, in two files at most, and cuts texts that no API may have', async () => {
    const many = 2 * maxActivities;
    for (let number = 0; number < many; number++) {
      await log.add('a', activity(number, { name: 'x'.repeat(1000), result: String(number) }));
    }
    const kept = await log.read('a');
    assert.equal(kept.length, maxActivities);
    assert.equal(kept[0]?.result, String(many - 1));
    assert.equal(kept.at(-1)?.result, String(many - maxActivities));
    assert.equal(kept[0].name?.length, 300);
    const sizes = readdirSync(folder).map((file) => statSync(path.join(folder, file)).size);
    assert.ok(sizes.length <= 2, `${sizes.length} files`);
    assert.ok(Math.max(...sizes) < 600 * 1024, sizes.join(', '));
  });

  it('drops what is older than the last two files', async () => {
    const big = activity(1, { result: 'old' });
    await log.add('a', big);
    const [first = ''] = readdirSync(folder);
    appendFileSync(path.join(folder, first), '\n'.repeat(512 * 1024));
    await log.add('a', activity(2));
    assert.equal(readdirSync(folder).length, 2);
    assert.deepEqual(await names(), ['Token 2', 'Token 1']);
    const second = readdirSync(folder).find((file) => file !== first) ?? '';
    appendFileSync(path.join(folder, second), '\n'.repeat(512 * 1024));
    await log.add('a', activity(3));
    assert.deepEqual(await names(), ['Token 3', 'Token 2']);
  });

  it('loses nothing when two programs note things down at the same time', async () => {
    const program = `
      import { ActivityLog } from ${JSON.stringify(new URL('../../../src/core/activity/activityLog.ts', import.meta.url).href)};
      const quiet = () => {};
      const log = new ActivityLog(${JSON.stringify(folder)}, { trace: quiet, debug: quiet, info: quiet, warn: console.error, error: console.error });
      for (let number = 0; number < 200; number++)
        await log.add('a', { at: new Date(), what: 'issued', tokenKind: 'project', name: process.argv[1] + number });`;
    const runs = ['one', 'two'].map((name) =>
      spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program, name], {
        stdio: 'inherit',
      }),
    );
    // Listened to from the start: the second may end before the first.
    const ends = await Promise.all(runs.map((run) => once(run, 'exit')));
    assert.deepEqual(ends, [
      [0, null],
      [0, null],
    ]);
    const found = new Set(await names());
    assert.equal(found.size, 400);
  }).timeout(30_000);

  it('does not fail what was done when it cannot be noted down, and says so in the log', async () => {
    writeFileSync(folder, 'a file where the folder should be');
    await log.add('a', activity(1));
    assert.match(logger.text, /^activity: not written \(E\w+\)$/);
    rmSync(folder);
    await log.add('a', activity(2));
    assert.deepEqual(await names(), ['Token 2']);
  });

  it('says when it cannot be read, instead of being empty', async () => {
    await log.add('a', activity(1));
    const file = path.join(folder, readdirSync(folder)[0] ?? '');
    rmSync(file);
    mkdirSync(file);
    await assert.rejects(log.read('a'), { code: 'EISDIR' });
  });

  it('writes each activity as one line of its own', async () => {
    await log.add('a', activity(1, { name: 'two\nlines' }));
    const [file = ''] = readdirSync(folder);
    const lines = readFileSync(path.join(folder, file), 'utf8').split('\n').filter(Boolean);
    assert.equal(lines.length, 1);
    assert.deepEqual(await names(), ['two\nlines']);
  });

  it('passes over lines and files that are none of its own', async () => {
    await log.add('a', activity(1));
    const [file = ''] = readdirSync(folder);
    appendFileSync(
      path.join(folder, file),
      '{"at":"then","what":"revoked"}\n{"at":"2026-11-25T12:00:00Z"}\n["x"]\n{cut',
    );
    for (const name of ['a.x.jsonl', 'a.1.txt', 'ab.1.jsonl', 'a..jsonl', 'a.01.jsonl'])
      writeFileSync(path.join(folder, name), JSON.stringify(activity(9)));
    assert.deepEqual(await names(), ['Token 1']);
    await log.add('a', activity(2));
    assert.deepEqual(await names(), ['Token 2', 'Token 1'], 'a line cut short spoils no other');
    await log.clear('a');
    assert.equal(readdirSync(folder).length, 5);
  });
});
