import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { StateStore } from '../tokens/rememberedUsers.ts';
import { Capabilities, noting, type Operation, operations } from './capabilities.ts';

/** What the APIs offer, by the connection's id. */
const stateKey = 'magicbellTokens.capabilities';

/** What the API of one connection offers, kept over sessions. */
export class KnownCapabilities {
  private readonly id: string;
  private readonly state: StateStore;
  private readonly now: () => Date;
  private readonly onChange: () => void;
  private known: Capabilities;
  private lastMissing: string;

  /** @param onChange called when something is missing that was not known to be, or no longer is */
  constructor(id: string, state: StateStore, now: () => Date, onChange: () => void) {
    this.id = id;
    this.state = state;
    this.now = now;
    this.onChange = onChange;
    this.known = new Capabilities(this.saved[id]);
    this.lastMissing = this.missing;
  }

  /** Whether the API has said that it does not have this operation. */
  isMissing(operation: Operation): boolean {
    return this.known.availability(operation, this.now()) === 'missing';
  }

  /** What was missing may be there by now. */
  askAgain(): void {
    if (this.known.forgetMissing()) this.changed();
  }

  /** The same API; what its answers say about its operations is learned. */
  learningFrom(api: MagicBellApi): MagicBellApi {
    const { known } = this;
    return noting(api, known, this.now, () => {
      // An answer of an address that is no longer this connection's says nothing about it.
      if (known === this.known) this.changed();
    });
  }

  forget(): void {
    this.known = new Capabilities();
    this.lastMissing = '';
    const others = Object.entries(this.saved).filter(([id]) => id !== this.id);
    void this.state.update(stateKey, others.length === 0 ? undefined : Object.fromEntries(others));
  }

  private get saved(): Readonly<Record<string, unknown>> {
    return (this.state.get(stateKey) as Record<string, unknown> | undefined) ?? {};
  }

  private get missing(): string {
    return operations.filter((operation) => this.isMissing(operation)).join();
  }

  private changed(): void {
    const { missing } = this;
    void this.state.update(stateKey, { ...this.saved, [this.id]: this.known.toJSON() });
    // That something is there is no news: a refresh of the views right behind their first rows would lose these.
    if (missing === this.lastMissing) return;
    this.lastMissing = missing;
    this.onChange();
  }
}
