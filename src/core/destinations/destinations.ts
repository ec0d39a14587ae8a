import type { Logger } from '../base/logger.ts';
import { Records } from '../base/records.ts';
import type { SharedFolder } from '../base/sharedFolder.ts';
import type { Place } from '../delivery/place.ts';
import { type Issuance, isFinal } from '../issuance/issuance.ts';
import type { TokenId, TokenKind } from '../model/token.ts';
import { type Destination, destinationOf, reviveDestination } from './destination.ts';

/** How many records are kept; the oldest are removed. */
export const maxDestinations = 500;

export interface DestinationsDependencies {
  readonly files: SharedFolder;
  /** The issuances in the journal. After a crash, it has deliveries that are not recorded here yet. */
  readonly readJournal: () => Promise<readonly Issuance[]>;
  readonly logger: Logger;
}

/** Where the values of tokens were delivered to. All windows share the files, which never hold a value. */
export class Destinations {
  private readonly records: Records<Destination>;
  private readonly readJournal: DestinationsDependencies['readJournal'];
  private readonly logger: Logger;
  /** Writes run one at a time, and `forget` waits for them, so that no record is written after it. */
  private writing: Promise<void> = Promise.resolve();

  constructor({ files, readJournal, logger }: DestinationsDependencies) {
    this.records = new Records(files, reviveDestination, logger);
    this.readJournal = readJournal;
    this.logger = logger;
  }

  /** Records where an issuance's value was delivered to. Never rejects: the journal keeps the places for some days. */
  note(issuance: Issuance): Promise<void> {
    const destination = destinationOf(issuance);
    if (destination !== undefined && isFinal(issuance)) this.writing = this.writing.then(() => this.write(destination));
    return this.writing;
  }

  /** The places of a token's value; empty when they are not known. */
  async ofToken(connectionId: string, id: TokenId): Promise<readonly Place[]> {
    return (await this.of(connectionId)).find(({ tokenId }) => tokenId === id)?.places ?? [];
  }

  /** The places of each issuance of a connection so far, by its id. */
  async byIssuance(connectionId: string): Promise<ReadonlyMap<string, readonly Place[]>> {
    return new Map((await this.of(connectionId)).map(({ id, places }) => [id, places]));
  }

  /** The places of several tokens' values. */
  async ofTokens(connectionId: string, ids: readonly TokenId[]): Promise<ReadonlyMap<TokenId, readonly Place[]>> {
    const wanted = new Set<TokenId | undefined>(ids);
    const found = (await this.of(connectionId)).filter(({ tokenId }) => wanted.has(tokenId));
    return new Map(found.flatMap(({ tokenId, places }) => (tokenId === undefined ? [] : [[tokenId, places]])));
  }

  /** The places of the value of the newest token with that kind and name. */
  async lastOf(connectionId: string, kind: TokenKind, name: string | undefined): Promise<readonly Place[]> {
    const all = await this.of(connectionId);
    return all.find((each) => each.kind === kind && each.name === name)?.places ?? [];
  }

  /** Removes the records of a connection whose key is forgotten. The journal removes its own. */
  async forget(connectionId: string): Promise<void> {
    await this.writing;
    for (const record of await this.records.readAll())
      if (record.connectionId === connectionId) await this.records.remove(record.id);
  }

  /** Newest first. Also records the destinations that only the journal has. */
  private async of(connectionId: string): Promise<readonly Destination[]> {
    const recorded = await this.records.readAll();
    const known = new Set(recorded.map(({ id }) => id));
    // Those of other connections wait for their turn: one may be forgotten.
    const missing = (await this.readJournal()).filter(
      (each) => each.connectionId === connectionId && !known.has(each.id),
    );
    await Promise.all(missing.map((issuance) => this.note(issuance)));
    const all = [...recorded, ...missing.flatMap((issuance) => destinationOf(issuance) ?? [])];
    return newestFirst(all.filter((each) => each.connectionId === connectionId));
  }

  private async write(destination: Destination): Promise<void> {
    try {
      await this.records.write(destination);
      const all = newestFirst(await this.records.readAll());
      for (const { id } of all.slice(maxDestinations)) await this.records.remove(id);
    } catch (error) {
      this.logger.warn(`destinations: not written (${(error as NodeJS.ErrnoException).code ?? 'failed'})`);
    }
  }
}

function newestFirst(destinations: readonly Destination[]): readonly Destination[] {
  return [...destinations].sort((a, b) => b.at.getTime() - a.at.getTime());
}
