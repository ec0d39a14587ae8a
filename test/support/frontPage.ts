import type { FrameLocator } from 'playwright-core';
import type { Workbench } from './vscode/workbench.ts';

/** The document of the webview in front. */
export const frontPage = ({ page }: Workbench): FrameLocator =>
  page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
