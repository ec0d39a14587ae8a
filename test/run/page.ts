import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectDir } from '../support/vscode/paths.ts';

/** What `npm run package` gives vsce as the README, from the folder that is packaged. */
export const pageFile = 'dist/page.md';

/** What only readers of the repository should see. */
const forDevelopers = /<!-- developers -->\n[^]*?<!-- \/developers -->\n+/g;

/**
 * The page that VS Code and the Marketplace show of the extension: README.md without what is for developers, with the
 * pictures embedded. VS Code's page of an installed extension loads pictures from `https:` and `data:` only.
 */
export function extensionPage(): string {
  const forUsers = readFileSync(path.join(projectDir, 'README.md'), 'utf8').replaceAll(forDevelopers, '');
  return forUsers.replaceAll(/(!\[[^\]]*\]\()(docs\/page\/[\w-]+)\.webp\)/g, (_, start: string, file: string) => {
    const bytes = readFileSync(path.join(projectDir, `${file}.webp`));
    return `${start}data:image/webp;base64,${bytes.toString('base64')})`;
  });
}

if (process.argv[1] === import.meta.filename) writeFileSync(path.join(projectDir, pageFile), extensionPage());
