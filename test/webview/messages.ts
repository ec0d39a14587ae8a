import { tokenId, type Token } from '../../src/core/model/token.ts';
import { userId } from '../../src/core/model/user.ts';
import type { KnownConnection, KnownToken } from '../../src/core/overview/known.ts';
import { overviewMessage, RowKeys, rowMessages } from '../../src/core/overview/overviewMessages.ts';
import { overviewOf } from '../../src/core/overview/overviewOf.ts';
import type { HostMessage } from '../../src/core/overview/protocol.ts';
import { aToken, aUser } from '../support/builders.ts';

const dayMs = 24 * 60 * 60_000;
const soonDays = 14;

/** An instant some days from now: the page has the real clock. */
const inDays = (days: number): Date => new Date(Date.now() + days * dayMs);

/** A token of a test, with an id made of its name. */
export const tokenOf = (name: string, parts: Partial<Token> = {}): KnownToken => ({
  token: {
    ...aToken({ id: tokenId(`id of ${name}`), name, createdAt: inDays(-40), expiresAt: inDays(200) }),
    ...parts,
  },
});

/** A small overview with every kind of finding. */
export function demoRows(): KnownToken[] {
  const hana = aUser();
  return [
    tokenOf('CI deploy', { expiresAt: inDays(12) }),
    tokenOf('Terraform'),
    tokenOf('Terraform', { id: tokenId('id of the other Terraform') }),
    tokenOf('Billing service', { expiresAt: undefined }),
    tokenOf('Old importer', { expiresAt: inDays(-40), createdAt: inDays(-400) }),
    tokenOf('Gone', { revokedAt: inDays(-1) }),
    tokenOf('Long liver', { expiresAt: inDays(500) }),
    tokenOf('Made by a colleague', { createdAt: inDays(-1), expiresAt: inDays(60) }),
    ...Array.from({ length: 6 }, (_, index) => ({
      ...tokenOf(`Web inbox ${index + 1}`, { kind: 'user', expiresAt: inDays(30 * index + 20) }),
      owner: hana,
    })),
  ];
}

/** Many tokens of many users, expiring over two years. */
export function manyRows(count: number): KnownToken[] {
  return Array.from({ length: count }, (_, index) => ({
    ...tokenOf(`Token ${(index * 7919) % count} of service ${index % 97}`, {
      id: tokenId(`${index.toString(16).padStart(8, '0')}-4c1e-9a`),
      kind: index % 3 === 0 ? 'project' : 'user',
      createdAt: inDays(-(index % 700) - 1),
      expiresAt: index % 11 === 0 ? undefined : inDays((index % 800) - 30),
    }),
    owner:
      index % 3 === 0
        ? undefined
        : aUser({ id: userId(`user-${index % 5000}`), email: `user${index % 5000}@example.com` }),
  }));
}

export const aConnection = (rows: readonly KnownToken[], parts: Partial<KnownConnection> = {}): KnownConnection => ({
  id: 'connection-1',
  name: 'Acme',
  isProduction: false,
  aheadMs: 0,
  rows,
  hasMore: false,
  lastLookAt: inDays(-2),
  audit: { state: 'none', done: 0, total: 0, text: '' },
  issuedHere: new Set(),
  ...parts,
});

/** What the host sends for connections. */
export function messagesFor(connections: readonly KnownConnection[], generation = 1): readonly HostMessage[] {
  const overview = overviewOf(connections, new Date(), { soonDays });
  return [overviewMessage(overview, generation, soonDays), ...rowMessages(overview, generation, new RowKeys())];
}
