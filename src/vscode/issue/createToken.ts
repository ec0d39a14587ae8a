import * as vscode from 'vscode';
import type { UserRow } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { characterCount, maxFieldLength } from '../../core/magicbell/limits.ts';
import type { IssuanceRequest } from '../../core/issuance/issuance.ts';
import type { Recipient } from '../../core/model/recipient.ts';
import { asMagicBellError } from '../../core/magicbell/errors.ts';
import { type Expiry, expiryPresets, expirySeconds } from '../../core/tokens/expiry.ts';
import { userName } from '../../core/tokens/tokenPresentation.ts';
import { describeError } from '../../core/describeError.ts';
import { displayText } from '../../core/base/displayText.ts';
import { offerDashboard } from './notOffered.ts';
import { titleIn } from '../../core/connections/projectName.ts';
import { isSamePlace, plainClipboard } from '../../core/delivery/place.ts';
import { confirmPlace } from '../deliver/deliveryTarget.ts';
import { draftOf } from './draft.ts';
import { type Delivery, askExpiry as askExpiryStep } from './expiryStep.ts';
import { issueToken } from './issueToken.ts';
import { type StepPosition, type StepResult, runSteps, showInputStep } from '../ui/quickInput.ts';
import type { Services, TokenDraft } from '../services.ts';
import { pickUser, recipientOf } from '../browse/userPick.ts';

/** "Create Project Token…" */
export async function createProjectToken(services: Services, connection: Connection): Promise<void> {
  if (connection.isMissing('createProjectJwt')) {
    await offerDashboard(services, connection, 'create project tokens');
    return;
  }
  const draft = draftOf(services, connection, 'project');
  const title = titleIn(services, connection, 'Create Project Token');
  const delivery: Delivery = { kind: 'project', places: [], isChosen: false };
  const expiry = await runSteps([
    (canGoBack) => askName(draft, { title, step: 1, totalSteps: 2, canGoBack }, true),
    async (canGoBack) => {
      await rememberPlaces(services, connection, delivery, draft);
      return askExpiry(services, connection, delivery, { title, step: 2, totalSteps: 2, canGoBack });
    },
  ]);
  if (expiry === undefined) return;
  await create(services, connection, { kind: 'project', name: draft.name.trim() }, expiry as Expiry, {
    delivery,
    draft,
  });
}

/** "Create User Token…"; from a user's row, for that user. */
export async function createUserToken(services: Services, connection: Connection, row?: UserRow): Promise<void> {
  if (connection.isMissing('createUserJwt')) {
    // MagicBell's own alternative when its API creates no user tokens.
    const { signUserToken } = await import('./signUserToken.ts');
    await signUserToken(services, connection, row);
    return;
  }
  const draft = draftOf(services, connection, 'user', row?.user.id);
  const given = row === undefined ? undefined : recipientOf(row.user);
  if (given !== undefined && given.email === undefined && given.externalId === undefined) {
    await vscode.window.showErrorMessage('This user has no email or external id to issue a token for.');
    return;
  }
  let recipient = given;
  const totalSteps = given === undefined ? 3 : 2;
  // Names the user before anything is created: the user may have picked the wrong row.
  const titleOfUser = (): string => {
    const { email, externalId } = recipient ?? {};
    const whom = row === undefined ? displayText(email ?? externalId ?? '') : userName(row.user);
    return titleIn(services, connection, `Create Token for ${whom}`);
  };
  const delivery: Delivery = { kind: 'user', places: [], isChosen: false };
  const expiry = await runSteps([
    ...(given === undefined
      ? [
          async (): Promise<StepResult<unknown>> => {
            const picked = await askUser(services, connection, draft, {
              title: titleIn(services, connection, 'Create User Token'),
              step: 1,
              totalSteps,
            });
            if (picked.type === 'done') recipient = picked.value;
            return picked;
          },
        ]
      : []),
    (canGoBack) => askName(draft, { title: titleOfUser(), step: totalSteps - 1, totalSteps, canGoBack }, false),
    async (canGoBack) => {
      await rememberPlaces(services, connection, delivery, draft);
      return askExpiry(services, connection, delivery, {
        title: titleOfUser(),
        step: totalSteps,
        totalSteps,
        canGoBack,
      });
    },
  ]);
  if (expiry === undefined) return;
  const name = draft.name.trim();
  const request = { kind: 'user', name: name === '' ? undefined : name, recipient } as const;
  try {
    await create(services, connection, request, expiry as Expiry, { delivery, draft });
  } catch (error) {
    if (asMagicBellError(error)?.reason !== 'notOffered') throw error;
    await offerSigning(services, connection, recipient, error);
  }
}

/** Offers what MagicBell documents for APIs that create no user tokens. */
async function offerSigning(
  services: Services,
  connection: Connection,
  recipient: Recipient | undefined,
  error: unknown,
): Promise<void> {
  const { message } = describeError(error);
  const choice = await vscode.window.showErrorMessage(message, 'Sign for a User…');
  if (choice === undefined) return;
  const { signFor } = await import('./signUserToken.ts');
  await signFor(services, connection, recipient, recipient?.email ?? recipient?.externalId);
}

function askName(draft: TokenDraft, position: StepPosition, isRequired: boolean): Promise<StepResult<string>> {
  const problem = (text: string): string | undefined => {
    const length = characterCount(text.trim());
    if (length === 0 && isRequired) return 'A project token needs a name.';
    return length > maxFieldLength
      ? `A name has at most ${maxFieldLength} characters; this one has ${length}.`
      : undefined;
  };
  return showInputStep<string>({
    ...position,
    isName: true,
    value: draft.name,
    prompt: isRequired ? 'Name the token after what will use it.' : 'Name the token after what will use it (optional).',
    placeholder: 'CI deploy',
    onDidChangeValue: (value) => {
      draft.name = value;
    },
    // No error before anything was typed.
    check: (text) => (text === '' ? undefined : problem(text)),
    accept: (text) => {
      const found = problem(text);
      return found === undefined ? { ok: true, value: text } : { ok: false, problem: found };
    },
  });
}

/** Takes the places of the last token of that name, unless others were chosen in this flow. */
async function rememberPlaces(
  services: Services,
  connection: Connection,
  delivery: Delivery,
  draft: TokenDraft,
): Promise<void> {
  if (delivery.isChosen) return;
  const name = draft.name.trim();
  const places = name === '' ? [] : await (await services.destinations()).lastOf(connection.id, delivery.kind, name);
  delivery.places = places.some((place) => !isSamePlace(place, plainClipboard)) ? places : [];
}

function askExpiry(
  services: Services,
  connection: Connection,
  delivery: Delivery,
  position: StepPosition,
): Promise<StepResult<Expiry>> {
  return askExpiryStep(services, {
    ...position,
    presets: expiryPresets,
    preselected: services.settings.defaultExpiry,
    now: () => connection.now(),
    neverText: 'until it is revoked',
    customPrompt: 'When should it expire? A duration like 45d or 12h, or a date like 2027-03-01.',
    delivery,
  });
}

/** A user from the search, or an email or external id as typed. */
async function askUser(
  services: Services,
  connection: Connection,
  draft: TokenDraft,
  position: StepPosition,
): Promise<StepResult<Recipient>> {
  const picked = await pickUser(services, connection, {
    ...position,
    value: draft.recipientText,
    placeholder: 'Email or external id of the user',
    onDidChangeValue: (value) => {
      draft.recipientText = value;
    },
    allowTyped: true,
  });
  if (picked.type !== 'done') return picked;
  const { value } = picked;
  return { type: 'done', value: value.type === 'user' ? recipientOf(value.user) : value.recipient };
}

async function create(
  services: Services,
  connection: Connection,
  request: Omit<IssuanceRequest, 'expirySeconds'>,
  expiry: Expiry,
  { delivery, draft }: { readonly delivery: Delivery; readonly draft: TokenDraft },
): Promise<void> {
  const { places, isChosen } = delivery;
  // Remembered places are checked again: they may not be ready any more.
  if (!isChosen) for (const place of places) if (!(await confirmPlace(services, place))) return;
  let isDraftKept = true;
  // Only once: the next token's name may be in it by the time that this one's notification is closed.
  const clearDraft = (): void => {
    if (isDraftKept) Object.assign(draft, { name: '', recipientText: '' } satisfies TokenDraft);
    isDraftKept = false;
  };
  // Computed as late as possible: the wizard may have been open for long.
  const isSent = await issueToken(
    services,
    connection,
    {
      ...request,
      expirySeconds: expirySeconds(expiry, connection.now()),
      ...(places.length === 0 ? {} : { places }),
    },
    { onIssued: clearDraft },
  );
  // A refusal throws, so the draft is kept then.
  if (isSent) clearDraft();
}
