/** The ids that package.json and the code share. test/manifest compares them in both directions. */

export const commandIds = {
  setApiKey: 'magicbellTokens.setApiKey',
  forgetApiKey: 'magicbellTokens.forgetApiKey',
  useCliLogin: 'magicbellTokens.useCliLogin',
  addConnection: 'magicbellTokens.addConnection',
  editConnection: 'magicbellTokens.editConnection',
  createProjectToken: 'magicbellTokens.createProjectToken',
  createUserToken: 'magicbellTokens.createUserToken',
  /** For the rows of connections and users; the commands above are for titles, which pass no row. */
  createTokenInProject: 'magicbellTokens.createTokenInProject',
  createTokenForUser: 'magicbellTokens.createTokenForUser',
  revokeToken: 'magicbellTokens.revokeToken',
  rotateToken: 'magicbellTokens.rotateToken',
  finishRotation: 'magicbellTokens.finishRotation',
  showExpiring: 'magicbellTokens.showExpiring',
  copyTokenId: 'magicbellTokens.copyTokenId',
  copyUserId: 'magicbellTokens.copyUserId',
  refresh: 'magicbellTokens.refresh',
  loadMore: 'magicbellTokens.loadMore',
  loadAll: 'magicbellTokens.loadAll',
  searchUsers: 'magicbellTokens.searchUsers',
  openUserById: 'magicbellTokens.openUserById',
  resolveUndelivered: 'magicbellTokens.resolveUndelivered',
  clearClipboard: 'magicbellTokens.clearClipboard',
  signUserToken: 'magicbellTokens.signUserToken',
  signAgain: 'magicbellTokens.signAgain',
  showSignedTokens: 'magicbellTokens.showSignedTokens',
  checkToken: 'magicbellTokens.checkToken',
  openDashboard: 'magicbellTokens.openDashboard',
  openProjectAuth: 'magicbellTokens.openProjectAuth',
  openUserAuth: 'magicbellTokens.openUserAuth',
  showLog: 'magicbellTokens.showLog',
  findToken: 'magicbellTokens.findToken',
  sortProjectTokens: 'magicbellTokens.sortProjectTokens',
  sortUserTokens: 'magicbellTokens.sortUserTokens',
  filterProjectTokens: 'magicbellTokens.filterProjectTokens',
  filterUserTokens: 'magicbellTokens.filterUserTokens',
  pinUser: 'magicbellTokens.pinUser',
  unpinUser: 'magicbellTokens.unpinUser',
  showTokenDetails: 'magicbellTokens.showTokenDetails',
  revokeMatching: 'magicbellTokens.revokeMatching',
  showActivity: 'magicbellTokens.showActivity',
  exportActivity: 'magicbellTokens.exportActivity',
  clearActivity: 'magicbellTokens.clearActivity',
  showOverview: 'magicbellTokens.showOverview',
  exportTokens: 'magicbellTokens.exportTokens',
  exportExpiries: 'magicbellTokens.exportExpiries',
  auditUserTokens: 'magicbellTokens.auditUserTokens',
  reportIssue: 'magicbellTokens.reportIssue',
  openSettings: 'magicbellTokens.openSettings',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const viewIds = {
  projectTokens: 'magicbellTokens.projectTokens',
  userTokens: 'magicbellTokens.userTokens',
} as const;

export type ViewId = (typeof viewIds)[keyof typeof viewIds];

export const settingIds = {
  apiBaseUrl: 'magicbellTokens.apiBaseUrl',
  defaultExpiry: 'magicbellTokens.defaultExpiry',
  pageSize: 'magicbellTokens.pageSize',
  clearClipboardAfterMinutes: 'magicbellTokens.clearClipboardAfterMinutes',
  expiryReminderDays: 'magicbellTokens.expiryReminderDays',
  auditShare: 'magicbellTokens.auditShare',
  dailyCheck: 'magicbellTokens.dailyCheck',
  commandTemplates: 'magicbellTokens.commandTemplates',
  agents: 'magicbellTokens.agents',
} as const;

/** The tools for agents. VS Code offers them to models by these names. */
export const toolIds = {
  listTokens: 'magicbell_list_tokens',
  expiringTokens: 'magicbell_expiring_tokens',
  checkToken: 'magicbell_check_token',
  /** These change something, and ask the user each time. */
  issueToken: 'magicbell_issue_token',
  rotateToken: 'magicbell_rotate_token',
  revokeToken: 'magicbell_revoke_token',
} as const;

export type ToolId = (typeof toolIds)[keyof typeof toolIds];

/** Context keys for `when` clauses. Unset until known, so that no view flashes the wrong welcome. */
export const contextKeys = {
  /** `signedIn` or `signedOut` */
  session: 'magicbellTokens.session',
  /** One of `ViewState`, for each view */
  projectTokensState: 'magicbellTokens.projectTokensState',
  userTokensState: 'magicbellTokens.userTokensState',
  hasMoreProjectTokens: 'magicbellTokens.hasMoreProjectTokens',
  hasMoreUsers: 'magicbellTokens.hasMoreUsers',
  /** Whether this computer has a login of the MagicBell CLI. */
  hasCliLogin: 'magicbellTokens.hasCliLogin',
  hasUndelivered: 'magicbellTokens.hasUndelivered',
  /** Whether no connection's API creates project tokens. */
  cannotCreateProjectTokens: 'magicbellTokens.cannotCreateProjectTokens',
  tokenOnClipboard: 'magicbellTokens.tokenOnClipboard',
  /** Steps of the walkthrough that were done in this window. */
  issued: 'magicbellTokens.issued',
  askedToRevoke: 'magicbellTokens.askedToRevoke',
  lookedAtExpiring: 'magicbellTokens.lookedAtExpiring',
  /** Set only to test whether the window still answers. */
  ping: 'magicbellTokens.ping',
} as const;

/** What `view/item/context` menus match by equality. */
export const contextValues = {
  token: 'token',
  /** A rotated token that waits to be revoked. */
  rotatedToken: 'rotatedToken',
  goneToken: 'goneToken',
  user: 'user',
  pinnedUser: 'pinnedUser',
  /** Signed here. */
  signedToken: 'signedToken',
  undelivered: 'undelivered',
  connection: 'connection',
} as const;

/** The types of the pages' panels. */
export const panelTypes = {
  overview: 'magicbellTokens.overview',
  token: 'magicbellTokens.token',
  activity: 'magicbellTokens.activity',
  check: 'magicbellTokens.check',
} as const;

/** The pages of `src/webview`. */
export type PageName = keyof typeof panelTypes;

/** The panels that VS Code restores after a reload. The check page is not one: a pasted token is kept nowhere. */
export const restoredPanels = [panelTypes.overview, panelTypes.token, panelTypes.activity] as const;
