import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { webviewOptions } from '../../esbuild.js';
import type { PageMessage } from '../../src/core/overview/protocol.ts';
import type { PageHost } from '../../src/vscode/pages/page.ts';
import { pageHtml } from '../../src/vscode/pages/pageHtml.ts';
import type { PageName } from '../../src/vscode/ui/ids.ts';
import { temporaryFolder } from './vscode/temporaryFolder.ts';
import { projectDir } from './vscode/paths.ts';

const origin = 'https://page.test';

/** Colours as VS Code's own themes give them to a webview. */
export const themes = {
  light: {
    'editor-background': '#ffffff',
    foreground: '#3b3b3b',
    descriptionForeground: '#3b3b3b',
    'editorWidget-background': '#f8f8f8',
    'button-secondaryBackground': '#e5e5e5',
    'button-secondaryForeground': '#3b3b3b',
    'list-warningForeground': '#855f00',
    'list-errorForeground': '#b01011',
  },
  dark: {
    'editor-background': '#1f1f1f',
    foreground: '#cccccc',
    descriptionForeground: '#9d9d9d',
    'editorWidget-background': '#202020',
    'widget-border': '#313131',
    'button-secondaryBackground': '#313131',
    'button-secondaryForeground': '#cccccc',
    'button-secondaryHoverBackground': '#3c3c3c',
    'button-background': '#0078d4',
    'button-foreground': '#ffffff',
    'input-background': '#313131',
    'input-foreground': '#cccccc',
    'input-border': '#3c3c3c',
    'input-placeholderForeground': '#989898',
    'list-hoverBackground': '#2a2d2e',
    'list-inactiveSelectionBackground': '#37373d',
    'list-warningForeground': '#cca700',
    'list-errorForeground': '#f88070',
    'textLink-foreground': '#4daafc',
    focusBorder: '#0078d4',
    'charts-blue': '#3794ff',
    'charts-red': '#f14c4c',
    'charts-orange': '#d18616',
  },
  highContrast: {
    'editor-background': '#000000',
    foreground: '#ffffff',
    descriptionForeground: '#ffffff',
    'editorWidget-background': '#0c141f',
    contrastBorder: '#6fc3df',
    'button-border': '#6fc3df',
    'button-secondaryBackground': '#000000',
    'button-secondaryForeground': '#ffffff',
    'button-secondaryHoverBackground': '#000000',
    'input-background': '#000000',
    'input-foreground': '#ffffff',
    'input-border': '#6fc3df',
    'input-placeholderForeground': '#d0d0d0',
    'list-hoverBackground': '#1a1a1a',
    'list-inactiveSelectionBackground': '#1a1a1a',
    'list-warningForeground': '#ffd370',
    'list-errorForeground': '#ff8f7f',
    'textLink-foreground': '#21a6ff',
    focusBorder: '#f38518',
  },
  highContrastLight: {
    'editor-background': '#ffffff',
    foreground: '#292929',
    descriptionForeground: '#292929',
    'editorWidget-background': '#ffffff',
    contrastBorder: '#0f4a85',
    'button-border': '#0f4a85',
    'button-secondaryBackground': '#ffffff',
    'button-secondaryForeground': '#292929',
    'button-secondaryHoverBackground': '#ffffff',
    'input-background': '#ffffff',
    'input-foreground': '#292929',
    'input-border': '#0f4a85',
    'input-placeholderForeground': '#505050',
    'list-hoverBackground': '#e6edf6',
    'list-inactiveSelectionBackground': '#e6edf6',
    'list-warningForeground': '#6a5100',
    'list-errorForeground': '#b5200d',
    'textLink-foreground': '#0f4a85',
    focusBorder: '#006bbd',
  },
} as const;

export type Theme = keyof typeof themes;

/** The web application in a plain browser page, with the test in the place of the extension host. */
export interface WebviewPage {
  readonly page: Page;
  /** What the page has sent, oldest first. */
  sent<T = PageMessage>(): Promise<readonly T[]>;
  /** Sends messages to the page as the host does. */
  post(...messages: readonly Parameters<PageHost['post']>[0][]): Promise<void>;
  kept(): Promise<unknown>;
  /** Errors and refusals of the content security policy. */
  readonly problems: readonly string[];
}

/** Builds the application into a folder of its own. */
export async function buildWebview(): Promise<string> {
  const folder = temporaryFolder('webview');
  await build({ ...webviewOptions(folder), absWorkingDir: projectDir });
  return folder;
}

/** Opens the page as VS Code does: with its document, its policy and its colours. */
export async function openWebview(
  browser: Browser,
  folder: string,
  {
    name = 'overview',
    theme = 'light',
    width = 1280,
    height = 900,
    kept,
  }: { name?: PageName; theme?: Theme; width?: number; height?: number; kept?: object } = {},
): Promise<WebviewPage> {
  const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.route('**/*', (route) => {
    const file = new URL(route.request().url()).pathname.slice(1);
    if (file === '') {
      const body = pageHtml({
        page: name,
        title: 'A page',
        source: origin,
        script: `${origin}/main.js`,
        style: `${origin}/pages.css`,
      });
      return route.fulfill({ contentType: 'text/html', body });
    }
    if (file !== 'main.js' && file !== 'pages.css') {
      if (file !== 'favicon.ico') problems.push(`asked for ${file}`);
      return route.abort();
    }
    const contentType = file.endsWith('.js') ? 'text/javascript' : 'text/css';
    return route.fulfill({ contentType, body: readFileSync(path.join(folder, file), 'utf8') });
  });
  await page.addInitScript(hostScript(kept, themes[theme]));
  await page.goto(`${origin}/`);
  return {
    page,
    problems,
    sent: () => page.evaluate('testHost.sent'),
    kept: () => page.evaluate<unknown>('testHost.kept'),
    post: async (...messages) => {
      for (const message of messages) await page.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`);
      // Messages come in order: when this one has arrived, so have those.
      await page.evaluate(
        `new Promise((resolve) => { addEventListener('message', ({ data }) => { if (data === 'done') resolve(); }); postMessage('done', '*'); })`,
      );
    },
  };
}

function hostScript(kept: object | undefined, colours: Readonly<Record<string, string>>): string {
  return `
    window.testHost = { sent: [], kept: ${JSON.stringify(kept ?? null)} };
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => testHost.sent.push(message),
      getState: () => testHost.kept,
      setState: (state) => { testHost.kept = state; },
    });
    addEventListener('DOMContentLoaded', () => {
      for (const [name, value] of Object.entries(${JSON.stringify(colours)}))
        document.documentElement.style.setProperty('--vscode-' + name, value);
    });
  `;
}
