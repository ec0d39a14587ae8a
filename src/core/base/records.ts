import type { SharedFolder } from './sharedFolder.ts';
import type { Logger } from './logger.ts';

const suffix = '.json';

/** Small records without secrets, one file each, shared by all windows. The last write of a record wins. */
export class Records<T extends { readonly id: string }> {
  private readonly files: SharedFolder;
  private readonly revive: (json: unknown) => T | undefined;
  private readonly logger: Logger;

  /** @param revive returns undefined for JSON that is no such record; its file is then left alone */
  constructor(files: SharedFolder, revive: (json: unknown) => T | undefined, logger: Logger) {
    this.files = files;
    this.revive = revive;
    this.logger = logger;
  }

  async readAll(): Promise<readonly T[]> {
    const names = (await this.files.list()).filter((name) => name.endsWith(suffix));
    const records = await Promise.all(names.map((name) => this.read(name.slice(0, -suffix.length))));
    return records.filter((record) => record !== undefined);
  }

  async read(id: string): Promise<T | undefined> {
    const text = await this.files.read(id + suffix);
    if (text === undefined) return undefined;
    try {
      const record = this.revive(JSON.parse(text));
      if (record !== undefined) return record;
    } catch {
      // Not JSON: handled below like a record that cannot be revived.
    }
    this.logger.warn(`records: ${id} cannot be read and is left alone`);
    return undefined;
  }

  write(record: T): Promise<void> {
    return this.files.replace(record.id + suffix, JSON.stringify(record));
  }

  remove(id: string): Promise<void> {
    return this.files.remove(id + suffix);
  }
}
