import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { issuances } from '../support/issuanceFiles.ts';
import {
  acceptDotenvVariable,
  breakClipboard,
  chooseAtLastStep,
  createProjectToken,
  dotenvVariable,
  mendClipboard,
  waitForDotenvDestination,
} from '../support/issuing.ts';
import { type ProductWindow, useProduct } from '../support/productWindow.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';

describe('Delivering to .env', () => {
  const folder = temporaryFolder('dotenv');
  const product = useProduct({ folder });
  const file = path.join(folder, '.env');

  beforeEach(() => {
    for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true });
    git('init', '-q');
  });

  function git(...args: readonly string[]): void {
    execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
  }

  const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
  const read = (name = '.env'): string => readFileSync(path.join(folder, name), 'utf8');
  const phases = (): string[] => issuances(product.globalStorage).map(({ phase }) => phase);

  /** The value in the file, which MagicBell accepts. */
  async function deliveredValue({ api }: ProductWindow): Promise<string> {
    const value = new RegExp(`^(?:export )?${dotenvVariable}="?(eyJ[^"\\s]+)"?`, 'm').exec(read())?.[1] ?? '';
    assert.equal(await statusAsBearer(api, 'project', value), 200);
    return value;
  }

  it('writes the line, with a line in .gitignore first, and leaves the clipboard alone @smoke', async () => {
    const connected = await product.connected({ seed: 'empty' });
    const { window } = connected;
    write('.gitignore', 'node_modules\n');
    await window.writeClipboard('mine');
    await chooseAtLastStep(window, 'Server', 'Deliver to .env…');
    await acceptDotenvVariable(window);
    await window.modal.wait('Git does not ignore “.env”.');
    assert.match(await window.modal.detail(), /“\/\.env” in \.gitignore/);
    await window.modal.press('Add to .gitignore');
    await waitForDotenvDestination(window);
    assert.equal(read('.gitignore'), 'node_modules\n/.env\n');
    assert.ok(!existsSync(file));
    await window.quickInput.accept();
    await window.toast(`The value of “Server” is in .env as ${dotenvVariable}. It cannot be shown again.`);

    const value = await deliveredValue(connected);
    assert.equal(read(), `${dotenvVariable}=${value}\n`);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(await window.readClipboard(), 'mine');
    assert.deepEqual(phases(), ['delivered']);
    assert.deepEqual(readdirSync(folder).sort(), ['.env', '.git', '.gitignore']);
    assert.ok(!(await window.text()).includes(value));
    await window.palette('MagicBell: Resolve Undelivered Token…');
    await window.toast(/nothing is left to resolve/);
  });

  it('replaces the line in place, by keyboard, in the file that is chosen', async () => {
    const connected = await product.connected({ seed: 'empty' });
    const { window } = connected;
    write('.gitignore', '.env*\n');
    write('.env', `A=1\r\nexport ${dotenvVariable}="old" # rotated by hand\r\nB=2\r\n`);
    write('.env.example', '');
    write('.env.local', '');
    chmodSync(file, 0o640);
    const { quickInput } = window;
    await window.palette('MagicBell: Create Project Token…');
    await quickInput.waitForTitle('Create Project Token (1/2)');
    await quickInput.type('Server');
    await quickInput.accept();
    await quickInput.waitForTitle('Create Project Token (2/2)');
    await quickInput.pick('Deliver to .env…');
    await quickInput.waitForTitle('Deliver to .env');
    await quickInput.row('.env').waitFor();
    assert.deepEqual(await quickInput.labels(), ['.env', '.env.local', 'Other File…']);
    await acceptDotenvVariable(window);
    await waitForDotenvDestination(window);
    await quickInput.accept();
    await window.toast(/is in \.env as/);
    const value = await deliveredValue(connected);
    assert.equal(read(), `A=1\r\nexport ${dotenvVariable}="${value}" # rotated by hand\r\nB=2\r\n`);
    assert.equal(statSync(file).mode & 0o777, 0o640);
  });

  it('finds files below, refuses encrypted ones, and asks about hard links and names that pages show', async () => {
    const connected = await product.connected({ seed: 'empty' });
    const { window } = connected;
    const { quickInput, modal } = window;
    write('.gitignore', '.env*\nignored/\n');
    for (const below of ['apps/web', 'ignored', 'node_modules/x']) {
      mkdirSync(path.join(folder, below), { recursive: true });
      write(`${below}/.env.local`, 'A=1\n');
    }
    write('.env.keys', 'DOTENV_PRIVATE_KEY=x\n');
    write('.env.production', 'A=ENC[AES256_GCM,data:x]\nsops_version=3.9.1\n');
    linkSync(path.join(folder, 'apps/web/.env.local'), path.join(folder, 'other-name'));
    await chooseAtLastStep(window, 'Server', 'Deliver to .env…');
    await quickInput.waitForTitle('Deliver to .env');
    await quickInput.row('.env').waitFor();
    assert.deepEqual(await quickInput.labels(), [
      '.env.production',
      'apps/web/.env.local',
      '.env',
      '.env.local',
      'Other File…',
    ]);
    await acceptDotenvVariable(window, '.env.production');
    await window.toast(/^“\.env\.production” cannot be used\. It is encrypted with sops/);
    await quickInput.waitForTitle('Create Project Token (2/2)');

    await quickInput.pressButton('Deliver to .env…');
    await quickInput.waitForTitle('Deliver to .env');
    await quickInput.pick('apps/web/.env.local');
    await quickInput.waitForMessage(/^The variable’s name in apps\/web\/\.env\.local/);
    await quickInput.type('NEXT_PUBLIC_BELL');
    await quickInput.accept();
    await modal.wait('“NEXT_PUBLIC_BELL” would be readable by everybody who opens the web app.');
    await modal.cancel();
    // What was typed is still there, to be changed.
    await quickInput.waitForMessage(/^The variable’s name in apps\/web/);
    assert.equal(await quickInput.value(), 'NEXT_PUBLIC_BELL');
    await quickInput.type(dotenvVariable);
    await quickInput.accept();
    await modal.wait('“apps/web/.env.local” is a hard link.');
    await modal.press('Write There');
    await quickInput.waitForTitle('Create Project Token (2/2)');
    await quickInput.accept();
    await window.toast(
      `The value of “Server” is in apps/web/.env.local as ${dotenvVariable}. It cannot be shown again.`,
    );
    assert.match(read('other-name'), new RegExp(`^A=1\\n${dotenvVariable}=eyJ`));
    assert.equal(read('.env.production'), 'A=ENC[AES256_GCM,data:x]\nsops_version=3.9.1\n');
  }).timeout(180_000);

  it('refuses a tracked file, also when a pattern ignores it', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    write('.env', 'A=1\n');
    git('add', '-f', '.env');
    write('.gitignore', '.env\n');
    await chooseAtLastStep(window, 'Server', 'Deliver to .env…');
    await acceptDotenvVariable(window);
    await window.modal.wait('“.env” is tracked by git.');
    assert.match(await window.modal.detail(), /git rm --cached \.env$/);
    assert.deepEqual(await window.modal.buttons(), ['OK']);
    await window.modal.press('OK');
    // Nothing is lost: the last step is there, and the clipboard is the destination as before.
    await window.quickInput.waitForTitle('Create Project Token (2/2)');
    assert.equal(await window.quickInput.placeholder(), 'When should it expire?');
    // The file that frameworks keep out of git is offered beside it, though it is not there yet.
    await window.quickInput.pressButton('Deliver to .env…');
    await window.quickInput.waitForTitle('Deliver to .env');
    await window.quickInput.row('.env.local').waitFor();
    assert.deepEqual(await window.quickInput.labels(), ['.env', '.env.local', 'Other File…']);
    await window.quickInput.cancel();
    await window.quickInput.waitForTitle('Create Project Token (2/2)');
    await window.quickInput.cancel();
    assert.equal(read(), 'A=1\n');
    assert.equal(api.journal.count({ method: 'POST' }), 0);
  });

  it('adds no line to a .gitignore that is a link: git does not read it', async () => {
    const { window } = await product.connected({ seed: 'empty' });
    write('shared-ignore', 'node_modules\n');
    symlinkSync('shared-ignore', path.join(folder, '.gitignore'));
    await chooseAtLastStep(window, 'Server', 'Deliver to .env…');
    await acceptDotenvVariable(window);
    await window.toast(/^“\.env” cannot be used\. Git does not ignore it, and does not read \.gitignore/);
    await window.quickInput.waitForTitle('Create Project Token (2/2)');
    await window.quickInput.cancel();
    assert.equal(read('shared-ignore'), 'node_modules\n');
  });

  it('refuses a file with unsaved changes until they are saved', async () => {
    const connected = await product.connected({ seed: 'empty' }, { settings: { 'files.autoSave': 'off' } });
    const { window } = connected;
    write('.gitignore', '.env\n');
    write('.env', 'A=1\n');
    await window.openContainer('Explorer');
    await window.row('.env').dblclick();
    await window.page.locator('.monaco-editor[data-uri$="/.env"] .view-line').first().click();
    await window.page.keyboard.press('ControlOrMeta+End');
    await window.page.keyboard.type('B=2\n');
    const tab = window.page.getByRole('tab', { name: /^\.env/ });
    await tab.and(window.page.locator('.dirty')).waitFor();
    await chooseAtLastStep(window, 'Server', 'Deliver to .env…');
    await acceptDotenvVariable(window);
    await window.modal.wait('“.env” has unsaved changes.');
    await window.modal.cancel();
    await window.quickInput.waitForTitle('Create Project Token (2/2)');
    assert.equal(read(), 'A=1\n');
    await window.quickInput.pressButton('Deliver to .env…');
    await acceptDotenvVariable(window);
    await window.modal.wait('“.env” has unsaved changes.');
    await window.modal.press('Save and Continue');
    await waitForDotenvDestination(window);
    await window.quickInput.accept();
    await window.toast(/is in \.env as/);
    assert.equal(read(), `A=1\nB=2\n${dotenvVariable}=${await deliveredValue(connected)}\n`);
  }).timeout(180_000);

  /** An index of which only git itself knows what it says. */
  function splitIndex(): void {
    write('.gitignore', '.env\n');
    write('other', '');
    git('add', 'other');
    git('update-index', '--split-index');
  }

  it('asks twice when git’s answer cannot be found out', async () => {
    const { window } = await product.connected({ seed: 'empty' });
    splitIndex();
    await chooseAtLastStep(window, 'Server', 'Deliver to .env…');
    await acceptDotenvVariable(window);
    await window.modal.wait('Whether git ignores “.env” cannot be found out.');
    await window.modal.press('Write Anyway…');
    await window.modal.wait('Write the token to “.env” all the same?');
    await window.modal.cancel();
    await window.quickInput.waitForTitle('Create Project Token (2/2)');
    await window.quickInput.cancel();
  });

  it('does not ask when the git extension gives the answer', async () => {
    splitIndex();
    const connected = await product.connected({ seed: 'empty' }, { settings: { 'git.enabled': true } });
    const { window } = connected;
    await window.page.locator('.statusbar [id^="status.scm"]').first().waitFor();
    await chooseAtLastStep(window, 'Server', 'Deliver to .env…');
    await acceptDotenvVariable(window);
    await waitForDotenvDestination(window);
    await window.quickInput.accept();
    await window.toast(/is in \.env as/);
    await deliveredValue(connected);
  });

  it('asks once where there is no repository, and once for a link that leads out of the folder', async () => {
    const connected = await product.connected({ seed: 'empty' });
    const { window } = connected;
    rmSync(path.join(folder, '.git'), { recursive: true });
    const elsewhere = temporaryFolder('dotenv-elsewhere', '/tmp');
    writeFileSync(path.join(elsewhere, 'shared.env'), 'A=1\n');
    symlinkSync(path.join(elsewhere, 'shared.env'), file);
    await chooseAtLastStep(window, 'Server', 'Deliver to .env…');
    await acceptDotenvVariable(window);
    await window.modal.wait('“.env” is a link.');
    assert.ok((await window.modal.detail()).includes(path.join(elsewhere, 'shared.env')));
    await window.modal.press('Write There');
    await window.modal.wait('“.env” is in no git repository.');
    await window.modal.press('Write Anyway');
    await waitForDotenvDestination(window);
    await window.quickInput.accept();
    await window.toast(/is in \.env as/);
    const value = await deliveredValue(connected);
    assert.equal(readFileSync(path.join(elsewhere, 'shared.env'), 'utf8'), `A=1\n${dotenvVariable}=${value}\n`);
    assert.deepEqual(readdirSync(elsewhere), ['shared.env']);
  });

  it('keeps the value when the file can no longer be written, and is offered where the clipboard fails', async () => {
    const connected = await product.connected({ seed: 'empty' });
    const { window } = connected;
    write('.gitignore', '.env\n');
    write('.env', 'A=1\n');
    await breakClipboard(window, 'rejects');
    await createProjectToken(window, 'Server');
    const failed = await window.toast(/^The value of “Server” could not be copied/);
    assert.deepEqual(await failed.buttons(), ['Copy Again', 'To .env…', 'Revoke…']);
    await failed.press('To .env…');
    await window.quickInput.waitForTitle('Deliver to .env');
    await window.quickInput.pick('.env');
    await window.quickInput.waitForMessage(/^The variable’s name in /);
    chmodSync(file, 0o444);
    await window.quickInput.accept();
    await window.toast('“.env” cannot be used. It is read-only.');
    assert.deepEqual(phases(), ['stored']);
    assert.equal(read(), 'A=1\n');

    chmodSync(file, 0o644);
    await window.palette('MagicBell: Resolve Undelivered Token…');
    await window.quickInput.waitForTitle('Server');
    await window.quickInput.pick('To .env…');
    await acceptDotenvVariable(window);
    await window.toast(/is in \.env as/);
    await deliveredValue(connected);
    assert.deepEqual(phases(), ['delivered']);
    await mendClipboard(window);
  });

  it('asks again when a crash came in between, and removes what the crash has left in the folder', async () => {
    const connected = await product.connected({ seed: 'empty' });
    const { window } = connected;
    write('.gitignore', '.env\n');
    await chooseAtLastStep(window, 'Survivor', 'Deliver to .env…');
    await acceptDotenvVariable(window);
    await waitForDotenvDestination(window);
    // What is asked for anew right before the writing holds the delivery up.
    rmSync(path.join(folder, '.gitignore'));
    await window.quickInput.accept();
    await window.modal.wait('Git does not ignore “.env”.');
    assert.deepEqual(phases(), ['stored']);
    await window.killExtensionHost();
    // As if it had been killed while it was writing.
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const left = path.join(folder, '.left.magicbell-tmp');
    writeFileSync(left, `${dotenvVariable}=eyJ`);
    writeFileSync(path.join(product.globalStorage, 'issuances', `${pid}.left.temporary`), left);
    write('.gitignore', '.env\n');
    await window.reload();
    const notice = await window.toast('The value of “Survivor” was not delivered yet.');
    await eventually(() => assert.ok(!existsSync(left)));
    // Where it was meant to go is known.
    await notice.press('Deliver');
    await window.toast(/^The value of “Survivor” is in \.env as/);
    await deliveredValue(connected);
    assert.deepEqual(phases(), ['delivered']);
  }).timeout(180_000);
});
