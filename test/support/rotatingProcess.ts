// A process of its own that rotates a token to several places with the parts that ship, until it is killed. Arguments:
// its folder, where the next place is cut off, and the places as JSON. It prints how many places are left to deliver to.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../src/core/base/clock.ts';
import { isProcessAlive, Leases } from '../../src/core/base/lease.ts';
import { Records } from '../../src/core/base/records.ts';
import { Redactor } from '../../src/core/base/redaction.ts';
import { Secret } from '../../src/core/base/secret.ts';
import { CheckedSecretStore, type SecretStore } from '../../src/core/base/secretStore.ts';
import { nodeSharedFolder } from '../../src/core/base/sharedFolder.ts';
import { WallClock } from '../../src/core/base/wallClock.ts';
import { runPipeline } from '../../src/core/delivery/commandRun.ts';
import { DotenvWriter } from '../../src/core/delivery/dotenvFile.ts';
import { isSamePlace, type Place } from '../../src/core/delivery/place.ts';
import { IssuanceService } from '../../src/core/issuance/issuanceService.ts';
import { Journal } from '../../src/core/issuance/journal.ts';
import { openPlaces } from '../../src/core/issuance/places.ts';
import { ValueVault } from '../../src/core/issuance/valueVault.ts';
import { tokenId } from '../../src/core/model/token.ts';
import { reviveRotation } from '../../src/core/reminders/rotation.ts';
import { Rotations } from '../../src/core/reminders/rotations.ts';
import { RecordingLogger } from './recordingLogger.ts';

const [folder = '', cutAt = '', placesText = '[]'] = process.argv.slice(2);
const connectionId = 'connection-1';
const logger = new RecordingLogger();
const slots = path.join(folder, 'slots.json');

const readSlots = (): Record<string, string> =>
  existsSync(slots) ? (JSON.parse(readFileSync(slots, 'utf8')) as Record<string, string>) : {};
const writeSlots = (change: (all: Record<string, string>) => void): Promise<void> => {
  const all = readSlots();
  change(all);
  writeFileSync(slots, JSON.stringify(all));
  return Promise.resolve();
};
/** A keyring: it outlives the process. */
const secrets: SecretStore = {
  get: (key) => Promise.resolve(readSlots()[key]),
  store: (key, value) => writeSlots((all) => (all[key] = value)),
  delete: (key) => writeSlots((all) => Reflect.deleteProperty(all, key)),
};

const issuanceFiles = nodeSharedFolder(path.join(folder, 'issuances'));
const journal = new Journal(issuanceFiles, logger);
const owner = { windowId: randomUUID(), pid: process.pid, hostname: 'here' };
const service = new IssuanceService({
  journal,
  leases: new Leases(issuanceFiles, owner, systemClock, isProcessAlive),
  vault: new ValueVault(new CheckedSecretStore(secrets, systemClock)),
  clock: systemClock,
  logger,
  redactor: new Redactor(),
  pingWindow: () => Promise.resolve(),
  startedAt: new Date(),
});
const rotations = new Rotations(
  new Records(nodeSharedFolder(path.join(folder, 'rotations')), reviveRotation, logger),
  (id) => journal.read(id),
  systemClock,
  new WallClock(systemClock),
);

function die(at: string): void {
  if (cutAt === at) process.kill(process.pid, 'SIGKILL');
}

/** Hands the value to a place, and is killed right after that where so asked. */
async function deliver(id: string, place: Place): Promise<void> {
  const inHand = service.find(id)?.issuance.placeInHand;
  const isAgain = inHand !== undefined && isSamePlace(inHand, place);
  // What a person is asked about: they have looked, and the program has it.
  if (place.type === 'command' && isAgain) {
    await service.deliver(id, () => Promise.resolve('confirmed'), place);
    return;
  }
  await service.deliver(
    id,
    async (value) => {
      const outcome =
        place.type === 'command'
          ? (await runPipeline({ ...place, timeoutMs: 30_000 }, value, systemClock, new AbortController().signal))
              .outcome
          : place.type === 'dotenv' &&
              (await new DotenvWriter(issuanceFiles).write(place.path, place.variable, value)).ok
            ? 'confirmed'
            : 'failed';
      if (!isAgain) die('before the journal knows');
      return outcome;
    },
    place,
  );
  die('after a delivery');
}

await service.scan();
if ((await rotations.scan(), rotations.of(connectionId).length) === 0) {
  await service.issue(
    { id: connectionId, baseUrl: 'https://api.magicbell.com/v2' },
    { kind: 'project', name: 'CI deploy', expirySeconds: undefined, places: JSON.parse(placesText) as Place[] },
    [],
    () =>
      Promise.resolve({
        ...{ id: tokenId('new'), value: new Secret(`VALUE-${randomUUID()}`) },
        ...{ createdAt: new Date(), expiresAt: undefined },
      }),
    (issuanceId) =>
      rotations.start({
        ...{ id: tokenId('old'), connectionId, kind: 'project', name: 'CI deploy' },
        ...{ issuanceId, graceMs: 60_000 },
      }),
  );
}
const [pending] = service.pending;
const open = pending === undefined ? [] : openPlaces(pending.issuance);
process.stdout.write(String(open.length));
if (pending !== undefined) for (const place of open) await deliver(pending.issuance.id, place);
await rotations.scan();
service.dispose();
rotations.dispose();
