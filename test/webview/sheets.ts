import type { Activity } from '../../src/core/activity/activity.ts';
import type { ActivityMessage } from '../../src/core/activity/activityMessage.ts';
import { activityMessage } from '../../src/core/activity/activityText.ts';
import { Secret } from '../../src/core/base/secret.ts';
import { reportOnToken } from '../../src/core/checking/checkReport.ts';
import { checkSheet } from '../../src/core/details/checkSheet.ts';
import { tokenSheet } from '../../src/core/details/tokenSheet.ts';
import { type RevocableToken, tokenId } from '../../src/core/model/token.ts';
import type { SheetMessage } from '../../src/core/pages/sheet.ts';
import { aToken, aUser } from '../support/builders.ts';

const dayMs = 24 * 60 * 60_000;

/** An instant some days from now: the page has the real clock. */
const inDays = (days: number): Date => new Date(Date.now() + days * dayMs);
const context = { now: new Date(), soonDays: 14 };
const acme = { name: 'Acme', isProduction: true };

const deeds = (name: string): readonly Activity[] =>
  (['delivered', 'issued', 'revoked', 'failed'] as const).map((what, index) => ({
    at: inDays(-index),
    what,
    tokenKind: index < 2 ? 'user' : 'project',
    name: index < 2 ? name : 'CI deploy',
    tokenId: tokenId(index < 2 ? 'web' : `of CI ${index}`),
    recipient: index < 2 ? 'hana@example.com' : undefined,
    result: what === 'delivered' ? 'to .env as MAGICBELL_TOKEN' : what === 'failed' ? 'revoke: offline' : undefined,
  }));

/** The page of a user token. */
export const aSheet = (parts: Partial<RevocableToken> = {}): SheetMessage =>
  tokenSheet(
    {
      token: aToken({
        id: tokenId('web'),
        kind: 'user',
        name: 'Web inbox',
        createdAt: inDays(-40),
        expiresAt: inDays(60),
        ...parts,
      }),
      user: aUser({ firstName: 'Hana', lastName: 'Sato', externalId: 'usr_9f2c41' }),
      activities: deeds('Web inbox'),
      destinations: ['to .env as MAGICBELL_TOKEN', 'to gh secret set MAGICBELL_TOKEN'],
    },
    acme,
    { connection: 'c-1', kind: 'user', id: 'web', user: 'user-1', at: inDays(-40).toISOString() },
    context,
  );

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');

/** What is found out about a pasted user token, as a page. */
export function aCheck(answer?: string): SheetMessage {
  const claims = {
    user_email: 'hana@example.com',
    user_external_id: 'usr_9f2c41',
    api_key: 'pk_live_0123456789',
    iat: Math.floor(inDays(-10).getTime() / 1000),
    exp: Math.floor(inDays(5).getTime() / 1000),
  };
  const token = new Secret(`${part({ alg: 'HS256' })}.${part(claims)}.`);
  const report = reportOnToken({
    token,
    connections: [],
    record: undefined,
    defaultBaseUrl: undefined,
    now: new Date(),
  });
  return checkSheet(
    {
      report,
      row: undefined,
      record: { isSigned: true, madeAt: inDays(-10), deliveredTo: ['to the clipboard'] },
      project: acme,
      isWrapped: true,
      hosts: ['api.magicbell.com'],
      answer,
      canSignAgain: true,
    },
    context,
  );
}

/** What was done from here. */
export const anActivity = (name = 'Web inbox'): ActivityMessage =>
  activityMessage(deeds(name), { id: 'c-1', label: 'Acme', isProduction: false });
