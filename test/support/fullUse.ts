import assert from 'node:assert/strict';
import type { LocalApi } from '../server/localApi.ts';
import { eventually } from './eventually.ts';
import type { Surroundings } from './fullUseSurroundings.ts';
import { breakClipboard, createProjectToken, mendClipboard, nameProjectToken } from './issuing.ts';
import { projectTokens, userTokens } from './productWindow.ts';
import { madeUpSecret } from './secretSearch.ts';
import { enterSigningKeys, signForRow } from './signing.ts';
import { callToolAt } from './toolCalls.ts';
import type { Workbench } from './vscode/workbench.ts';

const somethingElse = 'something else';

/** What a full use has seen: each secret by what it is, and the text of the page at each step. */
export interface Seen {
  readonly secrets: Map<string, string>;
  readonly pages: string[];
}

/**
 * Everything a person does that a secret goes through, in a window that is not connected yet: a wrong key and the right
 * one, tokens of both kinds, a failed copy, a revocation, a rotation, signatures, the CLI's login, a command, checks, an
 * agent, an audit, failed requests. `name` is the first token's.
 */
export async function fullUse(
  window: Workbench,
  api: LocalApi,
  name: string,
  around: Pick<Surroundings, 'toolCalls' | 'received'>,
): Promise<Seen> {
  const { quickInput } = window;
  const secrets = new Map<string, string>();
  const pages: string[] = [];
  const look = async () => pages.push(await window.text());
  const copied = async (what: string) => {
    // The message of an earlier value may still be there.
    await eventually(async () => {
      const text = await window.readClipboard();
      assert.notEqual(text, somethingElse);
      secrets.set(what, text);
    });
    await look();
    // The next value would be asked about: this one is the only copy.
    await window.writeClipboard(somethingElse);
  };

  // A wrong key, then the right one.
  const wrongKey = madeUpSecret();
  secrets.set('the refused key', wrongKey);
  secrets.set('the key', api.token);
  await window.openContainer('MagicBell');
  // What the CLI's login is offered for is asked first, and left.
  await window.page.getByText('Use the MagicBell CLI’s Login').click();
  await window.modal.wait('Use the login of the MagicBell CLI?');
  await window.modal.cancel();
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
  await signForRow(window, 'hana@example.com', api.keys);
  secrets.set('the Secret Key', api.keys.secretKey);
  await look();
  await quickInput.accept();
  await window.toast(/Signed here, it is not listed/);
  await copied('the signed token');
  await window.palette('MagicBell: Show Signed Tokens…');
  await quickInput.waitForTitle('Signed Tokens');
  await look();
  await quickInput.pick('hana@example.com');
  await enterSigningKeys(window, 'hana@example.com', { secretKey: api.keys.secretKey });
  await quickInput.accept();
  await window.toast(/Signed here, it is not listed/);
  await copied('the token that was signed again');

  const use = { window, api, secrets, look };
  await useLoginAndCommand(use, around);
  await checkTokens(use);
  await copied(await letAgentIssue(use, around.toolCalls, pages));
  await window.palette('MagicBell: Audit Users’ Tokens');
  await window.toast(/^Audited /);
  await look();

  api.faults.add({ method: 'GET', times: 2, fault: { kind: 'status', status: 500 } });
  await window.viewAction(projectTokens, 'Refresh');
  await eventually(() => {
    const lists = api.journal.find({ operation: 'FetchProjectTokens' });
    assert.equal(api.journal.find({ method: 'GET' }).filter(({ status }) => status === 500).length, 2);
    assert.equal(lists.at(-1)?.status, 200);
  });

  return { secrets, pages };
}

interface Use {
  readonly window: Workbench;
  readonly api: LocalApi;
  readonly secrets: Map<string, string>;
  readonly look: () => Promise<unknown>;
}

/** The login of the MagicBell CLI, with its Secret Key, and a command that takes a value and prints it. */
async function useLoginAndCommand(
  { window, secrets, look }: Use,
  { received }: Pick<Surroundings, 'received'>,
): Promise<void> {
  const { quickInput, modal } = window;
  await window.palette('MagicBell: Use the MagicBell CLI’s Login');
  await modal.wait('Use the login of the MagicBell CLI?');
  await look();
  await modal.press('Use the Token and the Secret Key');
  await window.toast('This login is connected already.');
  await nameProjectToken(window, 'For a command');
  await quickInput.pick('Deliver to Command…');
  await quickInput.waitForTitle('Deliver to Command');
  await quickInput.pick('Vault');
  await quickInput.waitForMessage(/^The name that the value gets there/);
  await quickInput.accept();
  await modal.wait(/^Run this command/);
  await look();
  await modal.press('Run When Created');
  await quickInput.waitForTitle('Create Project Token (2/2)');
  await quickInput.accept();
  await window.toast(/^The value of “For a command” was given to /);
  secrets.set('the value that a command was given', received());
  await look();
}

/** "Check Token…": of the masked box, and of the clipboard. */
async function checkTokens({ window, api, secrets, look }: Use): Promise<void> {
  const { quickInput } = window;
  const check = async (source: string | undefined, value: string, said: RegExp): Promise<void> => {
    await window.palette('MagicBell: Check Token…');
    await quickInput.waitForTitle('Check Token');
    if (source !== undefined) await quickInput.pick(source);
    if (source === undefined || source === 'Paste…') {
      await eventually(async () => assert.equal(await quickInput.isMasked(), true));
      await quickInput.paste(value);
      await quickInput.accept();
    }
    await eventually(async () => assert.match(await window.text(), said));
    await look();
    // The page takes the focus, which would close the next question.
    await eventually(async () =>
      assert.equal(await window.page.evaluate<string>('document.activeElement.tagName'), 'IFRAME'),
    );
  };
  const made = secrets.get('the value that a command was given') ?? '';
  await check(undefined, `Bearer ${made}`, /This is “For a command”/);
  await window.writeClipboard(secrets.get('the signed token') ?? '');
  await check('On the Clipboard', '', /This token was signed here for hana@example\.com/);
  await check('Paste…', api.token, /This is the API key that this extension uses/);
  await window.writeClipboard(somethingElse);
}

/** An agent has a token issued, and is told about it. */
async function letAgentIssue({ window, look }: Use, toolCalls: string, pages: string[]): Promise<string> {
  const called = callToolAt(toolCalls, 'issue_token', { kind: 'project', name: 'Of an agent' });
  await window.modal.wait('Create the project token “Of an agent” for an agent?');
  await look();
  await window.modal.press('Copy to Clipboard');
  const { text, says } = await called;
  assert.match(says, /^The token was created/);
  pages.push(text);
  return 'the token that an agent asked for';
}
