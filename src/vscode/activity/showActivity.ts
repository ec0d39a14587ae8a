import * as vscode from 'vscode';
import { activityUri, showPage } from '../browse/pageContent.ts';
import type { Services } from '../services.ts';

/** "Show Activity": what was done from here with the connection in use, as a read-only page. */
export async function showActivity(services: Services): Promise<void> {
  if ((await activeConnection(services)) !== undefined) await showPage(activityUri);
}

/** The id of the connection in use; says so when there is none. */
export async function activeConnection({ session, activity }: Services): Promise<string | undefined> {
  await session.start();
  if (activity.connectionId === undefined) {
    void vscode.window.showInformationMessage('There is no API key, and so no activity to show.');
  }
  return activity.connectionId;
}
