import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { issueReport } from '../core/issueReport.ts';
import type { Services } from './services.ts';
import { defaultBaseUrl } from './ui/settings.ts';

const extensionId = 'magicbell-tokens.magicbell-tokens';

interface Manifest {
  readonly version?: string;
  readonly bugs?: { readonly url?: string };
}

/** "Report Issue…": a text to complete and post, with versions and the redacted log. Nothing is sent from here. */
export async function reportIssue({ connections, logger }: Services): Promise<void> {
  const manifest = vscode.extensions.getExtension(extensionId)?.packageJSON as Manifest | undefined;
  const { all, state } = connections;
  const isElsewhere = all.some(({ host }) => host !== new URL(defaultBaseUrl).host);
  const content = issueReport({
    extensionVersion: manifest?.version ?? 'unknown',
    vscodeVersion: vscode.version,
    application: `${vscode.env.appName}, ${vscode.env.uiKind === vscode.UIKind.Web ? 'web' : 'desktop'}`,
    system: `${process.platform} ${process.arch}, Node ${process.versions.node}`,
    // For some servers this contains their address.
    remote: vscode.env.remoteName?.replace(/^.*[.:].*$/, 'server'),
    connection:
      all.length === 0
        ? `none (${state})`
        : `${all.length}, ${isElsewhere ? 'with another host' : new URL(defaultBaseUrl).host}`,
    log: logger.recentLines,
    homeFolder: homedir(),
    issuesUrl: manifest?.bugs?.url,
  });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language: 'plaintext' }));
  const url = manifest?.bugs?.url;
  if (url === undefined) return;
  const choice = await vscode.window.showInformationMessage(
    'Complete the report, read it through, and post it.',
    'Open Issues Page',
  );
  if (choice !== undefined) await vscode.env.openExternal(vscode.Uri.parse(url));
}
