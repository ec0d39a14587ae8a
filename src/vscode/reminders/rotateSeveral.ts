import * as vscode from 'vscode';
import { revocableByConnection } from '../../core/browse/revocableRows.ts';
import type { Row } from '../../core/browse/rows.ts';
import { ownKeyMatch } from '../../core/connections/ownKey.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { type Place, describePlace, describePlaces, placeKey } from '../../core/delivery/place.ts';
import { describeError } from '../../core/describeError.ts';
import { tokenOfIssuance } from '../../core/issuance/issuance.ts';
import { IssuanceError } from '../../core/issuance/issuanceError.ts';
import { knownIds } from '../../core/issuance/issuing.ts';
import type { Recipient } from '../../core/model/recipient.ts';
import type { RevocableToken } from '../../core/model/token.ts';
import { expirySeconds } from '../../core/tokens/expiry.ts';
import { tokenName } from '../../core/tokens/tokenPresentation.ts';
import { saidIn, titleIn } from '../../core/connections/projectName.ts';
import { deliverEach } from '../deliver/deliverToPlaces.ts';
import { confirmPlace } from '../deliver/deliveryTarget.ts';
import { canKeepValues, creation } from '../issue/issueToken.ts';
import { showPickStep } from '../ui/quickInput.ts';
import { withLongProgress } from '../ui/progress.ts';
import type { Services } from '../services.ts';
import { finishRotation } from './finishRotation.ts';
import { checkNewToken } from './newTokenCheck.ts';
import { rotationRecipient } from './rotateToken.ts';
import { type Lifetime, askGrace, askLifetime, lifetimeAs } from './rotationSteps.ts';
import { noteRotated, rotationOf } from './startRotation.ts';

/** A token to rotate, and the places for its new value. */
interface Job {
  readonly old: RevocableToken;
  /** Found before the run: with another key the lists are emptied, and a user token needs its user. */
  readonly recipient: Recipient | undefined;
  readonly places: readonly Place[];
}

/** The outcome for one token, in a few words. */
interface JobResult {
  readonly old: RevocableToken;
  readonly isDone: boolean;
  readonly text: string;
}

/** "Rotate Token…" of several rows. Asks once per project. */
export async function rotateSeveral(services: Services, rows: readonly Row[]): Promise<void> {
  for (const [connection, tokens] of revocableByConnection(rows)) await rotateAll(services, connection, tokens);
}

async function rotateAll(services: Services, connection: Connection, tokens: readonly RevocableToken[]): Promise<void> {
  const title = titleIn(services, connection, `Rotate ${tokens.length} Tokens`);
  for (;;) {
    const lifetime = await askLifetime(connection, tokens, { title, step: 1, totalSteps: 2 });
    if (lifetime.type !== 'done') return;
    const grace = await askGrace(services, { title, step: 2, totalSteps: 2, canGoBack: true });
    if (grace.type === 'back') continue;
    if (grace.type !== 'done' || !(await canKeepValues(services))) return;
    const { jobs, leftOut } = await prepareJobs(services, connection, tokens);
    const results = [...leftOut];
    await withLongProgress(services, { title, cancellable: true }, async (signal, report) => {
      for (const job of jobs) {
        report(`${results.length - leftOut.length + 1} of ${jobs.length}: ${tokenName(job.old)}`, 100 / jobs.length);
        if (signal.aborted) results.push({ old: job.old, isDone: false, text: 'not started: stopped' });
        else results.push(await rotateOne(services, connection, job, lifetime.value, grace.value));
      }
    });
    await showResults(services, connection, title, results);
    return;
  }
}

/** Separates the tokens that can be rotated from those that cannot, before any new token exists. */
async function prepareJobs(
  services: Services,
  connection: Connection,
  tokens: readonly RevocableToken[],
): Promise<{ readonly jobs: readonly Job[]; readonly leftOut: readonly JobResult[] }> {
  const { rotations } = await services.reminders();
  const ids = tokens.map(({ id }) => id);
  const remembered = await (await services.destinations()).ofTokens(connection.id, ids);
  const readiness = new Map<string, boolean>();
  const jobs: Job[] = [];
  const leftOut: JobResult[] = [];
  const leaveOut = (old: RevocableToken, why: string): unknown =>
    leftOut.push({ old, isDone: false, text: `left out: ${why}` });
  for (const old of tokens) {
    const recipient = rotationRecipient(connection, old);
    // The clipboard holds a single value: each token would overwrite the one before.
    const places = (remembered.get(old.id) ?? []).filter(({ type }) => type !== 'clipboard');
    if (rotations.find(old.id, connection.id) !== undefined) leaveOut(old, 'its rotation is not finished');
    else if (ownKeyMatch(connection.key, old) === 'sure') leaveOut(old, 'it is the API key, rotate it by itself');
    else if (old.kind === 'user' && recipient === undefined)
      leaveOut(old, 'its user has no known email or external id');
    else {
      const unready = await firstUnready(services, places, readiness);
      if (unready === undefined) jobs.push({ old, recipient, places });
      else leaveOut(old, `it cannot be delivered ${describePlace(unready)}`);
    }
  }
  return { jobs, leftOut };
}

async function firstUnready(
  services: Services,
  places: readonly Place[],
  readiness: Map<string, boolean>,
): Promise<Place | undefined> {
  for (const place of places) {
    const key = placeKey(place);
    const isReady = readiness.get(key) ?? (await confirmPlace(services, place));
    readiness.set(key, isReady);
    if (!isReady) return place;
  }
  return undefined;
}

/** Issues, checks and delivers one token. Returns a failure as its result, so that the others continue. */
async function rotateOne(
  services: Services,
  connection: Connection,
  { old, recipient, places }: Job,
  lifetime: Lifetime,
  graceMs: number | undefined,
): Promise<JobResult> {
  const { issuances } = services;
  const { rotations } = await services.reminders();
  const { id, baseUrl, store, host } = connection;
  const request = {
    kind: old.kind,
    name: old.name,
    recipient,
    expirySeconds: expirySeconds(lifetimeAs(lifetime, old), connection.now()),
    ...(places.length === 0 ? {} : { places }),
  };
  let isCreated = false;
  try {
    const api = await connection.api();
    const issued = await issuances.issue(
      { id, baseUrl },
      request,
      knownIds(store, request),
      creation(services, id, api, request),
      (issuanceId) => rotations.start(rotationOf(connection, old, issuanceId, graceMs)),
    );
    if (issued.outcome === 'unknown') return { old, isDone: false, text: 'not known whether the new one was created' };
    isCreated = true;
    noteRotated(services, connection, old, issued.issuance);
    store.addToken(tokenOfIssuance(issued.issuance, connection.now()), store.find(old)?.user);
    if (places.length === 0) return { old, isDone: false, text: 'waits: its value is not delivered yet' };
    if ((await checkNewToken(services, connection, issued.issuance.id)) === 'refused')
      return { old, isDone: false, text: 'MagicBell does not accept the new one; nothing was delivered' };
    const failed = (await deliverEach(services, issued.issuance.id)).filter(({ outcome }) => outcome !== 'confirmed');
    return failed.length === 0
      ? { old, isDone: true, text: `delivered ${describePlaces(places)}` }
      : { old, isDone: false, text: `not delivered ${describePlaces(failed.map(({ place }) => place))}` };
  } catch (error) {
    const operation = old.kind === 'project' ? 'createProjectJwt' : 'createUserJwt';
    if (isCreated || (error instanceof IssuanceError && error.reason === 'valueGone'))
      return { old, isDone: false, text: `created, but not delivered. ${describeError(error, { host }).message}` };
    return { old, isDone: false, text: `nothing was created. ${describeError(error, { operation, host }).message}` };
  } finally {
    await rotations.scan();
  }
}

/** Reports the results. Unfinished rotations stay in "Finish Rotation…", pending values on top of the view. */
async function showResults(
  services: Services,
  connection: Connection,
  title: string,
  results: readonly JobResult[],
): Promise<void> {
  const done = results.filter(({ isDone }) => isDone).length;
  const message =
    done === results.length
      ? `${done} tokens were rotated and delivered.`
      : `${done} of ${results.length} tokens were rotated and delivered.`;
  const said = saidIn(services, connection, message);
  const choice = await vscode.window.showInformationMessage(said, 'Show Results', 'Finish Rotation…');
  if (choice === 'Finish Rotation…') await finishRotation(services, undefined);
  if (choice !== 'Show Results') return;
  const items = results.map(({ old, isDone, text }) => ({
    label: `$(${isDone ? 'check' : 'warning'}) ${tokenName(old)}`,
    description: text,
  }));
  await showPickStep({ title, items, placeholder: message });
  await showResults(services, connection, title, results);
}
