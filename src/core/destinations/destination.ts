import { type Place, revivePlace } from '../delivery/place.ts';
import type { Issuance } from '../issuance/issuance.ts';
import { type TokenId, type TokenKind, tokenId } from '../model/token.ts';

/** The places that the value of an issued or signed token was delivered to. Written to disk; never holds the value. */
export interface Destination {
  /** The journal's id of the issuance. */
  readonly id: string;
  readonly connectionId: string;
  readonly kind: TokenKind;
  readonly name: string | undefined;
  /** Undefined for a locally signed token. */
  readonly tokenId: TokenId | undefined;
  readonly places: readonly Place[];
  readonly at: Date;
}

/** The destination of an issuance; undefined when its value was delivered nowhere. */
export function destinationOf(issuance: Issuance): Destination | undefined {
  const { id, connectionId, request, placesDone = [], finishedAt, intendedAt } = issuance;
  if (placesDone.length === 0) return undefined;
  return {
    id,
    connectionId,
    kind: request.kind,
    name: request.name,
    tokenId: issuance.tokenId,
    places: placesDone,
    at: finishedAt ?? intendedAt,
  };
}

/** Reads a destination from JSON. Undefined when it is invalid. */
export function reviveDestination(json: unknown): Destination | undefined {
  const { id, connectionId, kind, name, tokenId: token, places, at } = (json ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || typeof connectionId !== 'string' || !Array.isArray(places)) return undefined;
  if ((kind !== 'project' && kind !== 'user') || typeof at !== 'string' || Number.isNaN(Date.parse(at)))
    return undefined;
  return {
    id,
    connectionId,
    kind,
    name: typeof name === 'string' ? name : undefined,
    tokenId: typeof token === 'string' ? tokenId(token) : undefined,
    places: places.flatMap((place: unknown) => revivePlace(place) ?? []),
    at: new Date(at),
  };
}
