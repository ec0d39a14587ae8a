import type { Issuance } from '../../src/core/issuance/issuance.ts';
import type { LedgerEntry } from '../../src/core/ledger/ledgerEntry.ts';
import { type RevocableToken, type Token, tokenId } from '../../src/core/model/token.ts';
import type { KnownExpiry } from '../../src/core/reminders/knownExpiries.ts';
import { type User, userId } from '../../src/core/model/user.ts';

/** A project token without an end, as the API lists it. */
export function aToken(parts: Partial<RevocableToken> = {}): RevocableToken {
  return {
    kind: 'project',
    id: tokenId('token-1'),
    name: 'CI deploy',
    createdAt: new Date('2026-11-25T12:00:00Z'),
    expiresAt: undefined,
    revokedAt: undefined,
    lastUsedAt: undefined,
    ...parts,
  };
}

/** A token that the API listed without an id. */
export function aTokenWithoutId(parts: Partial<Token> = {}): Token {
  return { ...aToken(), ...parts, id: undefined };
}

/** A token's expiry, known for long. */
export function aKnownExpiry(parts: Partial<KnownExpiry> = {}): KnownExpiry {
  return {
    kind: 'project',
    id: tokenId('token-1'),
    name: 'CI deploy',
    owner: undefined,
    createdAt: new Date('2026-01-01T12:00:00Z'),
    expiresAt: new Date('2026-12-25T12:00:00Z'),
    seenAt: new Date('2026-01-02T12:00:00Z'),
    ...parts,
  };
}

export function aUser(parts: Partial<User> = {}): User {
  return {
    id: userId('user-1'),
    email: 'hana@example.com',
    externalId: undefined,
    firstName: undefined,
    lastName: undefined,
    ...parts,
  };
}

/** An issuance of a project token that has only been written down so far. */
export function anIssuance(parts: Partial<Issuance> = {}): Issuance {
  return {
    id: 'issuance-1',
    connectionId: 'connection-1',
    baseUrl: 'https://api.magicbell.com/v2',
    request: { kind: 'project', name: 'CI deploy', expirySeconds: 3600 },
    intendedAt: new Date('2026-11-25T12:00:00Z'),
    knownIds: [],
    phase: 'intended',
    ...parts,
  };
}

/** A signed token in the ledger, of a day. */
export function aLedgerEntry(id: string, parts: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    id,
    connectionId: 'c-1',
    kind: 'user',
    isSigned: true,
    tokenId: undefined,
    name: undefined,
    recipient: { email: 'hana@example.com', externalId: undefined, userId: undefined },
    madeAt: new Date('2026-11-30T12:00:00Z'),
    expiresAt: new Date('2026-12-01T12:00:00Z'),
    fingerprint: `f-${id}`,
    deliveredTo: [],
    ...parts,
  };
}
