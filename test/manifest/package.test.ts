import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { extensionPage } from '../run/page.ts';
import { noticesFile, thirdPartyNotices } from '../run/notices.ts';
import { crashMarker } from '../support/crashing/crashSteps.ts';
import { bundleEntry } from '../support/stageEntry.ts';
import { projectDir } from '../support/vscode/paths.ts';
import { filesInZip, packageExtension } from '../support/vscode/vsix.ts';
import { manifest } from './manifest.ts';

/** A person waits for it once for each update, on a train too. */
const limitBytes = 300_000;

describe('The package', () => {
  let vsix: string;

  before(async function () {
    this.timeout(60_000);
    vsix = await packageExtension();
  });

  it('holds what the extension needs, and nothing else', () => {
    const chunks = readdirSync(path.join(projectDir, 'dist', 'chunks')).filter((name) => name.endsWith('.js'));
    const pictures = manifest.contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg));
    const expected = [
      '[Content_Types].xml',
      'extension.vsixmanifest',
      // vsce names these three its own way.
      'extension/LICENSE.txt',
      'extension/changelog.md',
      'extension/readme.md',
      ...[
        'package.json',
        noticesFile,
        'dist/extension.js',
        'dist/app.js',
        ...chunks.map((name) => `dist/chunks/${name}`),
        'dist/webview/main.js',
        'dist/webview/pages.css',
        'media/icon.png',
        'media/magicbell.svg',
        ...pictures,
      ].map((name) => `extension/${name}`),
    ];
    assert.deepEqual([...filesInZip(vsix).keys()].sort(), [...new Set(expected)].sort());
  });

  it('has no step at which tests end the extension host, and the bundle of those tests has', async function () {
    this.timeout(30_000);
    const holdsMarker = (folder: string): boolean =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.js'))
        .some((name) => readFileSync(path.join(folder, name), 'utf8').includes(crashMarker));
    assert.equal(holdsMarker(path.join(path.dirname(vsix), 'dist')), false);
    assert.equal(holdsMarker(await bundleEntry('crashing')), true);
  });

  it(`has at most ${limitBytes} bytes`, () => {
    const { size } = statSync(vsix);
    assert.ok(size <= limitBytes, `${size} bytes`);
  });

  it('has pictures in few bytes: those of the page travel in every package', () => {
    const bytesIn = (folder: string): number =>
      readdirSync(path.join(projectDir, 'docs', folder))
        .map((name) => statSync(path.join(projectDir, 'docs', folder, name)).size)
        .reduce((sum, size) => sum + size, 0);
    assert.ok(bytesIn('page') <= 60_000, `docs/page: ${bytesIn('page')} bytes`);
    assert.ok(bytesIn('pictures') <= 400_000, `docs/pictures: ${bytesIn('pictures')} bytes`);
  });

  it('has a page and a changelog whose pictures and links lead somewhere from within VS Code', () => {
    const page = extensionPage();
    const changelog = readFileSync(path.join(projectDir, 'CHANGELOG.md'), 'utf8');
    const targetsOf = (text: string): readonly string[] =>
      [...text.matchAll(/(!?)\[[^\]]*\]\(([^)]*)\)/g)].map(([, mark = '', target = '']) => mark + target);
    const pictures = targetsOf(page).filter((target) => target.startsWith('!'));
    assert.equal(pictures.length, readdirSync(path.join(projectDir, 'docs', 'page')).length);
    for (const text of [page, changelog]) {
      for (const target of targetsOf(text))
        assert.match(target, /^(!data:image\/webp;base64,[\w+/=]+|https:\/\/[^\s]+)$/);
      // Links and pictures in any other form: HTML, or defined elsewhere on the page.
      assert.doesNotMatch(text, /<\w+[^>]*\b(?:href|src)=|^\[[^\]]+\]:/m);
    }
  });

  it('has a page for users; developers find the two commands at the top of the repository’s', () => {
    const page = extensionPage();
    const readme = readFileSync(path.join(projectDir, 'README.md'), 'utf8');
    // Tables are unreadable at the width of VS Code's page; what developers need is in other documents.
    assert.doesNotMatch(page, /^\|/m);
    assert.doesNotMatch(page, /npm (start|test|run)|Marketplace yet|developers -->/);
    assert.match(page, /^# MagicBell Tokens\n\nList, issue, /);
    const pictures = [...readme.matchAll(/!\[[^\]]*\]\(docs\/page\/([\w-]+)\.webp\)/g)].map(([, file]) => file);
    assert.deepEqual(pictures.slice(0, 2), ['overview-light', 'overview-dark']);
    const contributing = readFileSync(path.join(projectDir, 'CONTRIBUTING.md'), 'utf8');
    for (const text of [readme, contributing]) {
      const top = text.split('\n').slice(0, 10).join('\n');
      for (const command of ['`npm start`', '`npm test`']) assert.ok(top.includes(command), command);
    }
  });

  it('names each setting and each folder on its page', () => {
    const page = extensionPage();
    const folders = ['activity', 'audits', 'destinations', 'expiries', 'issuances', 'ledger', 'rotations', 'watch'].map(
      (name) => `\`${name}/\``,
    );
    for (const name of [...Object.keys(manifest.contributes.configuration.properties), ...folders]) {
      assert.ok(page.includes(name), `${name} is not on the page`);
    }
  });

  it('has the fields that the Marketplace shows', () => {
    const { displayName, description, publisher, icon, galleryBanner, categories, keywords, pricing } = manifest;
    assert.ok(displayName.length <= 40 && description.length <= 200);
    assert.match(publisher, /^[a-z0-9][a-z0-9-]*$/);
    assert.match(galleryBanner.color, /^#[0-9a-f]{6}$/);
    assert.ok(categories.length > 0 && keywords.length > 0 && keywords.length <= 30);
    assert.equal(pricing, 'Free');
    // A PNG of 256 by 256, as sharp screens want it.
    const png = readFileSync(path.join(projectDir, icon));
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [256, 256]);
  });

  it('says what it changes in the release that it is', () => {
    const changelog = readFileSync(path.join(projectDir, 'CHANGELOG.md'), 'utf8');
    assert.match(
      changelog,
      new RegExp(`^## \\[${manifest.version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d{2}-\\d{2}$`, 'm'),
    );
  });

  it('names the licences of all that is in the bundle (npm run notices writes them)', async () => {
    assert.equal(readFileSync(path.join(projectDir, noticesFile), 'utf8'), await thirdPartyNotices());
  });
});
