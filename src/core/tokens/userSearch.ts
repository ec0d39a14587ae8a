import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import { searchText } from '../base/searchText.ts';
import { mayBeSecret } from '../checking/pastedSecret.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { User } from '../model/user.ts';

/** The results for the latest query. */
export interface UserSearchState {
  readonly query: string;
  readonly isSearching: boolean;
  /** Users that the server found, by email or external id. */
  readonly found: readonly User[];
  /** Loaded users whose name contains the query: the server cannot search names. */
  readonly loadedByName: readonly User[];
  /** Whether the server has more than it sent. */
  readonly hasMore: boolean;
  readonly error: unknown;
}

const debounceMs = 250;
const resultLimit = 50;

/** Searches users while somebody types: debounced, one request at a time, answers to older queries dropped. */
export class UserSearch implements Disposable {
  private readonly getApi: () => Promise<MagicBellApi>;
  private readonly loadedUsers: () => readonly User[];
  private readonly clock: Clock;
  private readonly disposables = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new Emitter<UserSearchState>());
  private readonly pending = this.disposables.add(new DisposableStore());

  readonly onDidChange = this.changeEmitter.event;

  constructor(getApi: () => Promise<MagicBellApi>, loadedUsers: () => readonly User[], clock: Clock) {
    this.getApi = getApi;
    this.loadedUsers = loadedUsers;
    this.clock = clock;
  }

  /** Searches; an empty query shows the loaded users. Text that may be a secret is neither sent nor kept. */
  search(text: string): void {
    this.pending.clear();
    const query = mayBeSecret(text) ? '' : text.trim();
    if (query === '') {
      const found = this.loadedUsers().slice(0, resultLimit);
      this.changeEmitter.fire({ query, isSearching: false, found, loadedByName: [], hasMore: false, error: undefined });
      return;
    }
    const wanted = searchText(query);
    const loadedByName = this.loadedUsers()
      .filter((user) => searchText(`${user.firstName ?? ''} ${user.lastName ?? ''}`).includes(wanted))
      .slice(0, resultLimit);
    const state = { query, isSearching: true, found: [], loadedByName, hasMore: false, error: undefined };
    this.changeEmitter.fire(state);
    this.pending.add(this.clock.after(debounceMs, () => void this.ask(state)));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async ask(asked: UserSearchState): Promise<void> {
    const aborter = new AbortController();
    this.pending.add({ dispose: () => aborter.abort() });
    const answer = await this.answer(asked.query, aborter.signal);
    if (aborter.signal.aborted) return;
    const ids = new Set(answer.found.map((user) => user.id));
    const loadedByName = asked.loadedByName.filter((user) => !ids.has(user.id));
    this.changeEmitter.fire({ ...asked, ...answer, loadedByName, isSearching: false });
  }

  private async answer(
    query: string,
    signal: AbortSignal,
  ): Promise<Pick<UserSearchState, 'found' | 'hasMore' | 'error'>> {
    try {
      const api = await this.getApi();
      signal.throwIfAborted();
      const page = await api.users.listUsers(query, { limit: resultLimit }, { signal });
      return { found: page.items, hasMore: page.next !== undefined, error: undefined };
    } catch (error) {
      return { found: [], hasMore: false, error };
    }
  }
}
