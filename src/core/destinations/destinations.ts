import type { Logger } from '../base/logger.ts';
import { Records } from '../base/records.ts';
import type { SharedFolder } from '../base/sharedFolder.ts';
import type { Place } from '../delivery/place.ts';
import { type Issuance, isFinal } from '../issuance/issuance.ts';
import type { TokenId, TokenKind } from '../model/token.ts';
import { type Destination, destinationOf, reviveDestination } from './destination.ts';

/** What is kept at most; the oldest go. */
export const maxDestinations = 500;

export interface DestinationsDependencies {
  readonly files: SharedFolder;
  /** What the journal still holds: it knows of deliveries that a crash has kept from being recorded here. */
  readonly readJournal: () => Promise<readonly Issuance[]>;
  readonly logger: Logger;
}

/** Where the values of tokens went, by token. Files that all windows share; never a value. */
export class Destinations {
  private readonly records: Records<Destination>;
  private readonly readJournal: DestinationsDependencies['readJournal'];
  private readonly logger: Logger;
  /** One after the other, so that nothing is written behind what forgets it. */
  private writing: Promise<void> = Promise.resolve();

  constructor({ files, readJournal, logger }: DestinationsDependencies) {
    this.records = new Records(files, reviveDestination, logger);
    this.readJournal = readJournal;
    this.logger = logger;
  }

  /** Records where an issuance's value went. Never rejects: the journal has it for some days. */
  note(issuance: Issuance): Promise<void> {
    const destination = destinationOf(issuance);
    if (destination !== undefined && isFinal(issuance)) this.writing = this.writing.then(() => this.write(destination));
    return this.writing;
  }

  /** Where the value of a connection's token went; none when that is not known here. */
  async ofToken(connectionId: string, id: TokenId): Promise<readonly Place[]> {
    return (await this.of(connectionId)).find(({ tokenId }) => tokenId === id)?.places ?? [];
  }

  /** Where the value of each issuance of a connection went so far, by its id. */
  async byIssuance(connectionId: string): Promise<ReadonlyMap<string, readonly Place[]>> {
    return new Map((await this.of(connectionId)).map(({ id, places }) => [id, places]));
  }

  /** Where the values of several tokens went. */
  async ofTokens(connectionId: string, ids: readonly TokenId[]): Promise<ReadonlyMap<TokenId, readonly Place[]>> {
    const wanted = new Set<TokenId | undefined>(ids);
    const found = (await this.of(connectionId)).filter(({ tokenId }) => wanted.has(tokenId));
    return new Map(found.flatMap(({ tokenId, places }) => (tokenId === undefined ? [] : [[tokenId, places]])));
  }

  /** Where the value of the last token of that name went. */
  async lastOf(connectionId: string, kind: TokenKind, name: string | undefined): Promise<readonly Place[]> {
    const all = await this.of(connectionId);
    return all.find((each) => each.kind === kind && each.name === name)?.places ?? [];
  }

  /** Removes what is recorded of a connection whose key is forgotten. The journal's own part of it is removed there. */
  async forget(connectionId: string): Promise<void> {
    await this.writing;
    for (const record of await this.records.readAll())
      if (record.connectionId === connectionId) await this.records.remove(record.id);
  }

  /** Newest first. What only the journal knows is recorded here for later. */
  private async of(connectionId: string): Promise<readonly Destination[]> {
    const recorded = await this.records.readAll();
    const known = new Set(recorded.map(({ id }) => id));
    const missing = (await this.readJournal()).filter(({ id }) => !known.has(id));
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
