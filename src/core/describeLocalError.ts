import type { ErrorDescription } from './errorDescription.ts';

/** Describes errors of VS Code's storage, the journal and files. Undefined for any other error. */
export function describeLocalError(error: unknown): ErrorDescription | undefined {
  if (!(error instanceof Error)) return undefined;
  // By name and reason: `instanceof` is unreliable in minified bundles and split chunks.
  if (error.name === 'SecretStorageError' && 'reason' in error) return describeStorage(error.reason);
  if (error.name === 'IssuanceError' && 'reason' in error) return describeIssuance(error.reason);
  return 'code' in error && typeof error.code === 'string' ? describeFile(error.code) : undefined;
}

function describeStorage(reason: unknown): ErrorDescription {
  switch (reason) {
    case 'hangs':
      return {
        message: 'VS Code’s secret storage does not answer. The system’s keyring may be waiting for its password.',
        action: 'retry',
      };
    case 'lies':
      return { message: 'VS Code’s secret storage does not keep what is stored in it.', action: 'showLog' };
    default:
      return { message: 'VS Code’s secret storage cannot be used. Is the system’s keyring locked?', action: 'retry' };
  }
}

function describeIssuance(reason: unknown): ErrorDescription | undefined {
  switch (reason) {
    case 'journalUnavailable':
      return {
        message:
          'Nothing was created: the extension cannot write to its own folder. Is the disk full or write-protected?',
        action: 'showLog',
      };
    case 'valueGone':
      return {
        message: 'The value is not here any more: it was delivered or revoked, or another window has it.',
        action: 'none',
      };
    default:
      return undefined;
  }
}

function describeFile(code: string): ErrorDescription | undefined {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { message: `The disk is full (${code}).`, action: 'none' };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return { message: `The file or its folder may not be changed or read (${code}).`, action: 'none' };
    case 'EBUSY':
      return { message: `Another program has the file open (${code}).`, action: 'retry' };
    case 'EMFILE':
    case 'ENFILE':
      return { message: `Too many files are open on this computer (${code}).`, action: 'retry' };
    case 'ENOENT':
    case 'ENOTDIR':
      return { message: `The file or its folder is not there any more (${code}).`, action: 'none' };
    case 'EIO':
      return { message: `The disk reported an error (${code}).`, action: 'showLog' };
    default:
      return undefined;
  }
}
