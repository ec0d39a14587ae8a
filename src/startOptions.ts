import type { SharedFolder } from './core/base/sharedFolder.ts';
import type { SecretStore } from './core/base/secretStore.ts';
import type { Clipboard } from './core/delivery/clipboard.ts';
import type { LazyTree } from './vscode/tree/lazyTree.ts';

/** Test doubles that fail or stop at a chosen step. VS Code passes none. */
export interface TestDoubles {
  readonly secrets?: SecretStore;
  readonly clipboard?: Clipboard;
  readonly sharedFolder?: (folder: string) => SharedFolder;
}

/** What the stub hands over to the product behind it. */
export interface StartOptions {
  readonly doubles: TestDoubles;
  /** The two views, which are there before the product is. */
  readonly trees: { readonly project: LazyTree; readonly user: LazyTree };
  /** When this window could first read SecretStorage. */
  readonly startedAt: Date;
}
