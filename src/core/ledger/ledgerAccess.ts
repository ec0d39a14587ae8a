import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import type { Logger } from '../base/logger.ts';
import { describePlace } from '../delivery/place.ts';
import type { Issuance } from '../issuance/issuance.ts';
import type { Secret } from '../base/secret.ts';
import type { LedgerEntry } from './ledgerEntry.ts';
import type { TokenLedger } from './tokenLedger.ts';

/** Builds the ledger on first use: by an issuance, a check, or a user's rows. */
export class LedgerAccess implements Disposable {
  private readonly build: () => Promise<TokenLedger>;
  private readonly logger: Logger;
  private readonly disposables = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new Emitter<void>());
  private building: Promise<TokenLedger> | undefined;
  private ledger: TokenLedger | undefined;

  /** Entries were added, changed or removed. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(build: () => Promise<TokenLedger>, logger: Logger) {
    this.build = build;
    this.logger = logger;
  }

  open(): Promise<TokenLedger> {
    this.building ??= this.build().then((ledger) => {
      this.ledger = this.disposables.add(ledger);
      this.disposables.add(ledger.onDidChange(() => this.changeEmitter.fire()));
      return ledger;
    });
    return this.building;
  }

  /** The locally signed tokens of a connection, by expiry, those without one last. Empty until `tryStart`. */
  signedOf(connectionId: string): readonly LedgerEntry[] {
    return this.ledger?.entries(connectionId).filter(({ isSigned }) => isSigned) ?? [];
  }

  /** Reads the ledger on the first call. Never rejects: failures are logged, and the tokens are not shown. */
  tryStart(): Promise<void> {
    return this.tried('read', async (ledger) => ledger.start());
  }

  /** The entry of a value that was issued or signed here, in any connection. Never rejects: failures are logged. */
  tryFind(value: Secret): Promise<LedgerEntry | undefined> {
    return this.tried('asked', (ledger) => ledger.find(value));
  }

  /** Enters a token that was issued here. Never rejects: failures are logged. */
  tryEnter(...made: Parameters<TokenLedger['made']>): Promise<void> {
    return this.tried(`told of ${made[0].id}`, (ledger) => ledger.made(...made));
  }

  /** Updates an issuance's entry: records its deliveries, or removes a token that nobody received. Never rejects. */
  async follow({ id, resolution, placesDone }: Issuance): Promise<void> {
    if (resolution !== undefined && resolution !== 'revoked')
      await this.tried(`cleared of ${id}`, (ledger) => ledger.remove(id));
    else if (placesDone !== undefined && placesDone.length > 0) {
      const places = placesDone.map((place) => describePlace(place));
      await this.tried(`told of ${id}`, (ledger) => ledger.delivered(id, places));
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async tried<T>(what: string, work: (ledger: TokenLedger) => Promise<T>): Promise<T | undefined> {
    try {
      return await work(await this.open());
    } catch (error) {
      const { code, name } = error as NodeJS.ErrnoException;
      this.logger.warn(`ledger: cannot be ${what} (${code ?? name})`);
      return undefined;
    }
  }
}
