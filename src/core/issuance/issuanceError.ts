/** Why the extension could not do its part of an issuance. */
export class IssuanceError extends Error {
  override readonly name = 'IssuanceError';
  /**
   * - `journalUnavailable`: the journal cannot be written, so nothing was sent
   * - `valueGone`: the value is no longer here (delivered, resolved, or taken over by another window)
   */
  readonly reason: 'journalUnavailable' | 'valueGone';

  constructor(reason: IssuanceError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** An error's code, which is safe to log; messages of the file system hold paths. */
export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).name;

/** Our own messages, which hold no secret; of other errors only the code. */
export const wordsOf = (error: unknown): string =>
  (error as Error).name === 'SecretStorageError' ? (error as Error).message : codeOf(error);
