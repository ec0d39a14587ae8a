import * as vscode from 'vscode';
import { type ParsedApiKey, parseApiKey } from '../../core/connections/apiKey.ts';
import { describeError } from '../../core/describeError.ts';
import { type BaseUrl, parseBaseUrl } from '../../core/magicbell/baseUrl.ts';
import { type ErrorReason, asMagicBellError } from '../../core/magicbell/errors.ts';
import type { Secret } from '../../core/base/secret.ts';
import { type StepPosition, type StepResult, showInputStep } from '../ui/quickInput.ts';
import { commandIds } from '../ui/ids.ts';
import type { Services } from '../services.ts';
import { settleUndelivered } from './forgetApiKey.ts';

/** Failures that say nothing about the key: it may be right. */
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

/** "Set API Key…": asks for the key, checks it with a real call, and keeps it. */
export async function setApiKey(services: Services): Promise<void> {
  await askForApiKey(services);
}

/** True when there is a connection to work with; asks for a key when there is none. */
export async function ensureSignedIn(services: Services): Promise<boolean> {
  const { status } = await services.session.start();
  return status === 'signedIn' || askForApiKey(services);
}

async function askForApiKey(services: Services): Promise<boolean> {
  const { session, settings } = services;
  const state = await session.start();
  const ownUrl =
    state.status === 'signedIn' && state.connection.hasOwnUrl === true ? state.connection.baseUrl : undefined;
  const base = parseBaseUrl(ownUrl ?? settings.baseUrlText);
  if (!base.ok) {
    const choice = await vscode.window.showErrorMessage(
      `The configured API base URL cannot be used. ${base.problem}`,
      'Open Settings',
    );
    if (choice !== undefined) await vscode.commands.executeCommand(commandIds.openSettings);
    return false;
  }
  const { baseUrl } = base;
  const result = await askForKey(services, baseUrl, { title: 'Set API Key' });
  if (result.type !== 'done') return false;
  // The other key may belong to another project, where the undelivered tokens of this one cannot be revoked.
  if (session.state.status === 'signedIn' && !(await settleUndelivered(services))) return false;
  await keep(services, baseUrl, result.value);
  return true;
}

/** Asks for the key of a base URL, until one is accepted. */
export async function askForKey(
  services: Services,
  baseUrl: BaseUrl,
  position: StepPosition,
): Promise<StepResult<Secret>> {
  const { host } = new URL(baseUrl);
  let refused: ParsedApiKey | undefined;
  return showInputStep<Secret>({
    ...position,
    prompt: `Paste a project token (starts with eyJ…), from MagicBell’s Settings → Access Tokens. It is sent to ${host} only.`,
    placeholder: 'eyJ…',
    password: true,
    // People switch to the browser to copy the key.
    ignoreFocusOut: true,
    check: (text) => {
      if (text === '') return undefined;
      const parsed = parseApiKey(text);
      refused = parsed.ok ? undefined : parsed;
      return parsed.ok ? undefined : parsed.problem;
    },
    accept: async (text, signal) => {
      const parsed = refused ?? parseApiKey(text);
      if (!parsed.ok) return parsed;
      return (await isUsable(services, baseUrl, parsed.key, signal)) ?? { ok: true, value: parsed.key };
    },
  });
}

/** Undefined when the key may be used; else what to say below the box. */
async function isUsable(
  { session, logger }: Services,
  baseUrl: BaseUrl,
  key: Secret,
  signal: AbortSignal,
): Promise<{ readonly ok: false; readonly problem: string } | undefined> {
  try {
    await session.verify(baseUrl, key, signal);
    return undefined;
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
    return choice === undefined ? { ok: false, problem: message } : undefined;
  }
}

async function keep(services: Services, baseUrl: BaseUrl, key: Secret): Promise<void> {
  tellKept(services, await services.session.signIn(baseUrl, key));
}

/** Says where the key is, and shows the views. */
export function tellKept({ views }: Services, isKept: boolean): void {
  views.project.provider.refresh();
  if (isKept) {
    void vscode.window.showInformationMessage('The API key is saved in VS Code’s secret storage.');
  } else {
    void vscode.window.showWarningMessage(
      'VS Code’s secret storage does not work here, so the API key is kept for this session only. On Linux, installing a keyring such as gnome-keyring helps.',
    );
  }
}
