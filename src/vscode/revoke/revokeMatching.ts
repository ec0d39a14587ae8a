import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import { mayHideOwnKey, ownKeyMatch } from '../../core/connections/ownKey.ts';
import type { Token } from '../../core/model/token.ts';
import { type RevocationCriterion, parseDays, tokensMeeting } from '../../core/tokens/revocationCriteria.ts';
import { loadChoices, loadedChoices } from '../browse/revocableChoices.ts';
import { type StepResult, showInputStep, showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { titleIn } from '../../core/connections/projectName.ts';
import { partialLists } from '../browse/tokenPick.ts';
import { loadLists } from '../browse/loadTokens.ts';
import { confirmAndRevoke, pickToRevoke } from './revokeTokens.ts';

const title = 'Revoke Expired, Never Expiring or Older Tokens';

/**
 * "Revoke Expired, Never Expiring or Older Than…": loaded tokens that meet a criterion, listed before anything is
 * revoked.
 */
export async function revokeMatching(services: Services, connection: Connection): Promise<void> {
  const criterion = await askCriterion(titleIn(services, connection, title));
  if (criterion === undefined) return;
  if (!(await loadChoices(services, connection)) || !(await loadRest(services, connection))) return;
  const tokens = tokensMeeting(loadedChoices(connection), criterion, connection.now());
  const words = wordsFor(criterion);
  if (tokens.length === 0) {
    const among =
      partialLists(connection).length > 0 ? 'the loaded tokens' : 'the project’s tokens and the opened users’';
    void vscode.window.showInformationMessage(`No token ${words.sentence} among ${among}.`);
    return;
  }
  const picked = await pickToRevoke(connection, tokens, {
    title: titleIn(services, connection, words.title),
    placeholder: placeholderFor(connection, tokens),
    // The API key starts unticked.
    isPicked: (token) => ownKeyMatch(connection.key, token) === undefined,
  });
  if (picked !== undefined && picked.length > 0) await confirmAndRevoke(services, connection, picked);
}

async function askCriterion(title: string): Promise<RevocationCriterion | undefined> {
  const items: readonly (vscode.QuickPickItem & { readonly criterion?: RevocationCriterion })[] = [
    { label: 'Expired', criterion: { type: 'expired' } },
    { label: 'Never Expiring', criterion: { type: 'neverExpires' } },
    { label: 'Older Than…', description: 'created more than so many days ago' },
  ];
  for (;;) {
    const picked = await showPickStep({
      title,
      items,
      placeholder: 'Which tokens? You see them before anything is revoked.',
    });
    if (picked.type !== 'done') return undefined;
    if (picked.value.criterion !== undefined) return picked.value.criterion;
    const days = await askDays(title);
    if (days.type === 'done') return { type: 'olderThan', days: days.value };
    if (days.type === 'cancelled') return undefined;
  }
}

function askDays(title: string): Promise<StepResult<number>> {
  const problem = 'Enter a number of days, like 90.';
  return showInputStep<number>({
    title,
    canGoBack: true,
    prompt: 'Created more than how many days ago?',
    placeholder: '90',
    check: (text) => (text === '' || parseDays(text) !== undefined ? undefined : problem),
    accept: (text) => {
      const days = parseDays(text);
      return days === undefined ? { ok: false, problem } : { ok: true, value: days };
    },
  });
}

function placeholderFor({ key, store }: Connection, tokens: readonly Token[]): string {
  if (mayHideOwnKey(key, tokens, store.projectTokens.items))
    return 'Uncheck the tokens to keep. Your API key may be among them: which token it is cannot be told.';
  return 'Uncheck the tokens to keep. You are asked once more before anything is revoked.';
}

/** False when the user cancels. */
async function loadRest(services: Services, connection: Connection): Promise<boolean> {
  const lists = partialLists(connection);
  if (lists.length === 0) return true;
  const loaded = lists.reduce((sum, list) => sum + list.items.length, 0);
  const items = [
    { label: 'Load All First', description: 'with progress; can be cancelled', loadsAll: true },
    { label: 'Only the Loaded Ones', description: `${loaded} loaded, there are more`, loadsAll: false },
  ];
  const picked = await showPickStep({
    title: titleIn(services, connection, title),
    items,
    placeholder: 'Not all tokens are loaded.',
  });
  if (picked.type !== 'done') return false;
  if (picked.value.loadsAll) await loadLists(services, connection, lists);
  return true;
}

function wordsFor(criterion: RevocationCriterion): { readonly title: string; readonly sentence: string } {
  switch (criterion.type) {
    case 'expired':
      return { title: 'Revoke Expired Tokens', sentence: 'has expired' };
    case 'neverExpires':
      return { title: 'Revoke Never Expiring Tokens', sentence: 'never expires' };
    case 'olderThan': {
      const days = criterion.days === 1 ? '1 Day' : `${criterion.days} Days`;
      return { title: `Revoke Tokens Older Than ${days}`, sentence: `is older than ${days.toLowerCase()}` };
    }
  }
}
