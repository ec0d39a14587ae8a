import type { Logger } from '../base/logger.ts';
import { MagicBellError } from './errors.ts';
import type { CallOptions } from './magicBellApi.ts';
import { nextPageOf, pageQuery } from './nextPage.ts';
import { newRows } from './pages.ts';
import type { ListPage, PageRequest } from './paging.ts';
import type { RequestRunner } from './requests.ts';
import type { Rows } from './wire.ts';

export interface PageCall<T> {
  readonly template: string;
  readonly path: string;
  readonly page: PageRequest;
  /** The endpoint's own filter, sent with each page. */
  readonly filter?: Readonly<Record<string, string>> | undefined;
  readonly read: (body: unknown) => Rows<T> | undefined;
}

/** One page of a collection. @throws MagicBellError */
export async function fetchPage<T extends { readonly id: string | undefined }>(
  { template, path, page, filter, read }: PageCall<T>,
  runner: RequestRunner,
  logger: Logger,
  options: CallOptions | undefined,
): Promise<ListPage<T>> {
  const query = pageQuery(page.limit, page.next, filter);
  const { status, body, serverTime, requestId } = await runner.run({ method: 'GET', template, path, query }, options);
  const rows = read(body);
  if (rows === undefined) {
    const message = `GET ${template}: ${status} without a readable collection`;
    logger.warn(message);
    throw new MagicBellError('unexpectedResponse', message, {
      status,
      serverTime,
      requestId,
      unexpected: 'foreign',
    });
  }
  if (rows.unreadableItems > 0) logger.warn(`GET ${template}: ${rows.unreadableItems} rows could not be read`);
  const link = nextPageOf(rows.next, page.next, filter);
  const cutShort = 'cutShort' in link ? link.cutShort : undefined;
  if (cutShort === 'unreadableLink') logger.warn(`GET ${template}: links.next has no cursor: the list is cut short`);
  if (cutShort === 'repeats') logger.warn(`GET ${template}: links.next leads to the same page: the list is cut short`);
  return {
    items: newRows(rows.items, new Set()),
    next: 'page' in link ? link.page : undefined,
    unreadableItems: rows.unreadableItems,
    cutShort,
    ...(rows.isBare ? { isBare: true } : {}),
  };
}
