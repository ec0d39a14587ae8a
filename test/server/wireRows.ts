import { createHash } from 'node:crypto';
import type { ProjectIdentity } from './keyring.ts';
import type { TokenRecord, UserRecord } from './projectState.ts';
import type { Switches } from './switches.ts';

export function tokenRow(token: TokenRecord, switches: Switches): object {
  const { lastUsedField, notDiscarded } = switches;
  return {
    id: token.id,
    name: token.name,
    created_at: timeText(token.createdAt, switches),
    ...expiresAtField(token, switches),
    ...(token.discardedAt !== null || notDiscarded === 'null'
      ? { discarded_at: timeText(token.discardedAt, switches) }
      : {}),
    ...(lastUsedField === 'absent' ? {} : { [lastUsedField]: timeText(token.lastUsedAt, switches) }),
  };
}

export function expiresAtField(token: TokenRecord, switches: Switches): { expires_at?: string | null } {
  if (token.expiresAt !== null) return { expires_at: timeText(token.expiresAt, switches) };
  switch (switches.neverExpires) {
    case 'absent':
      return {};
    case 'null':
      return { expires_at: null };
    case 'farDate':
      return { expires_at: timeText(new Date(switches.farDate), switches) };
  }
}

export function userRow(user: UserRecord, { id }: ProjectIdentity, switches: Switches): object {
  const row = {
    id: user.id,
    ...(switches.userProjectId === 'number' ? { project_id: Number(id) || 1 } : {}),
    email: user.email,
    external_id: user.externalId,
    first_name: user.firstName,
    last_name: user.lastName,
    custom_attributes: user.customAttributes,
    created_at: timeText(user.createdAt, switches),
    updated_at: timeText(user.updatedAt, switches),
    last_seen_at: timeText(user.lastSeenAt, switches),
    last_notified_at: timeText(user.lastNotifiedAt, switches),
  };
  if (switches.emptyUserFields === 'null') return row;
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

/** RFC 3339 in UTC. */
export function timeText(date: Date, switches: Switches): string;
export function timeText(date: Date | null, switches: Switches): string | null;
export function timeText(date: Date | null, { fractionDigits }: Switches): string | null {
  if (date === null) return null;
  const iso = date.toISOString();
  switch (fractionDigits) {
    case 0:
      return iso.replace(/\.\d+Z$/, 'Z');
    case 6:
      // JavaScript's clock ends at milliseconds; the digits after them are there to be read, not to be zero.
      return iso.replace('Z', '417Z');
    case 9:
      return iso.replace('Z', '417268Z');
    case 'varying':
      return iso.replace('Z', `${digitsAfter(date)}Z`).replace(/\.?0+Z$/, 'Z');
  }
}

/** 1 to 6 digits that look random and are the same for the same time: Go drops trailing zeros. */
function digitsAfter(date: Date): string {
  const hash = createHash('sha256').update(date.toISOString()).digest();
  const digits = String(hash.readUInt32BE(0) % 1_000_000).padStart(6, '0');
  return digits.slice(0, ((hash.at(4) ?? 0) % 6) + 1);
}
