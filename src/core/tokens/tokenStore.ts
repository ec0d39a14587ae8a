import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import { PagedList } from './pagedList.ts';
import type { ListPage } from '../magicbell/paging.ts';
import type { RevocableToken, Token, TokenId } from '../model/token.ts';
import type { User, UserId } from '../model/user.ts';

/** What has changed: one user's tokens or a whole list; or a token was issued or revoked that no list holds. */
export type StoreChange =
  | { readonly list: 'projectTokens' | 'users' }
  | { readonly list: 'userTokens'; readonly user: UserId }
  | { readonly list: 'none'; readonly token: Token; readonly user: UserId | undefined };

/**
 * The known tokens and users of one connection. Loads on request; shows local actions without another request. Only
 * users that were opened have a list of tokens.
 */
export class TokenStore implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new Emitter<StoreChange>());
  private readonly tokensByUser = new Map<UserId, PagedList<Token>>();
  private readonly opened = new Map<UserId, User>();
  /** The ids of all tokens that a list of this connection has shown, or that were issued with it. */
  private readonly listedIds = new Set<TokenId>();
  private readonly getApi: () => Promise<MagicBellApi>;
  private readonly pageSize: () => number;
  private readonly pinnedUsers: () => readonly User[];
  private isResetting = false;

  readonly onDidChange = this.changeEmitter.event;
  readonly projectTokens: PagedList<Token>;
  readonly users: PagedList<User>;

  /**
   * @param getApi the connection's client; rejects with a `MagicBellError`
   * @param pinnedUsers shown first, loaded or not
   */
  constructor(
    getApi: () => Promise<MagicBellApi>,
    pageSize: () => number,
    pinnedUsers: () => readonly User[] = () => [],
  ) {
    this.pinnedUsers = pinnedUsers;
    this.getApi = getApi;
    this.pageSize = pageSize;
    this.projectTokens = this.disposables.add(
      new PagedList({
        fetchPage: async (page, options) => this.listed(await (await getApi()).jwt.fetchProjectTokens(page, options)),
        pageSize,
      }),
    );
    this.users = this.disposables.add(
      new PagedList({
        fetchPage: async (page, options) => (await getApi()).users.listUsers(undefined, page, options),
        pageSize,
      }),
    );
    this.projectTokens.onDidChange(() => this.changed({ list: 'projectTokens' }));
    this.users.onDidChange(() => this.changed({ list: 'users' }));
  }

  /** The users to show: the pinned ones first, then those opened by search or id, then the loaded ones. */
  get shownUsers(): readonly User[] {
    const pinned = this.pinnedUsers().map((user) => this.user(user.id) ?? user);
    const opened = [...this.opened.values()].filter((user) => this.users.find(user.id) === undefined);
    if (pinned.length === 0) return opened.length === 0 ? this.users.items : [...opened, ...this.users.items];
    const first = new Set(pinned.map((user) => user.id));
    return [...pinned, ...[...opened, ...this.users.items].filter((user) => !first.has(user.id))];
  }

  /** A known user: loaded, opened or pinned. */
  user(id: UserId): User | undefined {
    return this.users.find(id) ?? this.opened.get(id) ?? this.pinnedUsers().find((user) => user.id === id);
  }

  /** Shows a user who need not be loaded. */
  openUser(user: User): void {
    this.opened.set(user.id, user);
    this.changeEmitter.fire({ list: 'users' });
  }

  /** The tokens of a user who was opened. */
  openedTokens(user: UserId): PagedList<Token> | undefined {
    return this.tokensByUser.get(user);
  }

  /** The tokens of a user; opens the user. Loads nothing by itself. */
  tokensOf(user: UserId): PagedList<Token> {
    let list = this.tokensByUser.get(user);
    if (list === undefined) {
      list = new PagedList<Token>({
        fetchPage: async (page, options) =>
          this.listed(await (await this.getApi()).jwt.fetchUserTokens(user, page, options)),
        pageSize: this.pageSize,
      });
      list.onDidChange(() => this.changed({ list: 'userTokens', user }));
      this.tokensByUser.set(user, list);
    }
    return list;
  }

  /** The users whose tokens were loaded, with their lists. */
  get loadedUserTokens(): readonly (readonly [UserId, PagedList<Token>])[] {
    return [...this.tokensByUser].filter(([, list]) => list.isLoaded);
  }

  /** All loaded tokens, of the project and of users. */
  get seenTokens(): readonly Token[] {
    return [...this.projectTokens.items, ...this.loadedUserTokens.flatMap(([, list]) => list.items)];
  }

  /** Notes that a list of this connection has shown the token, in this session or before. */
  noteListed({ id }: Pick<RevocableToken, 'id'>): void {
    this.listedIds.add(id);
  }

  /** Whether a list of this connection has ever shown the token, or it was issued here. */
  hasListed({ id }: Pick<RevocableToken, 'id'>): boolean {
    return this.listedIds.has(id);
  }

  /** The list that holds a token, with the user it belongs to. Undefined when it is not loaded. */
  find(
    token: Pick<RevocableToken, 'kind' | 'id'>,
  ): { readonly list: PagedList<Token>; readonly user?: UserId } | undefined {
    if (token.kind === 'project') {
      return this.projectTokens.find(token.id) === undefined ? undefined : { list: this.projectTokens };
    }
    for (const [user, list] of this.tokensByUser) {
      if (list.find(token.id) !== undefined) return { list, user };
    }
    return undefined;
  }

  /** Adds a token that was issued here, where its list is loaded. */
  addToken(token: Token, user: UserId | undefined): void {
    if (token.id !== undefined) this.listedIds.add(token.id);
    const list =
      token.kind === 'project' ? this.projectTokens : user === undefined ? undefined : this.tokensByUser.get(user);
    if (list?.isLoaded === true) list.upsert(token);
    else this.changeEmitter.fire({ list: 'none', token, user });
  }

  /** Marks a token that was revoked here. */
  markRevoked(token: RevocableToken, revokedAt: Date): void {
    const { list } = this.find(token) ?? {};
    const revoked = { ...token, revokedAt };
    if (list === undefined) this.changeEmitter.fire({ list: 'none', token: revoked, user: undefined });
    else list.upsert(revoked);
  }

  /** Forgets everything that was loaded, with one event for each of the two views. */
  reset(): void {
    this.opened.clear();
    this.listedIds.clear();
    this.isResetting = true;
    try {
      for (const list of this.tokensByUser.values()) list.dispose();
      this.tokensByUser.clear();
      this.projectTokens.reset();
      this.users.reset();
    } finally {
      this.isResetting = false;
    }
    this.changeEmitter.fire({ list: 'projectTokens' });
    this.changeEmitter.fire({ list: 'users' });
  }

  dispose(): void {
    for (const list of this.tokensByUser.values()) list.dispose();
    this.disposables.dispose();
  }

  private changed(change: StoreChange): void {
    if (!this.isResetting) this.changeEmitter.fire(change);
  }

  private listed(page: ListPage<Token>): ListPage<Token> {
    for (const { id } of page.items) if (id !== undefined) this.listedIds.add(id);
    return page;
  }
}
