import * as vscode from 'vscode';
import { type ParsedApiKey, parseApiKey } from '../../core/connections/apiKey.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { identityOf, isSameProject } from '../../core/checking/tokenIdentity.ts';
import { describeError } from '../../core/describeError.ts';
import { type BaseUrl, parseBaseUrl } from '../../core/magicbell/baseUrl.ts';
import { type ErrorReason, asMagicBellError } from '../../core/magicbell/errors.ts';
import type { MagicBellApi } from '../../core/magicbell/magicBellApi.ts';
import { verifyKey } from '../../core/magicbell/verifyKey.ts';
import type { Secret } from '../../core/base/secret.ts';
import type { TokenId } from '../../core/model/token.ts';
import { commandIds } from '../ui/ids.ts';
import { type StepPosition, type StepResult, showInputStep, showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { projectName, titleIn } from '../../core/connections/projectName.ts';

/** Failures that say nothing about the key, which may be right. */
const unreachable = new Set<ErrorReason>([
  'offline',
  'dns',
  'tls',
  'timeout',
  'connectionLost',
  'proxy',
  'serverError',
  'rateLimited',
]);

/** How many tokens a check of a key requests: enough to tell whether another key's tokens are among them. */
const checkedTokens = 50;

/** A key that was accepted. */
export interface AcceptedKey {
  readonly key: Secret;
  /** False when MagicBell could not be reached and the key was saved anyway. */
  readonly isChecked: boolean;
  /** Undefined when it was not checked, or the API does not list project tokens. */
  readonly projectTokens?: { readonly ids: readonly TokenId[]; readonly hasMore: boolean } | undefined;
}

/** Asks for the key of a first connection at the configured address. Undefined when the user cancels. */
export async function setFirstApiKey(services: Services): Promise<Connection | undefined> {
  const base = parseBaseUrl(services.settings.baseUrlText);
  if (!base.ok) {
    const choice = await vscode.window.showErrorMessage(
      `The configured API base URL cannot be used. ${base.problem}`,
      'Open Settings',
    );
    if (choice !== undefined) await vscode.commands.executeCommand(commandIds.openSettings);
    return undefined;
  }
  const { baseUrl } = base;
  const asked = await askForKey(services, baseUrl, { title: 'Set API Key' });
  if (asked.type !== 'done') return undefined;
  return connect(services, { baseUrl, ...asked.value });
}

/** "Set API Key…" of a connection: another key for its project, or another project beside it. */
export async function setApiKey(services: Services, connection: Connection): Promise<void> {
  const { connections } = services;
  // Another window may change the address meanwhile; the key goes to the one that the box names.
  const { baseUrl } = connection;
  const title = titleIn(services, connection, 'Set API Key');
  const asked = await askForKey(services, baseUrl, { title });
  if (asked.type !== 'done') return;
  const accepted = asked.value;
  const isSame = await isOfSameProject(connection, accepted, title);
  if (isSame === undefined) return;
  if (!isSame) {
    await connect(services, { baseUrl, ...accepted });
    return;
  }
  await connections.change(connection, { baseUrl, key: accepted.key });
  notifyConnected(connection, accepted);
}

/** Stores a new connection under the project name in its key's claims, and reports what was found. */
export async function connect(
  services: Services,
  { baseUrl, name, ...accepted }: AcceptedKey & { readonly baseUrl: BaseUrl; readonly name?: string | undefined },
): Promise<Connection> {
  const { key } = accepted;
  const added = await services.connections.add({ baseUrl, key, name: name ?? identityOf(key)?.projectName });
  notifyConnected(added, accepted);
  return added;
}

/**
 * Whether a new key belongs to the same project as the old one: by the claims of both, else by the tokens that the old
 * one has listed, else the user decides. Undefined when the user cancels.
 */
export async function isOfSameProject(
  connection: Connection,
  { key, projectTokens }: AcceptedKey,
  title: string,
): Promise<boolean | undefined> {
  if (connection.key.equals(key)) return true;
  const byClaims = isSameProject(identityOf(connection.key), identityOf(key));
  if (byClaims !== undefined) return byClaims;
  if (projectTokens?.ids.some((id) => connection.store.hasListed({ id })) === true) return true;
  const name = identityOf(key)?.projectName;
  const items = [
    { label: 'Same Project, New Key', description: 'its name, pins, activity and rotations stay', isSame: true },
    { label: 'Another Project', description: 'a connection of its own, beside this one', isSame: false },
  ];
  const picked = await showPickStep({
    title,
    items,
    placeholder: `Is this a key of ${projectName(connection)}${name === undefined ? '' : `, or of ${name}`}?`,
  });
  return picked.type === 'done' ? picked.value.isSame : undefined;
}

/** Asks for the key of a base URL, until one is accepted. */
export async function askForKey(
  services: Services,
  baseUrl: BaseUrl,
  position: StepPosition,
): Promise<StepResult<AcceptedKey>> {
  const { host } = new URL(baseUrl);
  let refused: ParsedApiKey | undefined;
  return showInputStep<AcceptedKey>({
    ...position,
    prompt: `Paste a project token (starts with eyJ…), from MagicBell’s Settings → Access Tokens. It is sent to ${host} only.`,
    placeholder: 'eyJ…',
    password: true,
    // People switch to the browser to copy the key.
    ignoreFocusOut: true,
    check: (text) => {
      refused = undefined;
      if (text === '') return undefined;
      const parsed = parseApiKey(text);
      refused = parsed.ok ? undefined : parsed;
      return parsed.ok ? undefined : parsed.problem;
    },
    accept: async (text, signal) => {
      const parsed = refused ?? parseApiKey(text);
      if (!parsed.ok) return parsed;
      return checkKey(services, baseUrl, parsed.key, signal);
    },
  });
}

type Checked = { readonly ok: true; readonly value: AcceptedKey } | { readonly ok: false; readonly problem: string };

/** Checks a key by a real request with the client that is used later. */
export async function checkKey(
  { connections, logger }: Services,
  baseUrl: BaseUrl,
  key: Secret,
  signal: AbortSignal,
): Promise<Checked> {
  try {
    const projectTokens = await connections.tryKey({ baseUrl, key }, (api) => askWith(api, signal));
    return { ok: true, value: { key, isChecked: true, projectTokens } };
  } catch (error) {
    const known = asMagicBellError(error);
    if (known === undefined) throw error;
    const { reason } = known;
    logger.warn(`set API key: ${reason}`);
    const { message } = describeError(error, { host: new URL(baseUrl).host });
    const isJudged = !unreachable.has(reason) && known.details.unexpected !== 'blocked';
    if (isJudged) return { ok: false, problem: message };
    const choice = await vscode.window.showWarningMessage(
      'The key could not be checked.',
      {
        modal: true,
        detail: `${message}\n\nYou can save it unchecked; it is used as soon as MagicBell can be reached.`,
      },
      'Save Anyway',
    );
    return choice === undefined ? { ok: false, problem: message } : { ok: true, value: { key, isChecked: false } };
  }
}

/** @throws MagicBellError why the key is not proved */
async function askWith(api: MagicBellApi, signal: AbortSignal): Promise<AcceptedKey['projectTokens']> {
  const { projectTokens } = await verifyKey(api, { limit: checkedTokens, signal });
  if (projectTokens === undefined) return undefined;
  return { ids: projectTokens.items.flatMap(({ id }) => id ?? []), hasMore: projectTokens.next !== undefined };
}

/** Reports the connection, and warns when its key could not be stored. */
export function notifyConnected(connection: Connection, { isChecked, projectTokens }: AcceptedKey): void {
  if (connection.isUnsaved) {
    const text =
      'The API key is kept for this session only: VS Code’s secret storage does not work here. On Linux, installing a keyring such as gnome-keyring helps.';
    void vscode.window.showWarningMessage(text, 'Show Log').then(async (choice) => {
      if (choice !== undefined) await vscode.commands.executeCommand(commandIds.showLog);
    });
    return;
  }
  if (!isChecked) {
    void vscode.window.showInformationMessage(`The API key of ${projectName(connection)} is saved, unchecked.`);
    return;
  }
  const count = projectTokens?.ids.length;
  const found =
    count === undefined
      ? ''
      : `: ${count}${projectTokens?.hasMore === true ? ' or more' : ''} project ${count === 1 ? 'token' : 'tokens'}`;
  void vscode.window.showInformationMessage(`Connected to ${projectName(connection)}${found}.`);
}
