import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commandIds } from '../../src/vscode/ui/ids.ts';
import type { LocalApi } from '../server/localApi.ts';
import { type HeldProduct, type Row, useHeldProduct } from '../support/heldExtension/heldProduct.ts';

const names = ['Acme', 'Globex', 'Initech'] as const;
/** The project that is worked in. */
const mine = 1;
const Mine = names[mine];

type Command = keyof typeof commandIds;

/** From the palette: the project is asked for, or the one that is picked is acted on. */
const fromPalette: readonly Command[] = [
  'createProjectToken',
  'createUserToken',
  'signUserToken',
  'revokeToken',
  'rotateToken',
  'copyTokenId',
  'copyUserId',
  'searchUsers',
  'openUserById',
  'findToken',
  'pinUser',
  'unpinUser',
  'showTokenDetails',
  'revokeMatching',
  'showActivity',
  'exportActivity',
  'clearActivity',
  'showSignedTokens',
  'auditUserTokens',
  'editConnection',
  'setApiKey',
  'forgetApiKey',
];
const fromTokenRow: readonly Command[] = ['showTokenDetails', 'copyTokenId', 'rotateToken', 'revokeToken'];
const fromUserRow: readonly Command[] = ['copyUserId', 'pinUser', 'unpinUser', 'createTokenForUser', 'signUserToken'];
const fromProjectRow: readonly Command[] = ['createTokenInProject', 'editConnection', 'setApiKey', 'forgetApiKey'];

/** What is about all projects, about what is asked for by itself, or about none: `test/ui/palette.test.ts` runs them. */
const ofNoProject: readonly Command[] = [
  'addConnection',
  'useCliLogin',
  'refresh',
  'loadMore',
  'loadAll',
  'finishRotation',
  'showExpiring',
  'resolveUndelivered',
  'signAgain',
  'checkToken',
  'clearClipboard',
  'openDashboard',
  'openProjectAuth',
  'openUserAuth',
  'showLog',
  'sortProjectTokens',
  'filterProjectTokens',
  'sortUserTokens',
  'filterUserTokens',
  'showOverview',
  'exportExpiries',
  'exportTokens',
  'reportIssue',
  'openSettings',
];

describe('Each command, with three projects behind one address', function () {
  this.timeout(60_000);
  const held = useHeldProduct();

  async function connectThree(): Promise<LocalApi> {
    const product = held.current;
    const api = await product.api({ seed: 'demo', projects: names.map((name) => ({ name })) });
    await product.connectAll(api);
    product.saveAs(path.join(mkdtempSync(path.join(tmpdir(), 'three-')), 'saved'));
    for (const view of ['projectTokens', 'userTokens'] as const)
      for (const name of names) await product.rows(view, (await product.row(view, name)).node);
    return api;
  }

  /** Runs a command, and answers what it asks; after a while everything that is open is closed. */
  async function carryOut(product: HeldProduct, api: LocalApi, command: Command, row?: Row): Promise<void> {
    const { quickInputs, messages } = product;
    product.clipboard.text = 'something else';
    const state = { isDone: false };
    const done = product.run(command, row?.node).finally(() => (state.isDone = true));
    const textFor = (title: string): string => (title.includes('API Key') ? (api.projects[mine]?.token ?? '') : 'hana');
    // A box that takes no answer, and a notification with a choice, keep their flow until they are closed.
    const answered = new Map<string, number>();
    for (let turn = 0; !state.isDone; turn++) {
      assert.ok(turn < 600, `${command} does not end: ${quickInputs.titles.join()}`);
      const [title] = quickInputs.titles;
      const times = (answered.get(title ?? '') ?? 0) + 1;
      answered.set(title ?? '', times);
      if (title !== undefined && times <= 6) await quickInputs.answer(Mine, textFor);
      else if (title !== undefined) quickInputs.clear();
      else if (!messages.agree() && times % 10 === 0) messages.clear();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await done;
    quickInputs.clear();
    messages.clear();
  }

  /** What was asked of the projects that nothing was meant for. */
  const strayRequests = (api: LocalApi): string[] =>
    api.projects
      .filter((_, index) => index !== mine)
      .flatMap(({ name, journal }) => journal.entries.map(({ method, path: to }) => `${name}: ${method} ${to}`));

  it('is told of here', () => {
    const told = new Set([...fromPalette, ...fromTokenRow, ...fromUserRow, ...fromProjectRow, ...ofNoProject]);
    assert.deepEqual([...told].sort(), Object.keys(commandIds).sort());
  });

  it('acts from the palette in the project that was chosen, and in no other', async () => {
    const product = held.current;
    const api = await connectThree();
    api.journal.clear();
    for (const command of fromPalette) {
      await carryOut(product, api, command);
      assert.deepEqual(strayRequests(api), [], command);
    }
    for (const operation of ['CreateProjectJwt', 'CreateUserJwt', 'DiscardProjectJwt', 'ListUsers'] as const)
      assert.ok((api.projects[mine]?.journal.count({ operation }) ?? 0) > 0, `${operation} never came`);
  });

  it('acts from a row in the project of that row, and in no other', async () => {
    const product = held.current;
    const api = await connectThree();
    api.journal.clear();
    const inProject = async (view: 'projectTokens' | 'userTokens'): Promise<Row> => product.row(view, Mine);
    for (const command of fromTokenRow) {
      const row = await product.row('projectTokens', 'Terraform', /^/, (await inProject('projectTokens')).node);
      await carryOut(product, api, command, row);
      assert.deepEqual(strayRequests(api), [], `${command} on a token`);
    }
    for (const command of fromUserRow) {
      const row = await product.row('userTokens', 'hana@example.com', /^/, (await inProject('userTokens')).node);
      await carryOut(product, api, command, row);
      assert.deepEqual(strayRequests(api), [], `${command} on a user`);
    }
    for (const command of fromProjectRow) {
      await carryOut(product, api, command, await inProject('projectTokens'));
      assert.deepEqual(strayRequests(api), [], `${command} on a project`);
    }
    for (const operation of ['CreateProjectJwt', 'CreateUserJwt', 'DiscardProjectJwt'] as const)
      assert.ok((api.projects[mine]?.journal.count({ operation }) ?? 0) > 0, `${operation} never came`);
  });
});
