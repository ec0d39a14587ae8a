import { connectToHost } from './host.ts';
import { OverviewPage } from './overviewPage.ts';

const root = document.getElementById('page');
if (root !== null) new OverviewPage(root, connectToHost()).start();
