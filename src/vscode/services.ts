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

/** What was typed into an unfinished "Create … Token". */
export interface TokenDraft {
  name: string;
  recipientText: string;
}

/** What the commands work with; built by app.ts. Nothing in it belongs to one project: see `Connection`. */
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
  /** What was issued and signed here. */
  readonly ledger: LedgerAccess;
  /** Where values went; loaded when it is first needed. */
  readonly destinations: () => Promise<Destinations>;
  /** The pages in panels of their own. */
  readonly pages: PagePanels;
  readonly statusItem: StatusItem;
  /** Fires when what names a time on screen has to be drawn anew, since time has passed. */
  readonly timePassed: Emitter<void>;
  readonly secrets: CheckedSecretStore;
  /** The journal's folder. */
  readonly files: SharedFolder;
  /** What is remembered for this workspace: never a secret. */
  readonly workspaceState: Memento;
  /** What is remembered on this computer: never a secret. */
  readonly state: Memento;
  readonly clock: Clock;
  /** Takes known secrets, and what has the shape of one, out of a text that leaves this window. */
  readonly redact: (text: string) => string;
  readonly logger: Logger & { show(): void; readonly recentLines: readonly string[] };
  /** By connection, kind and user: kept while the window lives, so that a lost focus loses nothing that was typed. */
  readonly drafts: Map<string, TokenDraft>;
}
