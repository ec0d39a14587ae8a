import type { Disposable } from '../../core/base/disposable.ts';
import type { ActivityMessage } from '../../core/activity/activityMessage.ts';
import type { HostMessage } from '../../core/overview/protocol.ts';
import type { SheetMessage } from '../../core/pages/sheet.ts';
import type { PageName } from '../ui/ids.ts';

/** The window's side of a page: where a page's content goes. Messages hold texts that are fit to show, and no other. */
export interface PageHost {
  post(message: HostMessage | SheetMessage | ActivityMessage): void;
  /** Hidden pages are not in memory: they ask anew when they are shown. */
  readonly isVisible: boolean;
}

/** What fills a page and answers it. */
export interface Page extends Disposable {
  /** False: that is no message of this page. */
  receive(data: unknown): Promise<boolean>;
}

/** A page that is to be shown. */
export interface PageToShow {
  /** Which of the pages of `src/webview` it is. */
  readonly name: PageName;
  /** There is one panel of a key. */
  readonly key: string;
  /** Of its tab. */
  readonly title: string;
  /** Whether it takes the place of an open page of its key; else that one is shown. */
  readonly isNew?: boolean;
  readonly open: (host: PageHost) => Page;
  /** Tells what failed. */
  readonly report: (error: unknown) => void;
}
