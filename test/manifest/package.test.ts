import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { noticesFile, thirdPartyNotices } from '../run/notices.ts';
import { crashMarker } from '../support/crashing/crashSteps.ts';
import { bundleEntry } from '../support/stageEntry.ts';
import { projectDir } from '../support/vscode/paths.ts';
import { filesInZip, packageExtension } from '../support/vscode/vsix.ts';
import { manifest } from './manifest.ts';

/** A person waits for it once for each update, on a train too. */
const limitBytes = 195_000;

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
        ...chunks.map((name) => `dist/chunks/${name}`),
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

  it('leaves the pictures of the documents out, which are few and small', () => {
    const folder = path.join(projectDir, 'docs', 'pictures');
    const pictures = readdirSync(folder).map((name) => path.join(folder, name));
    const sizes = [path.join(projectDir, 'media', 'screenshot.png'), ...pictures].map((file) => statSync(file).size);
    assert.ok(sizes.length <= 5 && sizes.reduce((sum, size) => sum + size, 0) <= 400_000, sizes.join(', '));
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
    assert.match(changelog, /^## \[Unreleased\]$/m);
    assert.match(changelog, new RegExp(`^## \\[${manifest.version.replaceAll('.', '\\.')}\\]`, 'm'));
  });

  it('names the licences of all that is in the bundle (npm run notices writes them)', async () => {
    assert.equal(readFileSync(path.join(projectDir, noticesFile), 'utf8'), await thirdPartyNotices());
  });
});
