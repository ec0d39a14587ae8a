import { randomUUID } from 'node:crypto';
import { asMagicBellError, mayHaveBeenCarriedOut } from '../magicbell/errors.ts';
import type { IssuedToken, TokenId } from '../model/token.ts';
import type { Endings } from './endings.ts';
import type { Issuance, IssuanceRequest } from './issuance.ts';
import type { IssuanceDependencies } from './issuanceDependencies.ts';
import { IssuanceError, codeOf, wordsOf } from './issuanceError.ts';
import type { PendingIssuances } from './pendingIssuances.ts';

/** The result of a request to issue that did not fail outright. */
export type IssueResult =
  | { readonly outcome: 'issued'; readonly issuance: Issuance; readonly isStored: boolean }
  | { readonly outcome: 'unknown'; readonly issuance: Issuance; readonly error: unknown };

/** The connection that issues a token. */
interface IssuingConnection {
  readonly id: string;
  readonly baseUrl: string;
}

/** Sends creations and keeps their answers. */
export class Creations {
  private readonly deps: IssuanceDependencies;
  private readonly pendings: PendingIssuances;
  private readonly endings: Endings;

  constructor(deps: IssuanceDependencies, pendings: PendingIssuances, endings: Endings) {
    this.deps = deps;
    this.pendings = pendings;
    this.endings = endings;
  }

  /**
   * Sends one creation, once. The value is in memory and in SecretStorage when this returns `issued`.
   *
   * @param send makes the one POST
   * @param prepare writes what must not be forgotten of it, before anything is sent; when it fails, nothing is
   * @throws MagicBellError when MagicBell surely created nothing
   * @throws IssuanceError `journalUnavailable`: nothing was sent; `valueGone`: it was settled before the answer came
   */
  async issue(
    connection: IssuingConnection,
    request: IssuanceRequest,
    knownIds: readonly TokenId[],
    send: (idempotencyKey: string) => Promise<IssuedToken>,
    prepare?: (id: string) => Promise<void>,
  ): Promise<IssueResult> {
    const { journal, leases, clock, logger } = this.deps;
    const id = randomUUID();
    const intended: Issuance = {
      id,
      connectionId: connection.id,
      baseUrl: connection.baseUrl,
      request,
      intendedAt: clock.now(),
      knownIds,
      phase: 'intended',
    };
    try {
      if (!(await leases.take(id))) throw new Error('the claim of a new issuance was refused');
      // Added before the journal is written, so that a scan does not take it for an abandoned one.
      this.pendings.update({ issuance: intended, status: 'inProgress', isStored: false });
      await journal.create(intended);
      await prepare?.(id);
    } catch (error) {
      logger.error(`issuance: the journal cannot be written (${codeOf(error)})`);
      // The file may exist all the same, when a later step failed.
      await this.endings.finish(intended, 'notCreated');
      throw new IssuanceError('journalUnavailable', 'the issuance journal cannot be written');
    }

    let issued: IssuedToken;
    try {
      issued = await send(id);
    } catch (error) {
      if (!mayHaveBeenCarriedOut(error)) {
        await this.endings.finish(intended, 'notCreated');
        throw error;
      }
      const issuance = await this.deps.journal.record(intended, this.outcomeOf(error));
      if (!this.endings.isOver(issuance)) {
        this.pendings.update({
          issuance,
          status: issuance.phase === 'intended' ? 'unknown' : 'orphaned',
          isStored: false,
        });
      }
      return { outcome: 'unknown', issuance, error };
    }
    return this.keep(intended, issued);
  }

  /** What the journal records for a creation that failed and may have been carried out. */
  private outcomeOf(error: unknown): Partial<Issuance> {
    const outcomeUnknownSince = this.deps.clock.now();
    const tokenId = asMagicBellError(error)?.details.createdTokenId;
    if (tokenId === undefined) return { outcomeUnknownSince };
    this.pendings.accountFor(tokenId);
    return { outcomeUnknownSince, phase: 'answered', tokenId };
  }

  private async keep(intended: Issuance, issued: IssuedToken): Promise<IssueResult> {
    const { vault, clock, logger } = this.deps;
    const id = intended.id;
    this.pendings.remember(id, issued.value);
    if (issued.id !== undefined) this.pendings.accountFor(issued.id);
    const answer = { tokenId: issued.id, createdAt: issued.createdAt, expiresAt: issued.expiresAt };
    let issuance = await this.deps.journal.record(intended, { ...answer, phase: 'answered' });
    let isStored = false;
    if (!this.endings.isOver(issuance)) {
      try {
        await vault.keep(id, issued.value);
        isStored = true;
        issuance = await this.deps.journal.record(issuance, { phase: 'stored', storedAt: clock.now() });
      } catch (error) {
        logger.error(`issuance: ${id} is in memory only (${wordsOf(error)})`);
      }
    }
    if (this.endings.isOver(issuance)) {
      // The user settled it while it was being created, here or in a window that took over.
      this.pendings.drop(id);
      await this.endings.clean(id);
      throw new IssuanceError('valueGone', `issuance ${id} was settled before its answer came`);
    }
    // It may be delivered only now: clearing a slot that is still being stored would bring the value back.
    this.pendings.update({ issuance, status: 'undelivered', isStored });
    return { outcome: 'issued', issuance, isStored };
  }
}
