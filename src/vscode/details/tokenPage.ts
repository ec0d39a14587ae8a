import { DisposableStore } from '../../core/base/disposable.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { describePlace } from '../../core/delivery/place.ts';
import { absentSheet, removedSheet, tokenSheet } from '../../core/details/tokenSheet.ts';
import { tokenId } from '../../core/model/token.ts';
import { unknownUser, userId } from '../../core/model/user.ts';
import {
  parseSheetPageMessage,
  type SheetAction,
  type SheetMessage,
  type SheetSubject,
} from '../../core/pages/sheet.ts';
import { tokenOfExpiry } from '../../core/reminders/knownExpiries.ts';
import type { FoundToken } from '../../core/tokens/findTokens.ts';
import { followChanges } from '../pages/followChanges.ts';
import type { Page, PageHost } from '../pages/page.ts';
import type { Services } from '../services.ts';
import { runOnToken } from './runOnToken.ts';

/** A token's page: shows its data, follows changes, and offers the actions of its row. */
export class TokenPage implements Page {
  private readonly services: Services;
  private readonly host: PageHost;
  private readonly subject: SheetSubject;
  private readonly disposables = new DisposableStore();

  constructor(services: Services, host: PageHost, subject: SheetSubject) {
    this.services = services;
    this.host = host;
    this.subject = subject;
    this.disposables.add(followChanges(services, () => this.send()));
  }

  async receive(data: unknown): Promise<boolean> {
    const message = parseSheetPageMessage(data);
    if (message?.type === 'ready') await this.send();
    else if (message?.type === 'act') await this.act(message.action);
    return message !== undefined;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async send(): Promise<void> {
    if (this.host.isVisible) this.host.post(await this.sheet());
  }

  private async sheet(): Promise<SheetMessage> {
    const { services, subject } = this;
    await services.connections.start();
    const connection = services.connections.find(subject.connection);
    if (connection === undefined) return removedSheet(subject);
    const found = await findToken(services, connection, subject);
    const id = tokenId(subject.id);
    const [activities, places] = await Promise.all([
      services.activity.log().then((log) => log.read(connection.id)),
      services.destinations().then((destinations) => destinations.ofToken(connection.id, id)),
    ]);
    const known = { user: found?.user, activities, destinations: places.map((place) => describePlace(place)) };
    const project = { name: connection.label, isProduction: connection.isProduction };
    const context = { now: connection.now(), soonDays: services.settings.soonDays };
    return found === undefined
      ? absentSheet(known, project, subject, context)
      : tokenSheet({ ...known, token: found.token }, project, subject, context);
  }

  private async act(action: SheetAction): Promise<void> {
    const { services, subject } = this;
    const connection = services.connections.find(subject.connection);
    if (connection === undefined) return;
    const found = await findToken(services, connection, subject);
    if (found === undefined && action !== 'copyId' && action !== 'showInList') return;
    await runOnToken(services, action, connection, found ?? absent(subject));
  }
}

/** Looks for a token in its list, in the audit's results, and among the stored expiries. */
async function findToken(
  { audits, reminders }: Services,
  { id: connectionId, store }: Connection,
  subject: SheetSubject,
): Promise<FoundToken | undefined> {
  const id = tokenId(subject.id);
  const owner = userId(subject.user);
  const list = subject.kind === 'project' ? store.projectTokens : store.openedTokens(owner);
  // A token without an id is identified by its creation time.
  const listed =
    list?.find(id) ?? list?.items.find((each) => each.id === undefined && each.createdAt.toISOString() === subject.at);
  if (listed !== undefined) return { token: listed, user: subject.user === '' ? undefined : store.user(owner) };
  if (subject.id === '') return undefined;
  const audited = (await (await audits()).tokens(connectionId)).find(({ token }) => token.id === id);
  if (audited !== undefined) return { token: audited.token, user: audited.owner };
  if (list?.isLoaded === true && !list.hasMore) return undefined;
  const kept = (await (await reminders()).watch.expiriesOf(connectionId)).find((each) => each.id === id);
  return kept === undefined || kept.isRevoked === true ? undefined : { token: tokenOfExpiry(kept), user: kept.owner };
}

/** A placeholder for a token of which only the page's subject is known. */
function absent({ kind, id, user, at }: SheetSubject): FoundToken {
  return {
    token: {
      kind: kind === 'project' ? 'project' : 'user',
      id: id === '' ? undefined : tokenId(id),
      name: undefined,
      createdAt: new Date(at),
      expiresAt: undefined,
      isExpiryUnknown: true,
      revokedAt: undefined,
      lastUsedAt: undefined,
    },
    user: user === '' ? undefined : unknownUser(userId(user)),
  };
}
