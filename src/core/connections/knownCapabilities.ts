import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { StateStore } from '../tokens/rememberedUsers.ts';
import { Capabilities, noting, type Operation, operations } from './capabilities.ts';

/** What the API of each connection offers, by connection id. */
const stateKey = 'magicbellTokens.capabilities';

/** What the API of one connection offers, kept between sessions. */
export class KnownCapabilities {
  private readonly id: string;
  private readonly state: StateStore;
  private readonly now: () => Date;
  private readonly onChange: () => void;
  private known: Capabilities;
  private lastMissing: string;
  private latestApi: MagicBellApi | undefined;

  /** @param onChange called when an operation turns out to be missing, or no longer is */
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

  /** Server clock minus ours, by the latest answer; undefined before the first one. */
  get clockOffsetMs(): number | undefined {
    return this.latestApi?.clockOffsetMs;
  }

  /** Tries missing operations again. */
  askAgain(): void {
    if (this.known.forgetMissing()) this.changed();
  }

  /**
   * Wraps an API to learn from its answers.
   * @param refuse called before each call; throws where nothing may be sent
   */
  learningFrom(api: MagicBellApi, refuse: () => void): MagicBellApi {
    const { known } = this;
    this.latestApi = api;
    return noting(api, known, this.now, refuse, () => {
      // Ignores answers from an address that the connection no longer has.
      if (known === this.known) this.changed();
    });
  }

  forget(): void {
    this.known = new Capabilities();
    this.lastMissing = '';
    this.latestApi = undefined;
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
    // Only missing operations count as a change: a refresh of the views right after their first rows would lose these.
    if (missing === this.lastMissing) return;
    this.lastMissing = missing;
    this.onChange();
  }
}
