import { displayText } from '../base/displayText.ts';
import type { LedgerEntry } from '../ledger/ledgerEntry.ts';
import type { User } from '../model/user.ts';

/** Whether a signed token opens this user's inbox: by external id, which takes precedence, else by e-mail. */
export function isFor({ recipient }: Pick<LedgerEntry, 'recipient'>, user: User): boolean {
  if (recipient === undefined) return false;
  if (recipient.userId !== undefined) return recipient.userId === user.id;
  if (recipient.externalId !== undefined) return recipient.externalId === user.externalId;
  return recipient.email !== undefined && recipient.email.toLowerCase() === user.email?.toLowerCase();
}

const maxNamed = 5;

/** What rolling the Secret Key would end: "Rolling the Secret Key ends 3 tokens of a@example.com, b@example.com." */
export function rollingText(entries: readonly LedgerEntry[], now: Date): string {
  const live = entries.filter(
    ({ isSigned, expiresAt }) => isSigned && (expiresAt === undefined || expiresAt.getTime() > now.getTime()),
  );
  if (live.length === 0) return 'Rolling the Secret Key ends no token that was signed here.';
  const names = [
    ...new Set(
      live.map(({ recipient }) => displayText(recipient?.email ?? recipient?.externalId ?? recipient?.userId ?? '')),
    ),
  ];
  const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : '';
  const count = live.length === 1 ? '1 token' : `${live.length} tokens`;
  return `Rolling the Secret Key ends ${count} of ${names.slice(0, maxNamed).join(', ')}${more}.`;
}
