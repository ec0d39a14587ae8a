import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import { mayHideOwnKey, ownKeyMatch, ownKeyText } from '../../core/connections/ownKey.ts';
import { displayText } from '../../core/base/displayText.ts';
import { type Place, describePlaces } from '../../core/delivery/place.ts';
import type { RevocableToken, TokenId } from '../../core/model/token.ts';
import { typedConfirmation } from '../../core/revoking/typedConfirmation.ts';
import { expiryText, shortId, tokenName } from '../../core/tokens/tokenPresentation.ts';
import { projectLine } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';
import { showInputStep } from '../ui/quickInput.ts';

/** Nobody reads a dialogue with more names. */
export const maxNamed = 10;

const unknownOwnKey = 'Which token is the API key of this extension cannot be told here: make sure that it is not';

/** Special words for a token in a question. */
export interface RevocationWords {
  /** "the old “CI deploy”" */
  readonly subject?: string | undefined;
  /** Whether the token's dates are known: a record of a rotation has none. */
  readonly hasDates?: boolean | undefined;
}

/**
 * Asks before tokens of a connection are revoked: names them and their project, and asks again for production and for
 * the API key.
 */
export async function confirmRevoking(
  services: Services,
  connection: Connection,
  tokens: readonly RevocableToken[],
  { subject, hasDates = true }: RevocationWords = {},
): Promise<boolean> {
  const now = connection.now();
  const { key, store } = connection;
  const named = tokens.slice(0, maxNamed);
  const places = await placesOf(services, connection, named);
  const lines = named.map((token) => {
    const own = ownKeyMatch(key, token);
    return [
      `${tokenName(token)}: ${token.kind} token`,
      ...(hasDates ? [expiryText(token, now)] : []),
      `ID ${shortId(token.id)}`,
      ...(own === undefined ? [] : [ownKeyText(own)]),
      ...(places.has(token.id) ? [`delivered ${displayText(describePlaces(places.get(token.id) ?? []))}`] : []),
    ].join(', ');
  });
  const more = tokens.length - lines.length;
  const [first] = tokens;
  const title =
    tokens.length === 1 && first !== undefined
      ? `Revoke ${subject ?? `“${tokenName(first)}”`}?`
      : `Revoke ${tokens.length} tokens?`;
  const consequences = 'This takes effect at once, ends active sessions, and cannot be undone.';
  const detail = [
    `${projectLine(services, connection)}${lines.join('\n')}`,
    ...(more > 0 ? [`and ${more} more`] : []),
    '',
    ...((tokens.length > 1 || !hasDates) && mayHideOwnKey(key, tokens, store.projectTokens.items)
      ? [`${unknownOwnKey} ${tokens.length > 1 ? 'among these' : 'this one'}.`]
      : []),
    consequences,
  ].join('\n');
  const button = tokens.length === 1 ? 'Revoke' : `Revoke ${tokens.length} Tokens`;
  if ((await vscode.window.showWarningMessage(title, { modal: true, detail }, button)) === undefined) return false;
  if (connection.isProduction && !(await typeToConfirm(connection, tokens))) return false;
  return confirmOwnKey(services, connection, tokens);
}

/** Without its key the extension cannot do anything, so a second question asks for this token by name. */
async function confirmOwnKey(
  services: Services,
  connection: Connection,
  tokens: readonly RevocableToken[],
): Promise<boolean> {
  const matching = (match: 'sure' | 'likely'): readonly RevocableToken[] =>
    tokens.filter((token) => ownKeyMatch(connection.key, token) === match);
  const sure = matching('sure');
  const [own] = sure.length > 0 ? sure : matching('likely');
  if (own === undefined) return true;
  const isSure = sure.length > 0;
  const detail = [
    projectLine(services, connection),
    isSure ? '' : 'It expires when the key does. ',
    `Once the key is revoked, nothing here works until another API key is set.`,
  ].join('');
  const again = await vscode.window.showWarningMessage(
    `“${tokenName(own)}” ${isSure ? 'is' : 'may be'} the API key of this extension.`,
    { modal: true, detail },
    isSure ? 'Revoke My API Key' : 'Revoke Anyway',
  );
  return again !== undefined;
}

/** Where the values of tokens were delivered. Unreadable records must not prevent revoking. */
async function placesOf(
  { destinations }: Services,
  { id }: Connection,
  tokens: readonly RevocableToken[],
): Promise<ReadonlyMap<TokenId, readonly Place[]>> {
  const ids = tokens.map((token) => token.id);
  return (await destinations()).ofTokens(id, ids).catch(() => new Map<TokenId, readonly Place[]>());
}

/** In production, a click is not enough: the user has to type something. */
async function typeToConfirm(connection: Connection, tokens: readonly RevocableToken[]): Promise<boolean> {
  const { prompt, problem, accepts } = typedConfirmation(connection.label, tokens);
  const typed = await showInputStep<true>({
    title: `Revoke in Production · ${connection.label}`,
    prompt,
    accept: (text) => (accepts(text) ? { ok: true, value: true } : { ok: false, problem }),
  });
  return typed.type === 'done';
}
