import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commands, ConfigurationTarget, extensions, workspace, type Extension } from 'vscode';

const ours = (): Extension<unknown> => {
  const extension = extensions.getExtension('magicbell-tokens.magicbell-tokens');
  assert.ok(extension);
  return extension;
};

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
  };
}

describe('The extension in a real extension host', () => {
  before(() => ours().activate());

  it('activates from the built bundle @smoke', () => {
    assert.equal(ours().isActive, true);
  });

  it('registers every command of its manifest, and no other @smoke', async () => {
    const { contributes } = ours().packageJSON as Manifest;
    const views = Object.values(contributes.views)
      .flat()
      .map(({ id }) => id);
    const registered = (await commands.getCommands(true)).filter(
      // VS Code itself adds commands for each view: `VIEW.focus` and others.
      (id) => id.startsWith('magicbellTokens.') && !views.some((view) => id.startsWith(`${view}.`)),
    );
    assert.deepEqual(registered.sort(), contributes.commands.map(({ command }) => command).sort());
  });

  it('loads no HTTP code, schema, wizard or log by starting', () => {
    // What the entry imports statically is all that activation has loaded, as long as nothing asked for more.
    const dist = path.dirname(path.join(ours().extensionPath, 'dist', 'extension.js'));
    const seen = new Set<string>();
    const visit = (file: string): string => {
      if (seen.has(file)) return '';
      seen.add(file);
      const code = readFileSync(file, 'utf8');
      const imported = [...code.matchAll(/(?:from|import)\s*"(\.[^"]+)"/g)].map(([, to = '']) =>
        visit(path.join(path.dirname(file), to)),
      );
      return [code, ...imported].join('\n');
    };
    const loaded = visit(path.join(dist, 'extension.js'));
    assert.ok(loaded.includes('magicbellTokens.projectTokens'), 'the entry is not the one that was built');
    const all = readdirSync(dist, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .map((name) => readFileSync(path.join(dist, name), 'utf8'))
      .join('\n');
    for (const text of ['node:http', 'Idempotency-Key', 'Create Project Token', 'createOutputChannel']) {
      assert.ok(all.includes(text), `${text} is nowhere: this test looks for the wrong thing`);
      assert.ok(!loaded.includes(text), `${text} is loaded by starting`);
    }
  });

  it('lets nobody but the user decide where the key goes: no setting can be written for a workspace', async () => {
    const { contributes } = ours().packageJSON as Manifest;
    for (const id of Object.keys(contributes.configuration.properties)) {
      for (const target of [ConfigurationTarget.Workspace, ConfigurationTarget.WorkspaceFolder]) {
        await assert.rejects(Promise.resolve(workspace.getConfiguration().update(id, 'x', target)), id);
      }
      const { workspaceValue, workspaceFolderValue } = workspace.getConfiguration().inspect(id) ?? {};
      assert.equal(workspaceValue ?? workspaceFolderValue, undefined, id);
    }
  });

  it('reads a user setting as soon as it changes, and takes the default again', async () => {
    const id = 'magicbellTokens.pageSize';
    await workspace.getConfiguration().update(id, 7, ConfigurationTarget.Global);
    assert.equal(workspace.getConfiguration().get(id), 7);
    await workspace.getConfiguration().update(id, undefined, ConfigurationTarget.Global);
    assert.equal(workspace.getConfiguration().get(id), 100);
  });

  it('gives other extensions nothing to hold on to', () => {
    assert.equal(ours().exports, undefined);
  });
});
