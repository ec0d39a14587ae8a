import * as vscode from 'vscode';
import type { UserRow } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { IssuanceRequest } from '../../core/issuance/issuance.ts';
import type { Recipient } from '../../core/model/recipient.ts';
import type { Secret } from '../../core/base/secret.ts';
import {
  type ParsedKey,
  type SigningKeys,
  SigningKeyVault,
  parseProjectApiKey,
  parseSecretKey,
} from '../../core/signing/signingKeys.ts';
import { signUserJwt } from '../../core/signing/signUserJwt.ts';
import { type Expiry, expiryInstant, expiryPresets, expirySeconds } from '../../core/tokens/expiry.ts';
import { userName } from '../../core/tokens/tokenPresentation.ts';
import { titleIn } from '../../core/connections/projectName.ts';
import { deliverToPlaces } from '../deliver/deliverToPlaces.ts';
import { type Delivery, askExpiry } from './expiryStep.ts';
import { type StepPosition, type StepResult, runSteps, showInputStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { identityOf } from '../../core/checking/tokenIdentity.ts';
import { draftOf } from './draft.ts';
import { disambiguateRecipient } from './disambiguateRecipient.ts';
import { pickUser, recipientOf } from '../browse/userPick.ts';

/** "Sign for a User…"; from a user's row, for that user. Nothing of it is sent anywhere. */
export async function signUserToken(services: Services, connection: Connection, row?: UserRow): Promise<void> {
  if (row === undefined) await signFor(services, connection, undefined, undefined);
  else await signFor(services, connection, recipientOf(row.user), userName(row.user));
}

/**
 * Signs a token for a user who is known already, or asks for one.
 *
 * @param lifetimeMs that of the token which is signed again
 */
export async function signFor(
  services: Services,
  connection: Connection,
  given: Recipient | undefined,
  name: string | undefined,
  lifetimeMs?: number,
): Promise<void> {
  if (given !== undefined && given.email === undefined && given.externalId === undefined) {
    await vscode.window.showErrorMessage('This user has no email or external id to sign a token for.');
    return;
  }
  const { secrets } = services;
  const vault = new SigningKeyVault(secrets);
  const remembered = await vault.read(connection.id).catch(() => undefined);
  const title = titleIn(services, connection, name === undefined ? 'Sign for a User' : `Sign Token for ${name}`);
  const totalSteps = given === undefined ? 4 : 3;
  const at = (step: number, canGoBack: boolean): StepPosition => ({ title, step, totalSteps, canGoBack });
  // The claims of a project token name its project's key.
  const ofProject = identityOf(connection.key)?.apiKey;
  const delivery: Delivery = { kind: 'user', places: [], isChosen: false };
  const entered: Entered = {
    apiKey: undefined,
    secretKey: undefined,
    isToRemember: remembered?.secretKey !== undefined,
  };
  const draft = draftOf(services, connection, 'signed');
  let recipient = given === undefined ? undefined : await disambiguateRecipient(connection, title, given);
  if (given !== undefined && recipient === undefined) return;
  const expiry = await runSteps([
    ...(given === undefined
      ? [
          async (): Promise<StepResult<unknown>> => {
            const picked = await pickUser(services, connection, {
              ...at(1, false),
              value: draft.recipientText,
              placeholder: 'Email or external id of the user',
              onDidChangeValue: (value) => {
                draft.recipientText = value;
              },
              allowTyped: true,
            });
            if (picked.type !== 'done') return picked;
            const { value } = picked;
            const chosen = value.type === 'user' ? recipientOf(value.user) : value.recipient;
            recipient = await disambiguateRecipient(connection, title, chosen);
            return recipient === undefined ? { type: 'cancelled' } : picked;
          },
        ]
      : []),
    (canGoBack) => askApiKey(entered, remembered, ofProject, at(totalSteps - 2, canGoBack)),
    (canGoBack) => askSecretKey(entered, remembered, at(totalSteps - 1, canGoBack)),
    (canGoBack) =>
      askExpiry(services, {
        ...at(totalSteps, canGoBack),
        // Nothing can revoke it: whoever wants it to last for ever has to say so.
        presets: expiryPresets.filter(({ id }) => id !== 'never'),
        preselected: expiryPresets.find(({ expiry }) => isOf(expiry, lifetimeMs))?.id ?? '1h',
        now: () => connection.now(),
        neverText: 'never. It cannot be revoked either, except with the Secret Key itself',
        customPrompt: 'When should it expire? A duration like 45d or 12h, a date like 2027-03-01, or “never”.',
        delivery,
        // The button of the Secret Key's step, once more for the keyboard.
        moreItems: () => [
          { label: 'Secret Key', kind: vscode.QuickPickItemKind.Separator },
          {
            label: entered.isToRemember ? `$(pinned) ${doNotRemember}` : `$(pin) ${remember}`,
            description: entered.isToRemember ? 'kept in VS Code’s secret storage' : 'not kept',
            change: () => {
              entered.isToRemember = !entered.isToRemember;
            },
          },
        ],
      }),
  ]);
  const { apiKey, secretKey, isToRemember } = entered;
  if (expiry === undefined || recipient === undefined || apiKey === undefined || secretKey === undefined) return;
  const signed = { recipient, apiKey, secretKey, isToRemember, expiry: expiry as Expiry };
  await issueSigned(services, connection, vault, delivery, signed);
  if (given === undefined) draft.recipientText = '';
}

/** Signs, keeps the keys as it was chosen, and delivers the value. */
async function issueSigned(
  services: Services,
  connection: Connection,
  vault: SigningKeyVault,
  delivery: Delivery,
  {
    recipient,
    apiKey,
    secretKey,
    isToRemember,
    expiry,
  }: { recipient: Recipient; apiKey: Secret; secretKey: Secret; isToRemember: boolean; expiry: Expiry },
): Promise<void> {
  const { issuances, logger } = services;
  // It may have been forgotten while a box was open: nothing could clear what is written of it then.
  connection.refuseWhenRemoved();
  // By the server's clock, which judges it: a token of an hour would be dead on arrival at a clock that is ahead.
  const now = connection.now();
  const expiresAt = expiryInstant(expiry, now);
  const value = signUserJwt({ recipient, apiKey, expiresAt }, secretKey);
  const request: IssuanceRequest = {
    kind: 'user',
    isSigned: true,
    name: undefined,
    recipient,
    expirySeconds: expirySeconds(expiry, now),
    ...(delivery.places.length === 0 ? {} : { places: delivery.places }),
  };
  const made = { connectionId: connection.id, request, createdAt: now, expiresAt };
  const { issuance } = await issuances.issue(
    connection,
    request,
    [],
    () => Promise.resolve({ id: undefined, value, createdAt: now, expiresAt }),
    // Before the value can leave: nothing else knows of a signed token.
    async (id) => (await services.ledger.open()).made({ ...made, id }, value),
  );
  try {
    await vault.save(connection.id, { apiKey, secretKey: isToRemember ? secretKey : undefined });
  } catch (error) {
    logger.warn(`signing keys are not remembered (${(error as Error).message})`);
    if (isToRemember) {
      void vscode.window.showWarningMessage('The Secret Key is not kept: secret storage does not work.');
    }
  }
  await deliverToPlaces(services, issuance.id);
}

/** The seconds of a signed token's expiry are whole. */
const isOf = (expiry: Expiry, lifetimeMs: number | undefined): boolean =>
  expiry.type === 'after' && lifetimeMs !== undefined && Math.abs(expiry.milliseconds - lifetimeMs) < 2_000;

const remember = 'Remember the Secret Key';
const doNotRemember = 'Do Not Remember the Secret Key';

interface Entered {
  apiKey: Secret | undefined;
  secretKey: Secret | undefined;
  isToRemember: boolean;
}

function askApiKey(
  entered: Entered,
  remembered: SigningKeys | undefined,
  ofProject: Secret | undefined,
  position: StepPosition,
): Promise<StepResult<Secret>> {
  const known = entered.apiKey ?? remembered?.apiKey ?? ofProject;
  return askKey(parseProjectApiKey, known, (key) => (entered.apiKey = key), {
    ...position,
    prompt: 'The project API key (starts with pk_…), from MagicBell’s settings. It becomes part of the token.',
    placeholder: 'pk_…',
  });
}

function askSecretKey(
  entered: Entered,
  remembered: SigningKeys | undefined,
  position: StepPosition,
): Promise<StepResult<Secret>> {
  const { apiKey } = entered;
  const known = apiKey !== undefined && remembered?.apiKey.equals(apiKey) === true ? remembered.secretKey : undefined;
  return askKey(parseSecretKey, known, (key) => (entered.secretKey = key), {
    ...position,
    prompt: '',
    placeholder: 'Secret Key',
    live: (input) => {
      const pin = { iconPath: new vscode.ThemeIcon('pin'), tooltip: remember };
      const unpin = { iconPath: new vscode.ThemeIcon('pinned'), tooltip: doNotRemember };
      const others = input.buttons;
      const show = (): void => {
        input.buttons = [...others, entered.isToRemember ? unpin : pin];
        input.validationMessage = undefined;
        input.prompt = `The project’s Secret Key, which can sign for any user. It stays on this computer and ${
          entered.isToRemember ? 'is kept in VS Code’s secret storage.' : 'is not kept.'
        }`;
      };
      show();
      return input.onDidTriggerButton((button) => {
        if (button !== pin && button !== unpin) return;
        entered.isToRemember = button === pin;
        show();
      });
    },
  });
}

/** Masked, since anything may be pasted here. A known key is used when nothing is. */
function askKey(
  parse: (text: string) => ParsedKey,
  known: Secret | undefined,
  keep: (key: Secret) => void,
  step: Omit<Parameters<typeof showInputStep<Secret>>[0], 'check' | 'accept'>,
): Promise<StepResult<Secret>> {
  return showInputStep<Secret>({
    ...step,
    ...(known === undefined ? {} : { placeholder: 'Known: press Enter to use it' }),
    password: true,
    // People switch to the browser to copy the key.
    ignoreFocusOut: true,
    check: (text) => {
      const parsed = text === '' ? undefined : parse(text);
      return parsed === undefined || parsed.ok ? undefined : parsed.problem;
    },
    accept: (text) => {
      const parsed: ParsedKey = known !== undefined && text === '' ? { ok: true, key: known } : parse(text);
      if (!parsed.ok) return parsed;
      keep(parsed.key);
      return { ok: true, value: parsed.key };
    },
  });
}
