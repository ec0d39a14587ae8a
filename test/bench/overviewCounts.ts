import { launchBrowser } from '../support/vscode/browser.ts';
import { tableTimes } from '../support/tableTimes.ts';
import { buildWebview, openWebview } from '../support/webviewPage.ts';
import { aConnection, manyRows, messagesFor } from '../webview/messages.ts';
import { type CountLine, count } from './lines.ts';

const rowCount = 100_000;

/** Lines of the Overview's page with as many tokens as it is made for, in a browser without VS Code. */
export async function overviewCounts(): Promise<CountLine[]> {
  const [browser, folder] = await Promise.all([launchBrowser(), buildWebview()]);
  try {
    const opened = await openWebview(browser, folder);
    await opened.post(...messagesFor([aConnection(manyRows(rowCount))]));
    const { sortMs, searchMs, scrollMs } = await tableTimes(opened, rowCount);
    return [
      count('sorting the Overview’s 100,000 rows', Math.round(sortMs), 100, 'ms of work'),
      count('… searching them', Math.round(searchMs), 100, 'ms of work'),
      count('… scrolling them, a frame', Math.round(scrollMs), 50, 'ms of work'),
    ];
  } finally {
    await browser.close();
  }
}
