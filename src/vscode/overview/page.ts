import type { Disposable } from '../../core/base/disposable.ts';
import type { HostMessage, PageMessage } from '../../core/overview/protocol.ts';

/** The window's side of a page: where a page's content goes. */
export interface PageHost {
  post(message: HostMessage): void;
  /** Hidden pages are not in memory: they ask anew when they are shown. */
  readonly isVisible: boolean;
}

/** What fills a page and answers it. */
export interface Page extends Disposable {
  receive(message: PageMessage): Promise<void>;
}
