import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TerminalOptions, workspace } from 'vscode';
import type { LocalApi } from '../server/localApi.ts';
import { statusAsBearer } from '../support/bearer.ts';
import { filesError } from '../support/diskFiles.ts';
import { eventually } from '../support/eventually.ts';
import { type HeldProduct, useHeldProduct } from '../support/heldExtension/heldProduct.ts';
import { RemoteFolder } from '../support/remoteFolder.ts';

const variable = 'MAGICBELL_PROJECT_TOKEN';

describe('Delivering a value', () => {
  const held = useHeldProduct();
  let folder: string;
  let programs: string;
  let pathBefore: string | undefined;

  /** A program on PATH that stands in for a service: it keeps its arguments and standard input, and prints both. */
  function install(program: string, ending = 'exit 0'): void {
    const file = path.join(programs, program);
    const keep = `echo "$@" >> "$0.args"; cat > "$0.stdin"; cat "$0.stdin"`;
    writeFileSync(file, `#!/bin/sh\n${keep}\n${ending}\n`);
    chmodSync(file, 0o755);
  }

  const received = (program: string): string => {
    const file = path.join(programs, `${program}.stdin`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  const argumentsOf = (program: string): string => readFileSync(path.join(programs, `${program}.args`), 'utf8');
  const inFile = (name: string): string =>
    new RegExp(`^${variable}=(.*)$`, 'm').exec(readFileSync(path.join(folder, name), 'utf8'))?.[1] ?? '';

  beforeEach(() => {
    folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    execFileSync('git', ['init', '-q'], { cwd: folder });
    writeFileSync(path.join(folder, '.gitignore'), '.env*\n');
    writeFileSync(path.join(folder, '.env'), '# kept\n');
    programs = mkdtempSync(path.join(tmpdir(), 'programs-'));
    pathBefore = process.env['PATH'];
    process.env['PATH'] = `${programs}:${pathBefore ?? ''}`;
    install('gh');
  });

  afterEach(() => {
    process.env['PATH'] = pathBefore;
    rmSync(programs, { recursive: true });
    for (const name of ['.git', '.gitignore', '.env']) rmSync(path.join(folder, name), { recursive: true });
  });

  /** Creates a token whose value goes to `.env`. */
  async function createInDotenv(product: HeldProduct, name: string, as = variable): Promise<void> {
    const { quickInputs, messages } = product;
    const created = product.run('createProjectToken');
    await quickInputs.type('Create Project Token', name);
    await quickInputs.pick('Create Project Token', '$(file-code) Deliver to .env…');
    await quickInputs.pick('Deliver to .env', '.env');
    await quickInputs.type('Deliver to .env', as);
    await quickInputs.pick('Create Project Token', '90 days');
    await created;
    await messages.shown(new RegExp(`^The value of “${name}” is in \\.env`));
    messages.clear();
  }

  /** A token that was made long ago, whose value went to `.env` as the one that was made just now. */
  function rememberAlso(product: HeldProduct, api: LocalApi, name: string, as: string): void {
    const inDays = (days: number): Date => new Date(Date.now() + days * 24 * 60 * 60_000);
    const { id } = api.state.addProjectToken({ name, createdAt: inDays(-1), expiresAt: inDays(89) });
    const records = path.join(product.globalStorage, 'destinations');
    const [file = ''] = readdirSync(records);
    const record = JSON.parse(readFileSync(path.join(records, file), 'utf8')) as { readonly places: readonly object[] };
    const places = record.places.map((place) => ({ ...place, variable: as }));
    writeFileSync(path.join(records, `${id}.json`), JSON.stringify({ ...record, id, name, tokenId: id, places }));
  }

  it('remembers where, and a rotation brings the new value there, and to a command as well', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    const api = await product.connect({ seed: 'empty' });
    await createInDotenv(product, 'Placed');
    const old = inFile('.env');

    // Another place by choice: the exact command line is agreed to before anything is created.
    const { node } = await product.row('projectTokens', 'Placed', /^in /);
    const rotated = product.run('rotateToken', node);
    await quickInputs.pick('Rotate Placed', 'Same lifetime as the old one');
    await quickInputs.pick('Rotate Placed', '$(console) Deliver to Command…');
    await quickInputs.pick('Deliver to Command', 'GitHub secret of a repository');
    await quickInputs.type('Deliver to Command', variable);
    const question = await messages.press(/^Run this command with the value/, 'Run When Created');
    assert.match(question.detail, new RegExp(`^gh secret set ${variable}\n`));
    await quickInputs.pick('Rotate Placed', 'After 24 hours');
    await rotated;
    await messages.shown(/^The value of “Placed” was delivered to \.env as \w+ and to gh secret set \w+\. It cannot/);
    await messages.shown(/^The old “Placed” stays valid\. You are reminded .* MagicBell accepts the new one\.$/);
    const second = inFile('.env');
    assert.notEqual(second, old);
    assert.equal(received('gh'), second);
    assert.equal(argumentsOf('gh'), `secret set ${variable}\n`);
    assert.equal(await statusAsBearer(api, 'project', second), 200);
    assert.ok(!JSON.stringify(messages.all).includes(second));

    // The same places once more: the command and two answers.
    messages.clear();
    const again = await product.row('projectTokens', 'Placed', /^in /);
    const rotatedAgain = product.run('rotateToken', again.node);
    await quickInputs.pick('Rotate Placed', 'Same lifetime as the old one');
    await quickInputs.pick('Rotate Placed', 'Now');
    await rotatedAgain;
    const third = inFile('.env');
    assert.notEqual(third, second);
    assert.equal(received('gh'), third);
    assert.equal(product.clipboard.text, '');

    // A program that is gone by now is told of before anything is created.
    process.env['PATH'] = programs;
    rmSync(path.join(programs, 'gh'));
    const created = api.journal.count({ method: 'POST' });
    const newest = await product.row('projectTokens', 'Placed', /^in /);
    const refused = product.run('rotateToken', newest.node);
    await quickInputs.pick('Rotate Placed', 'Same lifetime as the old one');
    await quickInputs.pick('Rotate Placed', 'Now');
    await messages.shown(/^This command cannot be run\. The program was not found\.$/);
    await refused;
    assert.equal(api.journal.count({ method: 'POST' }), created);
    assert.equal(inFile('.env'), third);

    // Before the old one is revoked, it is said where its value is.
    await messages.press(/^The old “Placed” .*is due to be revoked/, 'Revoke…');
    const asked = await messages.shown(/^Revoke the old “Placed”\?$/);
    assert.match(asked.detail, /delivered to \.env as \w+ and to gh secret set/);
  });

  it('reminds of several old tokens in one message, and of none that is gone', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    const api = await product.connect({ seed: 'empty' });
    const names = ['One', 'Two', 'Three'];
    await createInDotenv(product, 'One', 'ONE');
    for (const name of names.slice(1)) rememberAlso(product, api, name, name.toUpperCase());
    await product.run('refresh');
    messages.clear();
    const rows = await Promise.all(names.map((label) => product.row('projectTokens', label, /^in /)));
    const nodes = rows.map(({ node }) => node);
    void product.run('rotateToken', nodes[0], nodes);
    await quickInputs.pick('Rotate 3 Tokens', 'Same lifetime as each old one');
    await quickInputs.pick('Rotate 3 Tokens', 'Now');
    await messages.shown(/^3 old tokens were rotated and are due to be revoked\.$/);

    // Revoked from its row, as any other token: its rotation ends with it.
    const [{ node } = { node: undefined }] = await product
      .rows('projectTokens')
      .then((all) => all.filter(({ label, description }) => label === 'One' && description.includes('revoke')));
    const revoked = product.run('revokeToken', node);
    await messages.press(/^Revoke “One”\?$/, 'Revoke');
    await messages.shown(/^“One” was revoked\.$/);
    await revoked;
    await messages.press(/^3 old tokens were rotated/, 'Show…');
    const left = await quickInputs.labels('Finish Rotation');
    assert.deepEqual(left.sort(), ['$(check) Three', '$(check) Two', '$(trash) Revoke 2 Old Tokens…']);
    await quickInputs.leave('Finish Rotation');
  });

  it('keeps what a command did not take, and says so without the value; the rest has arrived', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    await product.connect({ seed: 'empty' });
    await createInDotenv(product, 'Halfway');
    install('gh', 'exit 3');
    const { node } = await product.row('projectTokens', 'Halfway', /^in /);
    const rotated = product.run('rotateToken', node);
    await quickInputs.pick('Rotate Halfway', 'Same lifetime as the old one');
    await quickInputs.pick('Rotate Halfway', '$(console) Deliver to Command…');
    await quickInputs.pick('Deliver to Command', 'GitHub secret of a repository');
    await quickInputs.type('Deliver to Command', variable);
    await messages.press(/^Run this command with the value/, 'Run When Created');
    await quickInputs.pick('Rotate Halfway', 'After 24 hours');
    const failed = await messages.shown(
      /has not arrived everywhere\. Not to gh secret set \w+: It ended with exit code 3/,
    );
    const value = inFile('.env');
    assert.ok(!failed.text.includes(value));
    await product.row('projectTokens', 'Halfway', /^delivered to 1 of 2 places · Deliver$/);
    await product.row('projectTokens', 'Halfway', /^new one not copied yet/);

    install('gh');
    await messages.press(/has not arrived everywhere/, 'Try Again');
    await rotated;
    assert.equal(received('gh'), value);
    await product.row('projectTokens', 'Halfway', /^rotated, revoke/);
  });

  it('rotates ten rows in four interactions; the results can be left, and come back after a restart', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    const api = await product.connect({ seed: 'empty' });
    const names = Array.from({ length: 10 }, (_, at) => `Service ${at + 1}`);
    await createInDotenv(product, 'Service 1', 'SERVICE_1');
    for (const name of names.slice(1, 8)) rememberAlso(product, api, name, name.toUpperCase().replace(' ', '_'));
    // One without a place, and one whose command fails.
    await product.createProjectToken('Service 9');
    const created = product.run('createProjectToken');
    await quickInputs.type('Create Project Token', 'Service 10');
    await quickInputs.pick('Create Project Token', '$(console) Deliver to Command…');
    await quickInputs.pick('Deliver to Command', 'GitHub secret of a repository');
    await quickInputs.type('Deliver to Command', variable);
    await messages.press(/^Run this command with the value/, 'Run When Created');
    await quickInputs.pick('Create Project Token', '90 days');
    await created;
    install('gh', 'exit 3');
    product.clipboard.text = 'something else';
    await product.run('refresh');
    messages.clear();
    const env = (): string => readFileSync(path.join(folder, '.env'), 'utf8');
    const before = env();

    const rows = await Promise.all(names.map((label) => product.row('projectTokens', label, /^in /)));
    const nodes = rows.map(({ node }) => node);
    const rotated = product.run('rotateToken', nodes[0], nodes); // 1
    await quickInputs.pick('Rotate 10 Tokens', 'Same lifetime as each old one'); // 2
    await quickInputs.pick('Rotate 10 Tokens', 'After 24 hours'); // 3
    await messages.press(/^8 of 10 tokens were rotated and delivered\.$/, 'Show Results'); // 4
    const done = names.slice(0, 8).map((name) => `$(check) ${name}`);
    assert.deepEqual(await quickInputs.labels('Rotate 10 Tokens'), [
      ...done,
      '$(warning) Service 9',
      '$(warning) Service 10',
    ]);
    await quickInputs.leave('Rotate 10 Tokens');
    await messages.shown(/^8 of 10 tokens were rotated and delivered\.$/);
    messages.clear();
    await rotated;
    const values = (text: string): readonly string[] =>
      [...text.matchAll(/^SERVICE_\d=(.+)$/gm)].map(([, v = '']) => v);
    assert.equal(new Set([...values(before), ...values(env())]).size, 9);
    assert.equal(product.clipboard.text, 'something else');

    // The list is made of what is on disk.
    await product.stop();
    product.start();
    await product.row('projectTokens', 'Service 9', /^value not copied yet · Copy$/);
    await product.row('projectTokens', 'Service 1', /^rotated, revoke/);
    messages.clear();
    install('gh');
    void product.run('finishRotation');
    const results = await quickInputs.details('Finish Rotation');
    assert.deepEqual(Object.keys(results).sort(), [
      ...done,
      '$(trash) Revoke 8 Old Tokens…',
      '$(warning) Service 10',
      '$(warning) Service 9',
    ]);
    assert.equal(results['$(check) Service 1'], 'The new value was delivered to .env as SERVICE_1');
    assert.equal(results['$(warning) Service 9'], 'The new value was not delivered yet');
    assert.equal(results['$(warning) Service 10'], `The new value was not delivered yet to gh secret set ${variable}`);
    await quickInputs.pick('Finish Rotation', '$(warning) Service 10');
    await quickInputs.pick('Rotation of Service 10', '$(rocket) Deliver the New Value…');
    await quickInputs.pick('Service 10', '$(rocket) Deliver Where It Was Meant');
    await messages.shown(/^The value of “Service 10” was given to gh secret set/);
    const after = await quickInputs.details('Finish Rotation');
    assert.equal(after['$(check) Service 10'], `The new value was delivered to gh secret set ${variable}`);
    // All old tokens at once, after one question; those whose new values have not arrived stay.
    messages.clear();
    await quickInputs.pick('Finish Rotation', '$(trash) Revoke 9 Old Tokens…');
    await messages.press(/^Revoke 9 tokens\?$/, 'Revoke 9 Tokens');
    await messages.shown(/^9 tokens were revoked\.$/);
    await quickInputs.pick('Finish Rotation', '$(warning) Service 9');
    await quickInputs.leave('Rotation of Service 9');
    assert.equal(api.journal.find({ method: 'DELETE' }).filter(({ status }) => status === 200).length, 9);
    assert.ok(![...values(env()), received('gh')].some((value) => JSON.stringify(messages.all).includes(value)));
  });

  it('runs a command of the user’s own, with what is asked for it', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    await product.connect({ seed: 'empty' });
    install('vault-cli');
    const template = { label: 'Our vault', command: ['vault-cli', 'put', '{path}', 'token=-'] };
    await product.configure('commandTemplates', [template]);
    const created = product.run('createProjectToken');
    await quickInputs.type('Create Project Token', 'In the vault');
    await quickInputs.pick('Create Project Token', '$(console) Deliver to Command…');
    await quickInputs.pick('Deliver to Command', 'Our vault');
    await quickInputs.type('Deliver to Command', 'secret/app');
    await messages.press(/^Run this command with the value/, 'Run When Created');
    await quickInputs.pick('Create Project Token', '7 days');
    await created;
    await messages.shown(/^The value of “In the vault” was given to vault-cli put secret\/app token=-\./);
    assert.equal(argumentsOf('vault-cli'), 'put secret/app token=-\n');
    assert.match(received('vault-cli'), /^[\w-]+\.[\w-]+\.[\w-]+$/);
    await product.configure('commandTemplates', undefined);
  });

  it('writes to .env of a folder of another computer by the same rules, and keeps the value when that fails', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    const api = await product.connect({ seed: 'empty' });
    // The folder that is open otherwise stands in for the other computer's disk, with its repository.
    const remote = new RemoteFolder(product.vscode, path.dirname(folder));
    try {
      remote.open(`/${path.basename(folder)}`);
      writeFileSync(path.join(folder, '.gitignore'), 'node_modules\n');
      const created = product.run('createProjectToken');
      await quickInputs.type('Create Project Token', 'Elsewhere');
      await quickInputs.pick('Create Project Token', '$(file-code) Deliver to .env…');
      await quickInputs.pick('Deliver to .env', '.env');
      await quickInputs.type('Deliver to .env', variable);
      const question = await messages.press(/^“\.env on builder” is not on this computer’s disk\.$/, 'Write There');
      assert.match(question.detail, /can leave half of the file.*kept here until it has been read back/);
      await messages.press(/^Git does not ignore “\.env on builder”\.$/, 'Add to .gitignore');
      let writes = 0;
      remote.onWrite = () => (++writes === 1 ? undefined : filesError('Unavailable'));
      await quickInputs.pick('Create Project Token', '90 days');
      const failed = await messages.shown(/^The value of “Elsewhere” was not written to \.env on builder\./);
      assert.match(failed.text, /Its file system cannot be reached\. It is kept until you copy it\.$/);
      assert.equal(readFileSync(path.join(folder, '.env'), 'utf8'), '# kept\n');
      assert.equal(readFileSync(path.join(folder, '.gitignore'), 'utf8'), 'node_modules\n/.env\n');

      remote.onWrite = undefined;
      const waiting = await product.row('projectTokens', 'Elsewhere', /^value not delivered yet/);
      void product.run('resolveUndelivered', waiting.node, 'firstAction');
      await messages.shown(/^The value of “Elsewhere” is in \.env on builder as \w+\./);
      messages.clear();
      await created;
      const value = inFile('.env');
      assert.equal(readFileSync(path.join(folder, '.env'), 'utf8'), `# kept\n${variable}=${value}\n`);
      assert.equal(await statusAsBearer(api, 'project', value), 200);

      // What git tracks is refused here as well.
      execFileSync('git', ['add', '-f', '.env'], { cwd: folder });
      const refused = product.run('createProjectToken');
      await quickInputs.type('Create Project Token', 'Tracked');
      await quickInputs.pick('Create Project Token', '$(file-code) Deliver to .env…');
      await quickInputs.pick('Deliver to .env', '.env');
      await quickInputs.type('Deliver to .env', variable);
      await messages.press(/is not on this computer’s disk\.$/, 'Write There');
      const tracked = await messages.shown(/^“\.env on builder” is tracked by git\.$/);
      tracked.answer(undefined);
      await quickInputs.leave('Create Project Token');
      await refused;
      assert.equal(inFile('.env'), value);
    } finally {
      remote.dispose();
    }
  });

  it('opens a terminal with the variable set, which is nowhere else; keeps the value when its shell does not start', async () => {
    const product = held.current;
    const { quickInputs, messages, vscode } = product;
    const api = await product.connect({ seed: 'empty' });
    const openTerminal = async (name: string): Promise<void> => {
      const created = product.run('createProjectToken');
      await quickInputs.type('Create Project Token', name);
      await quickInputs.pick('Create Project Token', '$(terminal-bash) Deliver to Terminal…');
      await quickInputs.type('Deliver to Terminal', variable);
      await quickInputs.pick('Create Project Token', '90 days');
      void created;
    };
    await product.configureHost('terminal.integrated.defaultProfile.linux', 'sh');
    await openTerminal('In a terminal');
    await messages.shown(/^The value of “In a terminal” is in a new terminal as \w+\. It cannot be shown again\.$/);
    const terminal = vscode.window.terminals.find(({ name }) => name === 'In a terminal');
    assert.ok(terminal);
    const { isTransient, env } = terminal.creationOptions as TerminalOptions;
    assert.equal(isTransient, true);
    assert.deepEqual(env, {}, 'other extensions do not read it there');
    const out = path.join(folder, 'out.txt');
    terminal.sendText(`printf %s "$${variable}" > ${out}`);
    const value = await eventually(() => {
      const text = readFileSync(out, 'utf8');
      assert.match(text, /^ey/);
      return text;
    });
    assert.equal(await statusAsBearer(api, 'project', value), 200);
    assert.ok(!JSON.stringify(messages.all).includes(value));
    terminal.dispose();
    rmSync(out);
    messages.clear();

    // VS Code's log would hold what the terminal is started with.
    const setLevel = async (name: string, level: number): Promise<void> => {
      await vscode.commands.executeCommand('_extensionTests.setLogLevel', name);
      await eventually(() => assert.equal(vscode.env.logLevel, level));
    };
    const levelBefore = vscode.env.logLevel;
    await setLevel('trace', vscode.LogLevel.Trace);
    const atTrace = product.run('createProjectToken');
    await quickInputs.type('Create Project Token', 'In a log');
    await quickInputs.pick('Create Project Token', '$(terminal-bash) Deliver to Terminal…');
    await messages.shown(/^At log level Trace, VS Code would log the variable\.$/);
    await quickInputs.leave('Create Project Token');
    await atTrace;
    await setLevel('info', levelBefore);
    messages.clear();

    // A shell that ends at once has the value for nobody.
    const shell = path.join(programs, 'ends');
    writeFileSync(shell, '#!/bin/sh\nexit 3\n');
    chmodSync(shell, 0o755);
    await product.configureHost('terminal.integrated.profiles.linux', { ends: { path: shell } });
    await product.configureHost('terminal.integrated.defaultProfile.linux', 'ends');
    await eventually(() => assert.equal(vscode.env.shell, shell));
    await openTerminal('In none');
    await messages.shown(/^The value of “In none” is in no terminal\. Its shell did not start\. It is kept until/);
    await product.row('projectTokens', 'In none', /^value not delivered yet · Deliver$/);
    assert.ok(!vscode.window.terminals.some(({ name }) => name === 'In none'));
    messages.clear();
    for (const name of ['profiles', 'defaultProfile'])
      await product.configureHost(`terminal.integrated.${name}.linux`, undefined);
  });
});
