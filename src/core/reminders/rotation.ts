import { relativeTime } from '../base/timeText.ts';
import { type Place, describePlaces } from '../delivery/place.ts';
import type { Presentation } from '../tokens/tokenPresentation.ts';
import { type TokenId, type TokenKind, tokenId } from '../model/token.ts';

/** A token that is being replaced by a new one. Metadata: it is written to disk. */
export interface Rotation {
  /** The old token's id: a token has at most one rotation. */
  readonly id: TokenId;
  readonly connectionId: string;
  readonly kind: TokenKind;
  readonly name: string | undefined;
  /** The journal's id of the new token's issuance. */
  readonly issuanceId: string;
  /** How long after the new token's delivery the old one is due. Undefined: it is kept. */
  readonly graceMs: number | undefined;
  /** When the old token is due to be revoked; set when the new one is delivered. */
  readonly revokeAt?: Date | undefined;
}

/** The state of a rotation: the new token is not delivered yet, or the old one waits to be revoked, or it is due. */
export type RotationState = 'undelivered' | 'waiting' | 'due';

export function rotationState(rotation: Rotation, now: Date): RotationState {
  if (rotation.revokeAt === undefined) return 'undelivered';
  return rotation.revokeAt <= now ? 'due' : 'waiting';
}

/** Reads a rotation's file. Undefined when it is not one. */
export function reviveRotation(json: unknown): Rotation | undefined {
  const { id, connectionId, kind, name, issuanceId, graceMs, revokeAt } = (json ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || typeof connectionId !== 'string' || typeof issuanceId !== 'string') return undefined;
  if (kind !== 'project' && kind !== 'user') return undefined;
  return {
    id: tokenId(id),
    connectionId,
    kind,
    name: typeof name === 'string' ? name : undefined,
    issuanceId,
    graceMs: typeof graceMs === 'number' ? graceMs : undefined,
    revokeAt: typeof revokeAt === 'string' ? new Date(revokeAt) : undefined,
  };
}

/** "rotated, revoke in 23 hours": what a row adds to a token that is being replaced. */
export function rotationText(rotation: Rotation, now: Date): string {
  if (rotation.revokeAt === undefined) return 'new one not copied yet';
  return rotation.revokeAt <= now
    ? 'rotated, revoke it now'
    : `rotated, revoke ${relativeTime(rotation.revokeAt, now)}`;
}

/** Where the new value went, and where it is still missing; undefined where that is not known. */
export function deliveredText(rotation: Rotation, done: readonly Place[], open: readonly Place[]): string | undefined {
  if (done.length === 0) {
    if (rotation.revokeAt !== undefined) return undefined;
    return ['the new value was not delivered yet', describePlaces(open)].join(' ').trimEnd();
  }
  const missing = open.length === 0 ? '' : `, not yet ${describePlaces(open)}`;
  return `the new value was delivered ${describePlaces(done)}${missing}`;
}

/** A token's row with its rotation, if there is one. */
export function withRotation(presentation: Presentation, rotation: Rotation | undefined, now: Date): Presentation {
  if (rotation === undefined) return presentation;
  const text = rotationText(rotation, now);
  const { label, color, tooltip } = presentation;
  return {
    label,
    // Next to the time of a revocation, the time of the expiry needs a label.
    description: `${text} · ${presentation.expiry ?? presentation.description}`,
    icon: 'sync',
    color,
    accessibleLabel: `${presentation.accessibleLabel}, ${text}`,
    tooltip,
  };
}
