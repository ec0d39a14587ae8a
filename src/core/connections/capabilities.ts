import { asMagicBellError } from '../magicbell/errors.ts';
import type { JwtApi, MagicBellApi, UserApi } from '../magicbell/magicBellApi.ts';

/** An operation of the API, by the name of its method here. */
export type Operation = keyof JwtApi | keyof UserApi;

/**
 * - `offered`: the answer proved that the operation is routed
 * - `missing`: the API said that it does not have it
 * - `unknown`: nothing was learned yet, or it is time to ask again
 */
type Availability = 'offered' | 'missing' | 'unknown';

/** The route of each operation. An `Allow` header tells about all operations on its path. */
const routes: Readonly<Record<Operation, { readonly path: string; readonly method: string }>> = {
  fetchProjectTokens: { path: '/jwt/project', method: 'GET' },
  createProjectJwt: { path: '/jwt/project', method: 'POST' },
  discardProjectJwt: { path: '/jwt/project/{id}', method: 'DELETE' },
  createUserJwt: { path: '/jwt/user', method: 'POST' },
  fetchUserTokens: { path: '/jwt/user/{id}', method: 'GET' },
  discardUserJwt: { path: '/jwt/user/{id}', method: 'DELETE' },
  listUsers: { path: '/users', method: 'GET' },
};

const probeAfterMs = 24 * 3_600_000;

interface Learned {
  readonly isOffered: boolean;
  /** In milliseconds since 1970. */
  readonly learnedAt: number;
}

/**
 * What the API of one connection offers, learned from its answers. It never proves a key: an API without an operation
 * may not check the key first.
 */
export class Capabilities {
  private readonly learned = new Map<Operation, Learned>();

  /** @param saved what `toJSON()` gave; anything else counts as nothing */
  constructor(saved?: unknown) {
    if (typeof saved !== 'object' || saved === null) return;
    for (const operation of operations) {
      const entry = (saved as Record<string, unknown>)[operation];
      if (isLearned(entry)) this.learned.set(operation, { isOffered: entry.isOffered, learnedAt: entry.learnedAt });
    }
  }

  /** What is known at `now`. An operation that was missing a day ago counts as unknown. */
  availability(operation: Operation, now: Date): Availability {
    const entry = this.learned.get(operation);
    if (entry === undefined) return 'unknown';
    if (entry.isOffered) return 'offered';
    const ageMs = now.getTime() - entry.learnedAt;
    return ageMs >= 0 && ageMs < probeAfterMs ? 'missing' : 'unknown';
  }

  /** Learns from the result of a call; `error` undefined: it succeeded. True when this changes what is known. */
  note(operation: Operation, error: unknown, at: Date): boolean {
    if (error === undefined) return this.set(operation, true, at);
    const known = asMagicBellError(error);
    switch (known?.reason) {
      case 'notOffered':
        return this.noteMissing(operation, known.details.allow, at);
      case 'invalidInput':
      case 'notFound':
        // Both are MagicBell's own answers about the requested item, unless nothing was sent.
        return known.details.status !== undefined && this.set(operation, true, at);
      default:
        return false;
    }
  }

  /** For Refresh: missing operations are tried again. True when this changes what is known. */
  forgetMissing(): boolean {
    const missing = [...this.learned].filter(([, { isOffered }]) => !isOffered);
    for (const [operation] of missing) this.learned.delete(operation);
    return missing.length > 0;
  }

  /** For storage. Holds no text from the server. */
  toJSON(): Partial<Record<Operation, Learned>> {
    return Object.fromEntries(this.learned);
  }

  private noteMissing(operation: Operation, allow: readonly string[] | undefined, at: Date): boolean {
    const { path } = routes[operation];
    let isChanged = this.set(operation, false, at);
    if (allow === undefined) return isChanged;
    for (const other of operations) {
      if (other === operation || routes[other].path !== path) continue;
      isChanged = this.set(other, allow.includes(routes[other].method), at) || isChanged;
    }
    return isChanged;
  }

  private set(operation: Operation, isOffered: boolean, at: Date): boolean {
    const before = this.learned.get(operation);
    this.learned.set(operation, { isOffered, learnedAt: at.getTime() });
    return before?.isOffered !== isOffered;
  }
}

/**
 * Wraps an API to learn from its answers.
 * @param refuse called before each call; throws where nothing may be sent
 * @param onChange called when something new was learned
 */
export function noting(
  api: MagicBellApi,
  capabilities: Capabilities,
  now: () => Date,
  refuse: () => void,
  onChange: () => void,
): MagicBellApi {
  const noted = async <T>(operation: Operation, call: () => Promise<T>): Promise<T> => {
    refuse();
    const note = (error?: unknown): void => {
      if (capabilities.note(operation, error, now())) onChange();
    };
    try {
      const result = await call();
      note();
      return result;
    } catch (error) {
      note(error);
      throw error;
    }
  };
  const { jwt, users } = api;
  return {
    jwt: {
      fetchProjectTokens: (...args) => noted('fetchProjectTokens', () => jwt.fetchProjectTokens(...args)),
      createProjectJwt: (...args) => noted('createProjectJwt', () => jwt.createProjectJwt(...args)),
      discardProjectJwt: (...args) => noted('discardProjectJwt', () => jwt.discardProjectJwt(...args)),
      createUserJwt: (...args) => noted('createUserJwt', () => jwt.createUserJwt(...args)),
      discardUserJwt: (...args) => noted('discardUserJwt', () => jwt.discardUserJwt(...args)),
      fetchUserTokens: (...args) => noted('fetchUserTokens', () => jwt.fetchUserTokens(...args)),
    },
    users: { listUsers: (...args) => noted('listUsers', () => users.listUsers(...args)) },
    get clockOffsetMs() {
      return api.clockOffsetMs;
    },
  };
}

/** All operations. */
export const operations = Object.keys(routes) as Operation[];

function isLearned(value: unknown): value is Learned {
  return (
    typeof value === 'object' &&
    value !== null &&
    'isOffered' in value &&
    typeof value.isOffered === 'boolean' &&
    'learnedAt' in value &&
    Number.isFinite(value.learnedAt)
  );
}
