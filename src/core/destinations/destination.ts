import { type Place, revivePlace } from '../delivery/place.ts';
import type { Issuance } from '../issuance/issuance.ts';
import { type TokenId, type TokenKind, tokenId } from '../model/token.ts';

/** Where the value of a token that was issued or signed here went: by name, never the value. It is written to disk. */
export interface Destination {
  /** The journal's id of the issuance. */
  readonly id: string;
  readonly connectionId: string;
  readonly kind: TokenKind;
  readonly name: string | undefined;
  /** Undefined for a token that was signed here. */
  readonly tokenId: TokenId | undefined;
  readonly places: readonly Place[];
  readonly at: Date;
}

/** What an issuance tells of it; undefined when its value has reached no place. */
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

/** Reads a record's file. Undefined when it is not one. */
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
