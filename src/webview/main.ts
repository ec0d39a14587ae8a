import { parseActivityMessage } from '../core/activity/activityMessage.ts';
import { parseHostMessage } from '../core/overview/parseMessage.ts';
import { parseSheet } from '../core/pages/sheet.ts';
import { ActivityPage } from './activityPage.ts';
import { connectToHost } from './host.ts';
import { OverviewPage } from './overviewPage.ts';
import { SheetPage } from './sheetPage.ts';

const root = document.getElementById('page');
if (root !== null) {
  const { page } = root.dataset;
  if (page === 'overview') new OverviewPage(root, connectToHost(parseHostMessage)).start();
  else if (page === 'activity') new ActivityPage(root, connectToHost(parseActivityMessage)).start();
  else new SheetPage(root, connectToHost(parseSheet)).start();
}
