import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/vault.ts';
import { displayText } from '../../core/base/displayText.ts';
import { type BaseUrl, parseBaseUrl } from '../../core/magicbell/baseUrl.ts';
import { type StepPosition, type StepResult, showInputStep, showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { forgetApiKey } from './forgetApiKey.ts';
import { askForKey, ensureSignedIn, tellKept } from './setApiKey.ts';

const maxNameLength = 60;

/** What people call a connection: its name, else its host. */
const connectionName = ({ name, baseUrl }: Pick<Connection, 'name' | 'baseUrl'>): string =>
  displayText(name ?? new URL(baseUrl).host);

/** "Add Connection…": another project beside the present one, with its own base URL and key. */
export async function addConnection(services: Services): Promise<void> {
  const { session, settings } = services;
  await session.start();
  const title = 'Add Connection';
  let name = '';
  let address = settings.baseUrlText;
  let step = 1;
  for (;;) {
    if (step === 1) {
      const named = await askName({ title, step, totalSteps: 3 }, name);
      if (named.type !== 'done') return;
      name = named.value;
      step = 2;
    } else if (step === 2) {
      const asked = await askBaseUrl({ title, step, totalSteps: 3, canGoBack: true }, address);
      if (asked.type === 'cancelled') return;
      if (asked.type === 'done') address = asked.value;
      step = asked.type === 'back' ? 1 : 3;
    } else {
      const parsed = parseBaseUrl(address);
      if (!parsed.ok) return;
      const { baseUrl } = parsed;
      const key = await askForKey(services, baseUrl, { title, step, totalSteps: 3, canGoBack: true });
      if (key.type === 'cancelled') return;
      if (key.type === 'done') {
        tellKept(services, await session.addConnection({ name, baseUrl, key: key.value, hasOwnUrl: true }));
        return;
      }
      step = 2;
    }
  }
}

interface ConnectionItem extends vscode.QuickPickItem {
  readonly connection?: Connection;
}

/** "Switch Connection…": another of the kept connections, for this window. */
export async function switchConnection(services: Services): Promise<void> {
  const { session } = services;
  const state = await session.start();
  const current = state.status === 'signedIn' ? state.connection.id : undefined;
  const connections = await session.connections();
  const items: ConnectionItem[] = connections.map((connection) => ({
    label: connectionName(connection),
    description: [
      new URL(connection.baseUrl).host,
      ...(connection.isProduction === true ? ['production'] : []),
      ...(connection.id === current ? ['in use'] : []),
    ].join(' · '),
    connection,
  }));
  const picked = await showPickStep<ConnectionItem>({
    title: 'Switch Connection',
    placeholder: 'Which project?',
    items: [...items, { label: '$(add) Add Connection…' }],
    active: items.find(({ connection }) => connection?.id === current),
  });
  if (picked.type !== 'done') return;
  const { connection } = picked.value;
  if (connection === undefined) await addConnection(services);
  else await session.switchTo(connection.id);
}

interface ActionItem extends vscode.QuickPickItem {
  readonly run: () => Promise<unknown>;
}

/** "Edit Connection…": the name, the production mark, or an end of the connection in use. */
export async function editConnection(services: Services): Promise<void> {
  if (!(await ensureSignedIn(services))) return;
  const { session } = services;
  const { state } = session;
  if (state.status !== 'signedIn') return;
  const { connection } = state;
  const { name } = connection;
  const isProduction = connection.isProduction === true;
  const items: ActionItem[] = [
    { label: '$(edit) Rename…', run: () => rename(services, connection) },
    isProduction
      ? {
          label: '$(unlock) No Longer Production',
          description: 'revoking asks once',
          run: () => session.editConnection({ name, isProduction: undefined }),
        }
      : {
          label: '$(lock) Mark as Production',
          description: 'revoking asks for more than a click',
          run: () => session.editConnection({ name, isProduction: true }),
        },
    { label: '$(trash) Forget API Key…', description: 'and remove the connection', run: () => forgetApiKey(services) },
  ];
  const picked = await showPickStep<ActionItem>({
    title: connectionName(connection),
    placeholder: connection.baseUrl,
    items,
  });
  if (picked.type === 'done') await picked.value.run();
}

async function rename({ session }: Services, connection: Connection): Promise<void> {
  const named = await askName({ title: 'Rename Connection' }, connection.name ?? '');
  if (named.type === 'done') {
    await session.editConnection({ name: named.value, isProduction: connection.isProduction });
  }
}

function askName(position: StepPosition, value: string): Promise<StepResult<string>> {
  return showInputStep<string>({
    ...position,
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
