import type { Logger } from '../base/logger.ts';
import type { User } from '../model/user.ts';
import type { CallOptions, UserApi } from './magicBellApi.ts';
import { fetchPage } from './pageCall.ts';
import type { ListPage, PageRequest } from './paging.ts';
import type { RequestRunner } from './requests.ts';
import { readUsers } from './wire.ts';

/** MagicBell's users over HTTP. */
export class UserService implements UserApi {
  private readonly runner: RequestRunner;
  private readonly logger: Logger;

  constructor(runner: RequestRunner, logger: Logger) {
    this.runner = runner;
    this.logger = logger;
  }

  listUsers(query: string | undefined, page: PageRequest, options?: CallOptions): Promise<ListPage<User>> {
    const path = '/users';
    const filter = query === undefined || query === '' ? undefined : { query };
    return fetchPage({ template: path, path, page, filter, read: readUsers }, this.runner, this.logger, options);
  }
}
