import { createHash } from 'node:crypto';

/** What stands for a secret where the secret itself must not be. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
