import type { Disposable } from '../../core/base/disposable.ts';
import type { ActivityMessage } from '../../core/activity/activityMessage.ts';
import type { HostMessage } from '../../core/overview/protocol.ts';
import type { SheetMessage } from '../../core/pages/sheet.ts';
import type { PageName } from '../ui/ids.ts';

/** The panel as a page's content sees it. Messages contain only text that is safe to show. */
export interface PageHost {
  post(message: HostMessage | SheetMessage | ActivityMessage): void;
  /** A hidden webview is not kept in memory, and sends `ready` again when it is shown. */
  readonly isVisible: boolean;
}

/** The content of a page: fills it and handles its messages. */
export interface Page extends Disposable {
  /** False if the data is not a message of this page. */
  receive(data: unknown): Promise<boolean>;
}

/** A page to show. */
export interface PageToShow {
  /** The page's name in `src/webview`. */
  readonly name: PageName;
  /** One panel is open per key. */
  readonly key: string;
  /** The tab's title. */
  readonly title: string;
  /** Whether the page replaces an open one with the same key. Otherwise the open one is revealed. */
  readonly isNew?: boolean;
  readonly open: (host: PageHost) => Page;
  /** Reports an error to the user. */
  readonly report: (error: unknown) => void;
}
