import { displayText } from '../base/displayText.ts';
import type { Records } from '../base/records.ts';
import type { Recipient } from '../model/recipient.ts';
import type { User } from '../model/user.ts';

/** A token that was signed here: metadata, never its value. Written to disk. */
export interface SignedToken {
  /** The id of its issuance. */
  readonly id: string;
  readonly connectionId: string;
  readonly recipient: Recipient;
  readonly signedAt: Date;
  /** Undefined: it never expires. */
  readonly expiresAt: Date | undefined;
  /** See `Fingerprints`; undefined when there was none to be had. */
  readonly fingerprint: string | undefined;
  /** Where its value went; undefined while it waits to be delivered, or when that is not known. */
  readonly deliveredTo: string | undefined;
}

/** Reads a record's file. Undefined when it is not one. */
export function reviveSignedToken(json: unknown): SignedToken | undefined {
  const { id, connectionId, recipient, signedAt, expiresAt, fingerprint, deliveredTo } = (json ?? {}) as Record<
    string,
    unknown
  >;
  if (typeof id !== 'string' || typeof connectionId !== 'string') return undefined;
  const at = instant(signedAt);
  if (typeof recipient !== 'object' || recipient === null || at === undefined) return undefined;
  return {
    id,
    connectionId,
    recipient: recipient,
    signedAt: at,
    expiresAt: instant(expiresAt),
    fingerprint: text(fingerprint),
    deliveredTo: text(deliveredTo),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function instant(value: unknown): Date | undefined {
  const at = new Date(typeof value === 'string' ? value : NaN);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** What has expired for this long is of no use any more, not even to somebody who finds it in a log. */
const keepExpiredMs = 30 * 24 * 60 * 60_000;

/**
 * The tokens that were signed here, of all connections: MagicBell lists none of them, so that nothing else knows of
 * them. All windows share the files.
 */
export class SignedTokens {
  private readonly records: Records<SignedToken>;

  constructor(records: Records<SignedToken>) {
    this.records = records;
  }

  /** Of one connection, what expires first before what never does. Removes what has expired long ago. */
  async of(connectionId: string, now: Date): Promise<readonly SignedToken[]> {
    const kept: SignedToken[] = [];
    for (const token of await this.records.readAll()) {
      if (token.expiresAt !== undefined && token.expiresAt.getTime() + keepExpiredMs < now.getTime())
        await this.records.remove(token.id);
      else if (token.connectionId === connectionId) kept.push(token);
    }
    return kept.sort((a, b) => (a.expiresAt?.getTime() ?? Infinity) - (b.expiresAt?.getTime() ?? Infinity));
  }

  /** Written before the value leaves, so that no crash can leave a signed token without its record. Idempotent. */
  async add(token: SignedToken): Promise<void> {
    await this.records.write(token);
  }

  /** Records where the value went. */
  async delivered(id: string, deliveredTo: string | undefined): Promise<void> {
    const token = await this.records.read(id);
    if (token !== undefined) await this.records.write({ ...token, deliveredTo });
  }

  /** For a value that was discarded before it reached anybody. */
  discard(id: string): Promise<void> {
    return this.records.remove(id);
  }

  /** The token with this fingerprint, of whichever connection. */
  async find(fingerprint: string): Promise<SignedToken | undefined> {
    return (await this.records.readAll()).find((token) => token.fingerprint === fingerprint);
  }

  /** Forgets those of a connection whose key is forgotten. */
  async forget(connectionId: string): Promise<void> {
    for (const token of await this.records.readAll())
      if (token.connectionId === connectionId) await this.records.remove(token.id);
  }
}

/** Whether a signed token opens this user's inbox: by external id, which takes precedence, else by e-mail. */
export function isFor({ recipient }: Pick<SignedToken, 'recipient'>, user: User): boolean {
  if (recipient.userId !== undefined) return recipient.userId === user.id;
  if (recipient.externalId !== undefined) return recipient.externalId === user.externalId;
  return recipient.email !== undefined && recipient.email.toLowerCase() === user.email?.toLowerCase();
}

const maxNamed = 5;

/** What rolling the Secret Key would end: "Rolling the Secret Key ends 3 tokens of a@example.com, b@example.com." */
export function rollingText(tokens: readonly SignedToken[], now: Date): string {
  const live = tokens.filter(({ expiresAt }) => expiresAt === undefined || expiresAt.getTime() > now.getTime());
  if (live.length === 0) return 'Rolling the Secret Key ends no token that was signed here.';
  const names = [
    ...new Set(
      live.map(({ recipient }) => displayText(recipient.email ?? recipient.externalId ?? recipient.userId ?? '')),
    ),
  ];
  const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : '';
  const count = live.length === 1 ? '1 token' : `${live.length} tokens`;
  return `Rolling the Secret Key ends ${count} of ${names.slice(0, maxNamed).join(', ')}${more}.`;
}
