import assert from 'node:assert/strict';
import type { LocalApi } from '../server/localApi.ts';
import { eventually } from './eventually.ts';
import { breakClipboard, createProjectToken, mendClipboard } from './issuing.ts';
import { projectTokens, userTokens } from './productWindow.ts';
import { madeUpSecret } from './secretSearch.ts';
import { enterSigningKeys } from './signing.ts';
import type { Workbench } from './vscode/workbench.ts';

/** What a full use has seen: each secret by what it is, and the text of the page at each step. */
export interface Seen {
  readonly secrets: Map<string, string>;
  readonly pages: string[];
}

/**
 * Everything a person does that a secret goes through, in a window that is not connected yet: a wrong key and the right
 * one, tokens of both kinds, a failed copy, a revocation, a rotation, a local signature, failed requests. `name` is the first token's.
 */
export async function fullUse(window: Workbench, api: LocalApi, name: string): Promise<Seen> {
  const { quickInput } = window;
  const secrets = new Map<string, string>();
  const pages: string[] = [];
  const look = async () => pages.push(await window.text());
  const copied = async (what: string) => {
    secrets.set(what, await window.readClipboard());
    await look();
    // The next value would be asked about: this one is the only copy.
    await window.writeClipboard('something else');
  };

  // A wrong key, then the right one.
  const wrongKey = madeUpSecret();
  secrets.set('the refused key', wrongKey);
  secrets.set('the key', api.token);
  await window.openContainer('MagicBell');
  await window.pressWelcome(projectTokens, 'Set API Key…');
  await quickInput.waitForTitle('Set API Key');
  await quickInput.paste(wrongKey);
  await quickInput.accept();
  await quickInput.waitForMessage(/401/);
  await quickInput.paste(api.token);
  await quickInput.accept();
  await window.row('CI deploy', projectTokens).waitFor();
  await look();

  // Tokens of both kinds, one of them delivered only after a failure, one orphaned, one revoked.
  await createProjectToken(window, name);
  await window.toast(/is copied\. It cannot be shown again/);
  await copied('the first project token');
  await window.contextMenu(window.row('hana@example.com', userTokens), 'Create Token for User…');
  await quickInput.waitForTitle('Create Token for hana@example.com (1/2)');
  await quickInput.type('Phone');
  await quickInput.accept();
  await quickInput.waitForTitle('Create Token for hana@example.com (2/2)');
  await quickInput.accept();
  await window.toast(/^The value of “Phone” is copied/);
  await copied('the user token');
  await breakClipboard(window, 'rejects');
  await createProjectToken(window, 'Late');
  const failed = await window.toast(/^The value of “Late” could not be copied/);
  await look();
  await mendClipboard(window);
  await failed.press('Copy Again');
  await window.toast(/^The value of “Late” is copied/);
  await copied('the late project token');
  await window.row('Late', projectTokens).filter({ hasText: 'in 3 months' }).waitFor();
  await window.contextMenu(window.row('Late', projectTokens).first(), 'Revoke Token…');
  await window.modal.wait('Revoke “Late”?');
  await look();
  await window.modal.press('Revoke');
  await eventually(async () => {
    const row = (await window.rows(projectTokens)).find(({ label }) => label === 'Late');
    assert.equal(row?.description, 'revoked');
  });

  // One that takes the place of another, and one that is signed here.
  await window.contextMenu(window.row('CI deploy', projectTokens), 'Rotate Token…');
  await quickInput.waitForTitle('Rotate CI deploy (1/2)');
  await quickInput.accept();
  await quickInput.waitForTitle('Rotate CI deploy (2/2)');
  await quickInput.accept();
  await window.toast(/^The value of “CI deploy” is copied/);
  await copied('the rotated token');
  await enterSigningKeys(window, 'hana@example.com', api.keys);
  secrets.set('the Secret Key', api.keys.secretKey);
  await look();
  await quickInput.accept();
  await window.toast(/Signed here, it is not listed/);
  await copied('the signed token');

  api.faults.add({ method: 'GET', times: 2, fault: { kind: 'status', status: 500 } });
  await window.viewAction(projectTokens, 'Refresh');
  await eventually(() => {
    const lists = api.journal.find({ operation: 'FetchProjectTokens' });
    assert.equal(api.journal.find({ method: 'GET' }).filter(({ status }) => status === 500).length, 2);
    assert.equal(lists.at(-1)?.status, 200);
  });

  return { secrets, pages };
}
