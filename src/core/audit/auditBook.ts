import type { Logger } from '../base/logger.ts';
import { Records } from '../base/records.ts';
import type { SharedFolder } from '../base/sharedFolder.ts';
import type { Token } from '../model/token.ts';
import type { User } from '../model/user.ts';
import {
  type AuditedUser,
  type AuditPage,
  type AuditRecord,
  reviveAuditPage,
  reviveAuditRecord,
  tokenToKeep,
} from './auditRecord.ts';

/** A user token found by an audit. */
export interface AuditedToken {
  readonly token: Token;
  readonly owner: User;
}

/** An audit's files: one with its progress, and one for each page of users. All windows share them. */
export class AuditBook {
  private readonly files: SharedFolder;
  private readonly records: Records<AuditRecord>;
  private readonly pages: Records<AuditPage>;

  constructor(files: SharedFolder, logger: Logger) {
    this.files = files;
    this.records = new Records(files, reviveAuditRecord, logger);
    this.pages = new Records(files, reviveAuditPage, logger);
  }

  read(connectionId: string): Promise<AuditRecord | undefined> {
    return this.records.read(connectionId);
  }

  write(record: AuditRecord): Promise<void> {
    return this.records.write(record);
  }

  /** The users of a page; empty when its file cannot be read. */
  async page(connectionId: string, index: number): Promise<readonly AuditedUser[]> {
    return (await this.pages.read(pageId(connectionId, index)))?.users ?? [];
  }

  writePage(connectionId: string, index: number, users: readonly AuditedUser[]): Promise<void> {
    const kept = users.map(({ user, tokens, problem }) => ({ user, tokens: tokens?.map(tokenToKeep), problem }));
    return this.pages.write({ id: pageId(connectionId, index), users: kept });
  }

  /** The tokens found so far, page by page: there may be too many to hold in memory twice. */
  async *tokens({ id, pageCount }: AuditRecord): AsyncGenerator<readonly AuditedToken[], void, undefined> {
    for (let index = 0; index < pageCount; index += 1) {
      const users = await this.page(id, index);
      yield users.flatMap(({ user, tokens = [] }) => tokens.map((token) => ({ token, owner: user })));
    }
  }

  /** Removes all files of an audit. */
  async clear(connectionId: string): Promise<void> {
    const prefix = `${connectionId}.page-`;
    await this.records.remove(connectionId);
    const names = (await this.files.list()).filter((name) => name.startsWith(prefix));
    await Promise.all(names.map((name) => this.files.remove(name)));
  }
}

const pageId = (connectionId: string, index: number): string => `${connectionId}.page-${index}`;
