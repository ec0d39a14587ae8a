import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import { isProcessAlive, Leases, type Owner } from '../base/lease.ts';
import type { Logger } from '../base/logger.ts';
import type { SharedFolder } from '../base/sharedFolder.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import { Audit } from './audit.ts';
import { AuditBook, type AuditedToken } from './auditBook.ts';

export interface AuditsDependencies {
  readonly files: SharedFolder;
  readonly owner: Owner;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pageSize: () => number;
  readonly sharePerMinute: () => number;
}

/** A project that can be audited. */
export interface Audited {
  readonly id: string;
  api(): Promise<MagicBellApi>;
}

interface CachedTokens {
  readonly version: string;
  readonly tokens: Promise<readonly AuditedToken[]>;
}

/** The audits of all connections. */
export class Audits implements Disposable {
  private readonly deps: AuditsDependencies;
  private readonly book: AuditBook;
  private readonly leases: Leases;
  private readonly disposables = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new Emitter<void>());
  private readonly audits = new Map<string, Audit>();
  /** The tokens read last, as long as a page shows them. */
  private readonly cachedTokens = new Map<string, CachedTokens>();

  /** The state or counts of an audit have changed. Fires many times a minute during an audit. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(deps: AuditsDependencies) {
    this.deps = deps;
    this.book = new AuditBook(deps.files, deps.logger);
    this.leases = new Leases(deps.files, deps.owner, deps.clock, isProcessAlive);
  }

  /** The audit of a connection. Reads and starts nothing. */
  of(audited: Audited): Audit {
    const { id } = audited;
    let audit = this.audits.get(id);
    if (audit === undefined) {
      const { book, leases, deps } = this;
      audit = this.disposables.add(new Audit({ connectionId: id, api: () => audited.api(), book, leases, ...deps }));
      audit.onDidChange(() => this.changeEmitter.fire());
      this.audits.set(id, audit);
    }
    return audit;
  }

  /** The tokens found by a connection's audit, from the pages on disk. */
  async tokens(connectionId: string): Promise<readonly AuditedToken[]> {
    const record = this.audits.get(connectionId)?.record ?? (await this.book.read(connectionId));
    if (record === undefined) return [];
    const version = [record.startedAt.getTime(), record.pageCount, record.readCount].join();
    const known = this.cachedTokens.get(connectionId);
    if (known?.version === version) return known.tokens;
    const read = async (): Promise<readonly AuditedToken[]> => {
      const all: AuditedToken[] = [];
      for await (const page of this.book.tokens(record)) for (const token of page) all.push(token);
      return all;
    };
    const tokens = read();
    this.cachedTokens.set(connectionId, { version, tokens });
    return tokens;
  }

  /** Drops the tokens from memory; they are on disk. */
  release(): void {
    this.cachedTokens.clear();
  }

  /** Stops and removes the audit of a connection whose key is forgotten. */
  async forget(connectionId: string): Promise<void> {
    await this.audits.get(connectionId)?.cancel();
    this.audits.get(connectionId)?.dispose();
    this.audits.delete(connectionId);
    this.cachedTokens.delete(connectionId);
    await this.book.clear(connectionId);
    await this.leases.remove(`audit-${connectionId}`);
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
