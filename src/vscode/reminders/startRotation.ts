import type { Connection } from '../../core/connections/connection.ts';
import type { Issuance } from '../../core/issuance/issuance.ts';
import type { RevocableToken } from '../../core/model/token.ts';
import type { Rotation } from '../../core/reminders/rotation.ts';
import type { Services } from '../services.ts';

/** A rotation of an old token to the token of an issuance. */
export const rotationOf = (
  connection: Connection,
  { id, kind, name }: RevocableToken,
  issuanceId: string,
  graceMs: number | undefined,
): Rotation => ({ id, connectionId: connection.id, kind, name, issuanceId, graceMs });

/** Records that the old token was replaced. */
export function noteRotated(
  { activity }: Services,
  connection: Connection,
  { id, kind, name }: RevocableToken,
  { tokenId }: Issuance,
): void {
  const result = `replaced by ${tokenId ?? 'a new one'}`;
  activity.note(connection.id, { what: 'rotated', tokenKind: kind, name, tokenId: id, result });
}
