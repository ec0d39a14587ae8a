import { type CopyFormat, describeFormat } from '../delivery/copyFormat.ts';
import type { DeliveryOutcome } from '../delivery/clipboard.ts';
import type { Issuance } from './issuance.ts';
import { issuanceName } from './pendingPresentation.ts';

/** What to do with a value whose arrival is not certain, by the label of its button. */
export type WayOut = 'Copy' | 'Copy Again' | 'Try Again' | 'To .env…' | 'I Have It' | 'Revoke…';

/**
 * Describes the result of a copy. Only a copy that was read back is called a copy; otherwise there are buttons for what
 * to do.
 */
export function describeDelivery(
  outcome: DeliveryOutcome,
  issuance: Pick<Issuance, 'request'>,
  format: CopyFormat,
): { readonly message: string; readonly ways: readonly WayOut[] } {
  const name = issuanceName(issuance);
  switch (outcome) {
    case 'confirmed': {
      const how = format.type === 'value' ? '' : ` as ${describeFormat(format)}`;
      return { message: `The value of “${name}” is copied${how}. ${afterDelivery(issuance)}`, ways: [] };
    }
    case 'replaced':
      return {
        message: `Something else was copied in the same moment, so the value of “${name}” may not be on the clipboard. It is kept until you copy it.`,
        ways: ['Copy Again', 'Revoke…'],
      };
    case 'unreadable':
      return {
        message: `The value of “${name}” was copied, but the clipboard cannot be read to be sure. Paste it where you need it. It is kept until you say that you have it.`,
        ways: ['Copy Again', 'I Have It'],
      };
    case 'failed':
      return {
        message: `The value of “${name}” could not be copied. It is kept until you copy it.`,
        ways: ['Copy Again', 'To .env…', 'Revoke…'],
      };
  }
}

/** What to know after the value has arrived. */
export function afterDelivery({ request }: Pick<Issuance, 'request'>): string {
  if (request.isSigned !== true) return 'It cannot be shown again.';
  return 'Signed here, it is not listed, cannot be revoked here, and cannot be shown again. If the Secret Key was wrong, MagicBell refuses it.';
}
