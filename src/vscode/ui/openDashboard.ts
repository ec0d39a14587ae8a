import * as vscode from 'vscode';

/** Pages of MagicBell's dashboard; `_` makes it ask which project. Source: MagicBell's documentation of June 2026. */
const pages = {
  home: 'https://app.magicbell.com',
  projectAuth: 'https://app.magicbell.com/projects/_/settings/project-auth',
  userAuth: 'https://app.magicbell.com/projects/_/settings/user-auth',
} as const;

/** Opens a page of the dashboard in the browser. */
export async function openDashboard(page: keyof typeof pages): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(pages[page]));
}
