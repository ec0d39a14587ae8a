import type { User, UserId } from '../model/user.ts';

/** Stores small state between sessions; the shape of VS Code's `Memento`. */
export interface StateStore {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

interface Remembered {
  readonly pinned: readonly User[];
  readonly recent: readonly User[];
}

const key = 'magicbellTokens.users';
const nobody: Remembered = { pinned: [], recent: [] };
const maxRecent = 10;

/** The pinned and the recently used users of one connection: names and ids, no secrets. */
export class RememberedUsers {
  private readonly state: StateStore;
  private readonly connectionId: string;

  constructor(state: StateStore, connectionId: string) {
    this.state = state;
    this.connectionId = connectionId;
  }

  /** In the order in which they were pinned. */
  get pinned(): readonly User[] {
    return this.current.pinned;
  }

  /** The latest first, without pinned users. */
  get recent(): readonly User[] {
    const { pinned, recent } = this.current;
    return recent.filter(({ id }) => !pinned.some((user) => user.id === id));
  }

  isPinned(id: UserId): boolean {
    return this.pinned.some((user) => user.id === id);
  }

  pin(user: User): PromiseLike<void> {
    const { pinned } = this.current;
    return this.save({ pinned: [...without(pinned, user.id), user] });
  }

  unpin(id: UserId): PromiseLike<void> {
    return this.save({ pinned: without(this.current.pinned, id) });
  }

  /** Notes that a user was used. */
  used(user: User): PromiseLike<void> {
    return this.save({ recent: [user, ...without(this.current.recent, user.id)].slice(0, maxRecent) });
  }

  /** Forgets all users. */
  forget(): PromiseLike<void> {
    const all = Object.entries(this.all).filter(([id]) => id !== this.connectionId);
    return this.state.update(key, all.length === 0 ? undefined : Object.fromEntries(all));
  }

  private get all(): Readonly<Record<string, Remembered>> {
    return (this.state.get(key) as Record<string, Remembered> | undefined) ?? {};
  }

  private get current(): Remembered {
    return this.all[this.connectionId] ?? nobody;
  }

  private async save(changes: Partial<Remembered>): Promise<void> {
    await this.state.update(key, { ...this.all, [this.connectionId]: { ...this.current, ...changes } });
  }
}

const without = (users: readonly User[], id: UserId): readonly User[] => users.filter((user) => user.id !== id);
