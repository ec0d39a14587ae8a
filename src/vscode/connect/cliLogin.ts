import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Secret } from '../../core/base/secret.ts';
import { identityOf, isSameProject } from '../../core/checking/tokenIdentity.ts';
import { parseApiKey } from '../../core/connections/apiKey.ts';
import type { CliLogin } from '../../core/connections/cliLogin.ts';
import { CliLoginFile } from '../../core/connections/cliLoginFile.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { type BaseUrl, parseBaseUrl } from '../../core/magicbell/baseUrl.ts';
import { SigningKeyVault, parseProjectApiKey, parseSecretKey } from '../../core/signing/signingKeys.ts';
import type { Services } from '../services.ts';
import { withLongProgress } from '../ui/progress.ts';
import { saidIn } from '../../core/connections/projectName.ts';
import { checkKey, connect, notifyConnected } from './setApiKey.ts';

/** The path as people know it. */
const shownPath = '~/.magicbell/config.json';
/** The state key for the connection whose key came from the login: only its rotation concerns the file. */
const connectionOfLogin = 'cliLogin.connection';

const loginFile = (): CliLoginFile => new CliLoginFile(homedir());

/** Whether there is a login to offer. The file is not read. */
export const hasCliLogin = (): Promise<boolean> => loginFile().exists();

type Login = Extract<CliLogin, { readonly type: 'login' }>;

/** "Use the MagicBell CLI’s Login": reads the file, once, and connects with its token. */
export async function useCliLogin(services: Services): Promise<void> {
  const file = loginFile();
  let read;
  try {
    read = await file.read();
  } catch (error) {
    const { code = 'failed' } = error as NodeJS.ErrnoException;
    void vscode.window.showErrorMessage(`${shownPath} cannot be read (${code}).`);
    return;
  }
  const { login, linkTo, isOpenToOthers } = read;
  if (login.type !== 'login') {
    void vscode.window.showErrorMessage(problems[login.type]);
    return;
  }
  const parsed = parseApiKey(login.token.reveal());
  if (!parsed.ok) {
    void vscode.window.showErrorMessage(`The token of the MagicBell CLI cannot be used. ${parsed.problem}`);
    return;
  }
  const base = parseBaseUrl(services.settings.baseUrlText);
  if (!base.ok) {
    void vscode.window.showErrorMessage(`The configured API base URL cannot be used. ${base.problem}`);
    return;
  }
  const withSecretKey = await askWhatToUse(login, base.baseUrl, linkTo);
  if (withSecretKey === undefined) return;
  const connection = await connectWith(services, base.baseUrl, parsed.key);
  if (connection === undefined) return;
  await services.state.update(connectionOfLogin, connection.id);
  await keepSigningKeys(services, connection, login, withSecretKey);
  if (isOpenToOthers) await offerToRestrict(file);
}

const problems: Readonly<Record<Exclude<CliLogin['type'], 'login'>, string>> = {
  none: `The MagicBell CLI has no login here: ${shownPath} is not there.`,
  loggedOut: `The MagicBell CLI is not logged in: ${shownPath} holds no token.`,
  unreadable: `The login of the MagicBell CLI cannot be read: ${shownPath} is not whole JSON.`,
};

const useToken = 'Use the Token';
const useBoth = 'Use the Token and the Secret Key';

/** Whether to use the Secret Key as well. Undefined when the user cancels. */
async function askWhatToUse(login: Login, baseUrl: BaseUrl, linkTo: string | undefined): Promise<boolean | undefined> {
  const { host } = new URL(baseUrl);
  const canSign = login.apiKey !== undefined && login.secretKey !== undefined;
  const choice = await vscode.window.showInformationMessage(
    'Use the login of the MagicBell CLI?',
    {
      modal: true,
      detail: [
        ...(linkTo === undefined ? [] : [`${shownPath} is a link to ${linkTo}.`]),
        `Its token is checked with a call to ${host}, and kept in VS Code’s secret storage.`,
        ...(canSign ? ['Its Secret Key can be kept there, too, to sign user tokens.'] : []),
      ].join('\n'),
    },
    useToken,
    ...(canSign ? [useBoth] : []),
  );
  return choice === undefined ? undefined : choice === useBoth;
}

/** Undefined when the key is refused, or the check was cancelled. */
async function connectWith(services: Services, baseUrl: BaseUrl, key: Secret): Promise<Connection | undefined> {
  const { connections } = services;
  const all = (await connections.start()).filter((each) => each.baseUrl === baseUrl);
  const same = all.find((each) => each.key.equals(key));
  if (same !== undefined) {
    void vscode.window.showInformationMessage(saidIn(services, same, 'This login is connected already.'));
    return same;
  }
  const { host } = new URL(baseUrl);
  const checked = await withLongProgress(services, { title: `Asking ${host}`, cancellable: true }, (signal) =>
    checkKey(services, baseUrl, key, signal),
  );
  if (!checked.ok) {
    void vscode.window.showErrorMessage(`The token of the MagicBell CLI is not accepted. ${checked.problem}`);
    return undefined;
  }
  const ofProject = all.find((each) => isSameProject(identityOf(each.key), identityOf(key)) === true);
  if (ofProject === undefined) return connect(services, { baseUrl, ...checked.value });
  await connections.change(ofProject, { baseUrl, key });
  notifyConnected(ofProject, checked.value);
  return ofProject;
}

async function keepSigningKeys(
  { secrets, logger }: Services,
  { id }: Connection,
  login: Login,
  withSecretKey: boolean,
): Promise<void> {
  const apiKey = parseProjectApiKey(login.apiKey?.reveal() ?? '');
  const secretKey = parseSecretKey(login.secretKey?.reveal() ?? '');
  if (!withSecretKey || !apiKey.ok || !secretKey.ok) return;
  try {
    await new SigningKeyVault(secrets).save(id, { apiKey: apiKey.key, secretKey: secretKey.key });
  } catch (error) {
    logger.warn(`signing keys are not remembered (${(error as Error).message})`);
    void vscode.window.showWarningMessage('The Secret Key is not kept: secret storage does not work.');
  }
}

async function offerToRestrict(file: CliLoginFile): Promise<void> {
  const choice = await vscode.window.showWarningMessage(
    `Others on this computer can read ${shownPath}.`,
    'Let Only Me Read It',
  );
  if (choice === undefined) return;
  try {
    await file.restrict();
    void vscode.window.showInformationMessage(`Only you can read ${shownPath} now.`);
  } catch (error) {
    const { code = 'failed' } = error as NodeJS.ErrnoException;
    void vscode.window.showErrorMessage(`The access to ${shownPath} cannot be changed (${code}).`);
  }
}

/** After the rotation of the key that came from the login: offers to write the new one into the file. */
export async function offerToUpdateCliLogin(
  services: Services,
  connection: Connection,
  replaced: Secret,
): Promise<void> {
  if (services.state.get(connectionOfLogin) !== connection.id) return;
  const file = loginFile();
  if (!(await file.exists())) return;
  const choice = await vscode.window.showInformationMessage(
    saidIn(services, connection, 'The MagicBell CLI still uses the old key.'),
    'Update Its Login',
  );
  // Its key may have been forgotten while the message was open.
  if (choice === undefined || connection.isRemoved) return;
  try {
    const isDone = await file.replaceToken(replaced, connection.key);
    if (isDone) void vscode.window.showInformationMessage('The MagicBell CLI uses the new key now.');
    else void vscode.window.showWarningMessage('The MagicBell CLI has another login now, left as it is.');
  } catch (error) {
    const { code = 'failed' } = error as NodeJS.ErrnoException;
    void vscode.window.showErrorMessage(`${shownPath} cannot be written (${code}).`);
  }
}

/** Forgets that the key of a connection came from the login. */
export async function forgetCliLogin({ state }: Services, connectionId: string): Promise<void> {
  if (state.get(connectionOfLogin) === connectionId) await state.update(connectionOfLogin, undefined);
}
