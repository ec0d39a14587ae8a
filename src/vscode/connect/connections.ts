import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import { identityOf } from '../../core/checking/tokenIdentity.ts';
import { type BaseUrl, parseBaseUrl } from '../../core/magicbell/baseUrl.ts';
import { type StepPosition, type StepResult, showInputStep, showPickStep } from '../ui/quickInput.ts';
import { commandIds } from '../ui/ids.ts';
import type { Services } from '../services.ts';
import { projectName, titleIn } from '../../core/connections/projectName.ts';
import { type AcceptedKey, askForKey, connect, isOfSameProject, setApiKey } from './setApiKey.ts';

const maxNameLength = 60;

/** "Add Connection…": adds a project with its own address and key. */
export async function addConnection(services: Services): Promise<void> {
  await services.connections.start();
  const asked = await askAddressAndKey(services, 'Add Connection', services.settings.baseUrlText);
  if (asked === undefined) return;
  let name = identityOf(asked.key)?.projectName;
  if (name === undefined) {
    const named = await askName({ title: 'Add Connection', step: 3, totalSteps: 3 }, '');
    // The key was accepted; it can be named later.
    name = named.type === 'done' ? named.value : undefined;
  }
  const added = await connect(services, { ...asked, name });
  if (services.connections.all.filter((each) => each.label === added.label).length > 1) {
    void vscode.window
      .showInformationMessage(
        `There is another connection that is called ${added.label}. Give one of them another name.`,
        'Edit Connection…',
      )
      .then((choice) => (choice === undefined ? undefined : editConnection(services, added)));
  }
}

async function askAddressAndKey(
  services: Services,
  title: string,
  prefilled: string,
): Promise<(AcceptedKey & { readonly baseUrl: BaseUrl }) | undefined> {
  let address = prefilled;
  for (;;) {
    const asked = await askBaseUrl({ title, step: 1, totalSteps: 2 }, address);
    if (asked.type !== 'done') return undefined;
    address = asked.value;
    const baseUrl = asked.value;
    const key = await askForKey(services, baseUrl, { title, step: 2, totalSteps: 2, canGoBack: true });
    if (key.type === 'cancelled') return undefined;
    if (key.type === 'done') return { ...key.value, baseUrl };
  }
}

interface ActionItem extends vscode.QuickPickItem {
  readonly run: () => PromiseLike<unknown>;
}

/** "Edit Connection…": changes its name, its production mark, its key or its address, or removes it. */
export async function editConnection(services: Services, connection: Connection): Promise<void> {
  const { connections } = services;
  const mark = async (isProduction: boolean): Promise<void> => {
    await connections.change(connection, { isProduction: isProduction ? true : undefined });
    void vscode.window.showInformationMessage(
      isProduction
        ? `${connection.label} is marked as production.`
        : `${connection.label} is no longer marked as production.`,
    );
  };
  const items: ActionItem[] = [
    { label: '$(edit) Rename…', run: () => rename(services, connection) },
    connection.isProduction
      ? { label: '$(unlock) No Longer Production', description: 'revoking asks once', run: () => mark(false) }
      : {
          label: '$(lock) Mark as Production',
          description: 'revoking asks for something to be typed',
          run: () => mark(true),
        },
    { label: '$(key) Set API Key…', run: () => setApiKey(services, connection) },
    {
      label: '$(link) Change Address…',
      description: 'with the key for it',
      run: () => changeAddress(services, connection),
    },
    {
      label: '$(trash) Forget API Key…',
      description: 'and remove the connection',
      run: () =>
        vscode.commands.executeCommand(commandIds.forgetApiKey, { type: 'connection', connection, kind: 'project' }),
    },
  ];
  const picked = await showPickStep<ActionItem>({
    title: projectName(connection),
    placeholder: connection.baseUrl,
    items,
  });
  if (picked.type === 'done') await picked.value.run();
}

async function rename(services: Services, connection: Connection): Promise<void> {
  const title = titleIn(services, connection, 'Rename Connection');
  const named = await askName({ title }, connection.name ?? '');
  if (named.type === 'done') await services.connections.change(connection, { name: named.value });
}

/** A key belongs to the address it was entered for, so another address needs its own key. */
async function changeAddress(services: Services, connection: Connection): Promise<void> {
  const title = titleIn(services, connection, 'Change Address');
  const asked = await askAddressAndKey(services, title, connection.baseUrl);
  if (asked === undefined) return;
  const isSame = await isOfSameProject(connection, asked, title);
  if (isSame === undefined) return;
  if (!isSame) {
    await connect(services, asked);
    return;
  }
  await services.connections.change(connection, { baseUrl: asked.baseUrl, key: asked.key });
  void vscode.window.showInformationMessage(`${connection.label} is at ${connection.host} now.`);
}

function askName(position: StepPosition, value: string): Promise<StepResult<string>> {
  return showInputStep<string>({
    ...position,
    isName: true,
    value,
    prompt: 'What do you call this project?',
    placeholder: 'Production, Staging, …',
    accept: (text) => {
      const name = text.trim();
      if (name === '') return { ok: false, problem: 'A connection needs a name.' };
      if (name.length > maxNameLength) return { ok: false, problem: `At most ${maxNameLength} characters.` };
      return { ok: true, value: name };
    },
  });
}

function askBaseUrl(position: StepPosition, value: string): Promise<StepResult<BaseUrl>> {
  return showInputStep<BaseUrl>({
    ...position,
    value,
    prompt: 'Address of the MagicBell API. The key will be sent there and nowhere else.',
    ignoreFocusOut: true,
    check: (text) => {
      const parsed = parseBaseUrl(text);
      return text === '' || parsed.ok ? undefined : parsed.problem;
    },
    accept: (text) => {
      const parsed = parseBaseUrl(text);
      return parsed.ok ? { ok: true, value: parsed.baseUrl } : { ok: false, problem: parsed.problem };
    },
  });
}
