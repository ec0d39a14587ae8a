import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lm, workspace } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import { callTool } from '../support/agent.ts';
import type { ToolAnswer } from '../support/answers.ts';
import { eventually } from '../support/eventually.ts';
import { replace } from '../support/heldExtension/replace.ts';
import { useHeldProduct } from '../support/heldExtension/heldProduct.ts';
import { hostileNames, plantedValue } from '../support/hostileNames.ts';

/** Each run of this many letters of a value counts as the value. */
const pieceLength = 12;

function piecesOf(value: string): string[] {
  return Array.from({ length: value.length - pieceLength + 1 }, (_, at) => value.slice(at, at + pieceLength));
}

describe('An agent that is after a value', function () {
  this.timeout(90_000);
  const held = useHeldProduct();
  afterEach(() => held.current.configure('agents', undefined));

  /** Starts the product again, with all that it logs. */
  async function withLog(run: (log: string[]) => Promise<void>): Promise<void> {
    const { vscode } = held.current;
    const log: string[] = [];
    const create = vscode.window.createOutputChannel.bind(vscode.window) as (
      name: string,
      options: { log: true },
    ) => LogOutputChannel;
    const createCaptured = (name: string, options: { log: true }): LogOutputChannel => {
      const channel = create(name, options);
      for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const)
        replace(channel, level, (...args: unknown[]) => void log.push(JSON.stringify(args)));
      return channel;
    };
    await held.current.stop();
    const restore = replace(vscode.window, 'createOutputChannel', createCaptured);
    held.current.start();
    try {
      await run(log);
    } finally {
      restore();
    }
  }

  it('gets it by no tool: not from the clipboard, a file, a pending row, a name or an error, nor from the log', () =>
    withLog(async (log) => {
      const product = held.current;
      await product.configure('agents', 'change');
      const api = await product.connect({ seed: 'empty' });
      for (const name of hostileNames) api.state.addProjectToken({ name: name.slice(0, 255), createdAt: api.now() });
      await product.createProjectToken('Delivered');
      const delivered = product.clipboard.text;
      api.state.addUser({ email: 'hana@example.com', createdAt: api.now() });
      await product.run('refresh');
      const signed = await product.signFor('hana@example.com', api);
      product.clipboard.fails = true;
      void product.createProjectToken('Pending');
      await product.messages.shown(/^The value of “Pending” could not be copied/);
      product.clipboard.fails = false;
      const env = path.join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', '.env');
      const lines = [
        `A=${delivered}`,
        `B="Bearer ${api.token}"`,
        `C='${delivered}' # ${api.token}`,
        'D=nothing',
        api.token,
        `SIGNED=${signed}`,
        `KEY=${api.keys.secretKey}`,
      ];
      writeFileSync(env, lines.join('\n'));

      const ids = ((await callTool('list_tokens', {})).data['tokens'] as { id?: string }[]).flatMap(
        ({ id }) => id ?? [],
      );
      assert.ok(ids.length >= hostileNames.length);
      const texts = [
        delivered,
        api.token,
        delivered.slice(0, 60),
        '.env',
        '../.env',
        '*',
        'value',
        ...hostileNames.slice(0, 4),
      ];
      const inputs: object[] = [
        {},
        ...lines.map((_, at) => at + 1).map((line) => ({ file: '.env', line })),
        { file: env, line: 1 },
        ...ids.slice(0, 4).map((id) => ({ id })),
        ...texts.flatMap((text) => [{ project: text }, { id: text }, { file: text, line: 1 }, { text }]),
        // Each of these is a request.
        ...texts.slice(0, 6).map((user) => ({ kind: 'user', user })),
        ...texts.map((name) => ({ kind: 'project', name, value: true })),
        { page: 2, filter: 'all', include: ['value'] },
        [delivered],
      ];
      // Nobody confirms anything.
      const declining = setInterval(
        () => product.messages.all.filter(({ isModal }) => isModal).forEach(({ answer }) => answer(undefined)),
        5,
      );
      const answers: ToolAnswer[] = [];
      const names = lm.tools.map(({ name }) => name).filter((name) => name.startsWith('magicbell_'));
      assert.equal(names.length, 6);
      api.faults.add({
        operation: 'FetchUserTokens',
        times: 'always',
        fault: { kind: 'status', status: 422, message: `no ${delivered}` },
      });
      try {
        for (const name of names)
          for (const input of inputs) answers.push(await callTool(name.replace('magicbell_', ''), input));
      } finally {
        clearInterval(declining);
        rmSync(env);
      }
      assert.ok(answers.some(({ says }) => says.startsWith('The value was read here')));
      assert.ok(answers.some(({ data }) => data['finding'] === 'This token was signed here for hana@example.com.'));
      assert.ok(answers.some(({ says }) => says.startsWith('Nothing was changed: the person declined.')));
      await eventually(() => assert.ok(log.some((line) => line.includes('agent tool'))));
      const said = [...answers.map(({ text }) => text), ...log].join('\n');
      for (const value of [delivered, signed, api.token, api.keys.secretKey, plantedValue])
        for (const piece of piecesOf(value)) assert.ok(!said.includes(piece), `“${piece.slice(0, 4)}…” was said`);
      assert.equal(api.journal.count({ method: 'DELETE' }), 0);
      assert.equal(api.journal.count({ method: 'POST' }), 2);
      const sent = JSON.stringify(
        api.journal.find({ method: 'GET' }).map((request) => ({ ...request, bearer: '', headers: {} })),
      );
      assert.ok(!sent.includes(delivered.slice(-20)));
    }));
});
