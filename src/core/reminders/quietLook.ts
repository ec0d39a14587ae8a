import { asMagicBellError, type ErrorReason } from '../magicbell/errors.ts';
import type { CallOptions, MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { NextPage, ListPage } from '../magicbell/paging.ts';
import type { Token } from '../model/token.ts';
import type { User, UserId } from '../model/user.ts';
import type { SeenToken, SeenTokens } from './knownExpiries.ts';

/** Per connection and check. */
const maxRequests = 5;

/** The largest page that MagicBell gives. */
const pageLimit = 100;

export interface LookTarget {
  readonly connectionId: string;
  readonly api: MagicBellApi;
  /** Whether the API has said that it does not have this operation; then it is not called. */
  readonly isMissing: (operation: 'fetchProjectTokens' | 'fetchUserTokens') => boolean;
  readonly pinned: readonly User[];
  /** How many pinned users earlier checks have covered: with many users, each check continues from there. */
  readonly usersBefore: number;
  /** Called before each request; false ends the check. */
  readonly mayGoOn: () => Promise<boolean>;
}

export interface LookResult {
  readonly seen: SeenTokens;
  readonly requests: number;
  readonly users: number;
  /** Why the check ended early. */
  readonly failure: ErrorReason | undefined;
}

/** Never repeated: that would be one more request. */
const options: CallOptions = { priority: 'background', isOnce: true };

/**
 * Reads a connection's tokens in the background: a page of project tokens, then each pinned user's tokens, then more
 * pages while requests are left. Never rejects for a failure of the API; earlier results count.
 */
export async function quietLook(target: LookTarget): Promise<LookResult> {
  return new QuietLook(target).run();
}

class QuietLook {
  private readonly target: LookTarget;
  private readonly tokens: SeenToken[] = [];
  private readonly whole = new Set<UserId | 'project'>();
  private requests = 0;
  private users = 0;
  private failure: ErrorReason | undefined;
  private isStopped = false;

  constructor(target: LookTarget) {
    this.target = target;
  }

  async run(): Promise<LookResult> {
    const { api, isMissing, pinned, usersBefore, connectionId } = this.target;
    let next: NextPage | undefined;
    if (!isMissing('fetchProjectTokens')) next = await this.projectPage(api, undefined);
    for (let index = 0; index < pinned.length && !isMissing('fetchUserTokens'); index++) {
      const user = pinned[(usersBefore + index) % pinned.length];
      if (user === undefined || !(await this.userTokens(api, user))) break;
    }
    while (next !== undefined) next = await this.projectPage(api, next);
    return {
      seen: {
        connectionId,
        tokens: this.tokens,
        isWhole: (kind, owner) => this.whole.has(kind === 'project' ? 'project' : (owner ?? 'project')),
      },
      requests: this.requests,
      users: this.users,
      failure: this.failure,
    };
  }

  private async projectPage(api: MagicBellApi, next: NextPage | undefined): Promise<NextPage | undefined> {
    const page = await this.ask(() => api.jwt.fetchProjectTokens({ limit: pageLimit, next }, options));
    if (page === undefined) return undefined;
    this.tokens.push(...page.items.map((token) => ({ token })));
    if (isLast(page)) this.whole.add('project');
    return page.next;
  }

  /** False when no more users should be read. */
  private async userTokens(api: MagicBellApi, owner: User): Promise<boolean> {
    if (this.isStopped || this.requests >= maxRequests) return false;
    const page = await this.ask(() => api.jwt.fetchUserTokens(owner.id, { limit: pageLimit }, options));
    this.users += 1;
    if (page === undefined) return !this.isStopped;
    this.tokens.push(...page.items.map((token) => ({ token, owner })));
    if (isLast(page)) this.whole.add(owner.id);
    return true;
  }

  /** Undefined when no requests are left, or the request failed. */
  private async ask(call: () => Promise<ListPage<Token>>): Promise<ListPage<Token> | undefined> {
    if (this.isStopped || this.requests >= maxRequests) return undefined;
    if (!(await this.target.mayGoOn())) {
      this.isStopped = true;
      return undefined;
    }
    this.requests += 1;
    try {
      return await call();
    } catch (error) {
      const known = asMagicBellError(error);
      if (known === undefined) throw error;
      // A deleted user or a missing operation says nothing about the other requests.
      if (known.reason === 'notFound' || known.reason === 'notOffered') return undefined;
      this.failure = known.reason;
      this.isStopped = true;
      return undefined;
    }
  }
}

const isLast = ({ next, cutShort, unreadableItems = 0, isBare }: ListPage<Token>): boolean =>
  next === undefined && cutShort === undefined && unreadableItems === 0 && isBare !== true;
