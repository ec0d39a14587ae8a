import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startSink, type Sink } from '../server/sink.ts';
import { connect, projectTokens, useProduct, userTokens } from '../support/productWindow.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';

const folder = temporaryFolder('untrusted');

describe('A workspace that wants the key', () => {
  const product = useProduct({ packaged: true, folder, trusted: false });
  let sink: Sink;

  before(async () => {
    sink = await startSink();
    mkdirSync(path.join(folder, '.vscode'));
    const settings = { 'magicbellTokens.apiBaseUrl': `${sink.origin}/v2`, 'magicbellTokens.pageSize': 1 };
    writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
  });
  after(() => sink.close());

  it('gets nothing, trusted or not: its settings do not decide where the key goes @smoke', async () => {
    const api = await product.api();
    const window = await product.open(api);
    await window.statusItem('status.workspaceTrust').waitFor();
    await window.openContainer('MagicBell');
    assert.deepEqual((await window.welcome(projectTokens)).buttons, ['Set API Key…']);
    await connect(window, api);
    await window.row('CI deploy', projectTokens).waitFor();
    await window.row('hana@example.com', userTokens).waitFor();
    await window.trustFolder();
    await window.palette('MagicBell: Refresh');
    await window.row('CI deploy', projectTokens).waitFor();
    await window.reload();
    await window.openContainer('MagicBell');
    await window.row('CI deploy', projectTokens).waitFor();
    assert.equal(sink.connections, 0);
    assert.ok(api.journal.entries.every(({ bearer, port }) => bearer === api.token && port === api.port));
  });
});
