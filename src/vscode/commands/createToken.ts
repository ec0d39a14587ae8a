import * as vscode from 'vscode';
import { characterCount, maxFieldLength } from '../../core/magicbell/limits.ts';
import type { IssuanceRequest, Recipient } from '../../core/issuance/issuance.ts';
import {
  type Expiry,
  expiryInstant,
  expiryPresets,
  expirySeconds,
  localTime,
  parseExpiry,
} from '../../core/tokens/expiry.ts';
import type { User } from '../../core/tokens/token.ts';
import { userName } from '../../core/tokens/tokenPresentation.ts';
import { issueToken } from '../issueToken.ts';
import { type StepPosition, type StepResult, showInputStep, showPickStep } from '../quickInput.ts';
import type { Services, TokenDraft } from '../services.ts';
import type { Node } from '../tree/nodes.ts';
import { pickUser } from '../userPick.ts';
import { ensureSignedIn } from './setApiKey.ts';

/** "Create Project Token…" */
export async function createProjectToken(services: Services): Promise<void> {
  if (!(await ensureSignedIn(services))) return;
  const draft = draftOf(services, 'project');
  const title = 'Create Project Token';
  const expiry = await steps([
    (canGoBack) => askName(draft, { title, step: 1, totalSteps: 2, canGoBack }, true),
    (canGoBack) => askExpiry(services, { title, step: 2, totalSteps: 2, canGoBack }),
  ]);
  if (expiry === undefined) return;
  await create(services, { kind: 'project', name: draft.name.trim() }, expiry as Expiry);
}

/** "Create User Token…"; from a user's row, for that user. */
export async function createUserToken(services: Services, argument: unknown): Promise<void> {
  if (!(await ensureSignedIn(services))) return;
  const draft = draftOf(services, 'user');
  const node = argument as Node | undefined;
  const given = node?.type === 'user' ? recipientOf(node.user) : undefined;
  if (given !== undefined && given.email === undefined && given.externalId === undefined) {
    await vscode.window.showErrorMessage('MagicBell issues tokens by email or external id, and this user has neither.');
    return;
  }
  let recipient = given;
  const totalSteps = given === undefined ? 3 : 2;
  const title = node?.type === 'user' ? `Create Token for ${userName(node.user)}` : 'Create User Token';
  const expiry = await steps([
    ...(given === undefined
      ? [
          async (): Promise<StepResult<unknown>> => {
            const picked = await askUser(services, draft, { title, step: 1, totalSteps });
            if (picked.type === 'done') recipient = picked.value;
            return picked;
          },
        ]
      : []),
    (canGoBack) => askName(draft, { title, step: totalSteps - 1, totalSteps, canGoBack }, false),
    (canGoBack) => askExpiry(services, { title, step: totalSteps, totalSteps, canGoBack }),
  ]);
  if (expiry === undefined) return;
  const name = draft.name.trim();
  await create(services, { kind: 'user', name: name === '' ? undefined : name, recipient }, expiry as Expiry);
}

/** Runs steps forward and back; the last one's value, or undefined when the flow was left. */
async function steps(flow: readonly ((canGoBack: boolean) => Promise<StepResult<unknown>>)[]): Promise<unknown> {
  let at = 0;
  for (;;) {
    const result = await flow[at]?.(at > 0);
    if (result === undefined || result.type === 'cancelled') return undefined;
    at += result.type === 'back' ? -1 : 1;
    if (at === flow.length && result.type === 'done') return result.value;
  }
}

function draftOf({ drafts }: Services, kind: 'project' | 'user'): TokenDraft {
  let draft = drafts.get(kind);
  if (draft === undefined) {
    draft = { name: '', recipientText: '' };
    drafts.set(kind, draft);
  }
  return draft;
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
    value: draft.name,
    prompt: isRequired ? 'Name the token after what will use it.' : 'Name the token after what will use it (optional).',
    placeholder: 'CI deploy',
    onDidChangeValue: (value) => {
      draft.name = value;
    },
    // Nobody is told off before having typed.
    check: (text) => (text === '' ? undefined : problem(text)),
    accept: (text) => {
      const found = problem(text);
      return found === undefined ? { ok: true, value: text } : { ok: false, problem: found };
    },
  });
}

interface ExpiryItem extends vscode.QuickPickItem {
  readonly expiry?: Expiry;
}

async function askExpiry({ settings, clock }: Services, position: StepPosition): Promise<StepResult<Expiry>> {
  const instantText = (expiry: Expiry): string => {
    const instant = expiryInstant(expiry, clock.now());
    return instant === undefined ? 'until it is revoked' : localTime(instant);
  };
  const presets = expiryPresets.map((preset) => ({
    label: preset.label,
    description: instantText(preset.expiry),
    expiry: preset.expiry,
    id: preset.id,
  }));
  const items: ExpiryItem[] = [...presets, { label: 'Custom…', description: 'like 45d, 12h or 2027-03-01' }];
  for (;;) {
    const picked = await showPickStep<ExpiryItem>({
      ...position,
      items,
      active: presets.find((preset) => preset.id === settings.defaultExpiry),
      placeholder: 'When shall it expire?',
    });
    if (picked.type !== 'done') return picked;
    if (picked.value.expiry !== undefined) return { type: 'done', value: picked.value.expiry };
    const custom = await showInputStep<Expiry>({
      ...position,
      canGoBack: true,
      prompt: 'When shall it expire? A duration like 45d or 12h, or a date like 2027-03-01.',
      check: (text) => {
        if (text === '') return undefined;
        const parsed = parseExpiry(text, clock.now());
        if (!parsed.ok) return parsed.problem;
        return { message: `Expires ${instantText(parsed.expiry)}`, severity: vscode.InputBoxValidationSeverity.Info };
      },
      accept: (text) => {
        const parsed = parseExpiry(text, clock.now());
        return parsed.ok ? { ok: true, value: parsed.expiry } : parsed;
      },
    });
    if (custom.type !== 'back') return custom;
  }
}

const recipientOf = (user: User): Recipient => ({ userId: user.id, email: user.email, externalId: user.externalId });

/** A user from the search, or an email or external id as typed. */
async function askUser(services: Services, draft: TokenDraft, position: StepPosition): Promise<StepResult<Recipient>> {
  const picked = await pickUser(services, {
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
  request: Omit<IssuanceRequest, 'expirySeconds'>,
  expiry: Expiry,
): Promise<void> {
  // The seconds are computed now: the wizard may have been open for long.
  await issueToken(services, { ...request, expirySeconds: expirySeconds(expiry, services.clock.now()) });
}
