import type { Memento } from 'vscode';
import type { CheckedSecretStore } from '../core/base/secretStore.ts';
import type { Clock } from '../core/base/clock.ts';
import type { Session } from '../core/connections/session.ts';
import type { ClipboardToken } from '../core/delivery/clipboardToken.ts';
import type { Clipboard } from '../core/delivery/clipboard.ts';
import type { IssuanceService } from '../core/issuance/issuanceService.ts';
import type { SharedFolder } from '../core/base/sharedFolder.ts';
import type { Logger } from '../core/base/logger.ts';
import type { TokenKind } from '../core/model/token.ts';
import type { RememberedUsers } from '../core/tokens/rememberedUsers.ts';
import type { TokenStore } from '../core/tokens/tokenStore.ts';
import type { ActivityRecorder } from './activity/activityRecorder.ts';
import type { Settings } from './ui/settings.ts';
import type { StatusItem } from './ui/statusItem.ts';
import type { PagePanels } from './overview/pagePanels.ts';
import type { Reminders } from './reminders/reminders.ts';
import type { Views } from './tree/views.ts';

/** What somebody has typed into an unfinished "Create … Token". */
export interface TokenDraft {
  name: string;
  recipientText: string;
}

/** What the commands work with; built by extension.ts. */
export interface Services {
  readonly session: Session;
  readonly store: TokenStore;
  readonly activity: ActivityRecorder;
  readonly users: RememberedUsers;
  readonly issuances: IssuanceService;
  readonly views: Views;
  readonly settings: Settings;
  readonly clipboard: Clipboard;
  readonly clipboardToken: ClipboardToken;
  readonly reminders: () => Promise<Reminders>;
  readonly pages: PagePanels;
  readonly statusItem: StatusItem;
  readonly secrets: CheckedSecretStore;
  /** The journal's folder. */
  readonly files: SharedFolder;
  /** What is remembered for this workspace: never a secret. */
  readonly workspaceState: Memento;
  readonly clock: Clock;
  readonly logger: Logger & { show(): void; readonly recentLines: readonly string[] };
  /** Kept while the window lives, so that a lost focus loses nothing that was typed. */
  readonly drafts: Map<TokenKind, TokenDraft>;
}
