import type { Memento } from 'vscode';
import type { CheckedSecretStore } from '../core/base/secretStore.ts';
import type { Clock } from '../core/base/clock.ts';
import type { Emitter } from '../core/base/event.ts';
import type { Audits } from '../core/audit/audits.ts';
import type { Connections } from '../core/connections/connections.ts';
import type { ClipboardToken } from '../core/delivery/clipboardToken.ts';
import type { Clipboard } from '../core/delivery/clipboard.ts';
import type { Destinations } from '../core/destinations/destinations.ts';
import type { IssuanceService } from '../core/issuance/issuanceService.ts';
import type { LedgerAccess } from '../core/ledger/ledgerAccess.ts';
import type { SharedFolder } from '../core/base/sharedFolder.ts';
import type { Logger } from '../core/base/logger.ts';
import type { ActivityRecorder } from './activity/activityRecorder.ts';
import type { PagePanels } from './pages/pagePanels.ts';
import type { Settings } from './ui/settings.ts';
import type { StatusItem } from './ui/statusItem.ts';
import type { Reminders } from './reminders/reminders.ts';
import type { Views } from './tree/views.ts';

/** The text typed into an unfinished "Create … Token". */
export interface TokenDraft {
  name: string;
  recipientText: string;
}

/** The services for all commands, built by app.ts. None of them belongs to one project: see `Connection`. */
export interface Services {
  readonly connections: Connections;
  readonly activity: ActivityRecorder;
  readonly issuances: IssuanceService;
  readonly views: Views;
  readonly settings: Settings;
  readonly clipboard: Clipboard;
  readonly clipboardToken: ClipboardToken;
  readonly reminders: () => Promise<Reminders>;
  readonly audits: () => Promise<Audits>;
  /** The ledger of issued and signed tokens. */
  readonly ledger: LedgerAccess;
  /** Where values were delivered; loaded when first needed. */
  readonly destinations: () => Promise<Destinations>;
  /** The pages in panels of their own. */
  readonly pages: PagePanels;
  readonly statusItem: StatusItem;
  /** Fires when whatever shows a time has to be drawn again. */
  readonly timePassed: Emitter<void>;
  readonly secrets: CheckedSecretStore;
  /** The journal's folder. */
  readonly files: SharedFolder;
  /** State of this workspace: never a secret. */
  readonly workspaceState: Memento;
  /** State of this computer: never a secret. */
  readonly state: Memento;
  readonly clock: Clock;
  /** Removes known secrets, and whatever has the shape of one, from a text that leaves this window. */
  readonly redact: (text: string) => string;
  readonly logger: Logger & { show(): void; readonly recentLines: readonly string[] };
  /** By connection, kind and user. Kept while the window lives, so that nothing typed is lost with the focus. */
  readonly drafts: Map<string, TokenDraft>;
}
