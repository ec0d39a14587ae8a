import type { Connection } from '../../core/connections/connection.ts';
import type { TokenKind } from '../../core/model/token.ts';
import type { Services, TokenDraft } from '../services.ts';

/** What was typed into an unfinished flow. A draft belongs to one user of one project. */
export function draftOf({ drafts }: Services, { id }: Connection, kind: TokenKind | 'signed', user = ''): TokenDraft {
  const key = `${id} ${kind} ${user}`;
  let draft = drafts.get(key);
  if (draft === undefined) {
    draft = { name: '', recipientText: '' };
    drafts.set(key, draft);
  }
  return draft;
}
