import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DotenvWriter } from '../../../src/core/delivery/dotenvFile.ts';
import type { IssueResult } from '../../../src/core/issuance/creations.ts';
import { parseIssuance } from '../../../src/core/issuance/issuance.ts';
import { nodeSharedFolder } from '../../../src/core/base/sharedFolder.ts';
import { presentPending } from '../../../src/core/issuance/pendingPresentation.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { type IssuanceWindow, Machine } from '../../support/issuanceWindow.ts';

describe('A signed token in the issuance journal', () => {
  let machine: Machine;
  let window: IssuanceWindow;
  const value = new Secret('VALUE-signed');

  beforeEach(() => {
    machine = new Machine();
    window = machine.open();
  });

  function sign(send = (): Promise<Secret> => Promise.resolve(value)): Promise<IssueResult> {
    return window.service.issue(
      { id: '', baseUrl: '' },
      { kind: 'user', isSigned: true, name: undefined, recipient: { email: 'a@example.com' }, expirySeconds: 3600 },
      [],
      async () => ({
        id: undefined,
        value: await send(),
        createdAt: machine.clock.now(),
        expiresAt: new Date(machine.clock.now().getTime() + 3_600_000),
      }),
    );
  }

  async function restarted(): Promise<IssuanceWindow> {
    window.life.kill();
    const next = machine.open();
    await next.service.scan();
    return next;
  }

  it('is offered again after a crash, and never after its delivery', async () => {
    const { issuance } = await sign();
    const next = await restarted();
    assert.deepEqual(next.statuses, { [issuance.id]: 'undelivered' });
    assert.equal(await next.copy(issuance.id, machine.clock), 'confirmed');
    window = next;
    assert.deepEqual((await restarted()).statuses, {});
    assert.deepEqual(machine.keptValues, []);
  });

  it('says that it is not listed and cannot be revoked', async () => {
    const { issuance } = await sign();
    const pending = window.service.find(issuance.id);
    assert.ok(pending);
    const { accessibleLabel, tooltip } = presentPending(pending, machine.clock.now());
    assert.equal(accessibleLabel, 'a@example.com, signed user token, value not copied yet · Copy');
    assert.ok(tooltip.includes('Signed here: it is not listed and cannot be revoked here.'));
  });

  it('leaves nothing to look for when it was never made: it is no orphan at MagicBell', async () => {
    void sign(() => new Promise(() => undefined));
    await new Promise((resolve) => setImmediate(resolve));
    const [name = ''] = [...machine.folder.files.keys()].filter((each) => each.endsWith('.json'));
    assert.equal(parseIssuance(machine.folder.files.get(name)?.text ?? '')?.phase, 'intended');
    const next = await restarted();
    assert.deepEqual(next.statuses, {});
    assert.equal(parseIssuance(machine.folder.files.get(name)?.text ?? '')?.resolution, 'notCreated');
  });

  it('is no orphan when its value is lost', async () => {
    const { issuance } = await sign();
    machine.disk.slots.clear();
    machine.clock.set(new Date(machine.clock.now().getTime() + 1000));
    assert.deepEqual((await restarted()).statuses, {});
    assert.equal(parseIssuance(machine.folder.files.get(`${issuance.id}.json`)?.text ?? '')?.resolution, 'notCreated');
  });
});

describe('A crash after a value was written to a .env file, before that is in the journal', () => {
  it('offers the value again, and writing it once more changes nothing', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'mbt-dotenv-'));
    try {
      const file = path.join(folder, '.env');
      const machine = new Machine();
      const window = machine.open();
      const { issuance } = await window.issue();
      const writer = new DotenvWriter(nodeSharedFolder(path.join(folder, 'journal')));
      void window.service.deliver(issuance.id, async (value) => {
        assert.ok((await writer.write(file, 'TOKEN', value)).ok);
        window.life.kill();
        return 'confirmed';
      });
      for (let tries = 0; window.life.isAlive && tries < 100; tries++)
        await new Promise((done) => setTimeout(done, 10));
      const written = readFileSync(file, 'utf8');
      assert.match(written, /^TOKEN=VALUE-/);
      const next = machine.open();
      await next.service.scan();
      assert.deepEqual(next.statuses, { [issuance.id]: 'undelivered' });
      const outcome = await next.service.deliver(issuance.id, async (value) =>
        (await writer.write(file, 'TOKEN', value)).ok ? 'confirmed' : 'failed',
      );
      assert.equal(outcome, 'confirmed');
      assert.equal(readFileSync(file, 'utf8'), written);
      assert.deepEqual(next.statuses, {});
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
