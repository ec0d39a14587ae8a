import type { PendingIssuance } from '../issuance/pendingIssuance.ts';

/** Tells a model the result of an issuance. @param status undefined when the user has settled it */
export function outcomeOf(status: PendingIssuance['status'] | undefined, where: string): string {
  switch (status) {
    case undefined:
      return `The token was created, and the person has settled where its value went: as asked, to ${where}. The value is not shown here.`;
    case 'inProgress':
      return 'The request was sent; its answer is not there yet. Do not ask again: the person sees what comes of it in VS Code.';
    case 'undelivered':
      return 'The token was created; its value has not been delivered yet and waits for the person in VS Code. Do not ask again.';
    case 'unknown':
      return 'It is not known whether the token was created. Do not ask again: the person sees it in VS Code and can look for it.';
    case 'orphaned':
    case 'unreadable':
      return 'The token was created, but its value is not there. The person can revoke it in VS Code.';
  }
}
