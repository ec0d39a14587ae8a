import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commandIds, contextKeys, contextValues, viewIds } from '../../src/vscode/ui/ids.ts';
import { projectDir } from '../support/vscode/paths.ts';
import { manifest, type MenuEntry } from './manifest.ts';

const { commands, menus, viewsWelcome, walkthroughs, configuration, keybindings } = manifest.contributes;
const titleMenu = menus['view/title'] ?? [];
const rowMenu = menus['view/item/context'] ?? [];
const palette = menus['commandPalette'] ?? [];
const views = Object.values(viewIds);
const values = Object.values(contextValues);

/** docs/UX_GUIDELINES.md has the rules, this file those that a machine can check. */
describe('UX guidelines', () => {
  it('title commands in Title Case, in one category, with a real ellipsis', () => {
    for (const { title, shortTitle, category } of commands) {
      assert.equal(category, 'MagicBell');
      for (const text of [title, shortTitle].filter((each) => each !== undefined)) {
        assert.doesNotMatch(text, /\.\.\.|\.$/);
        const words = text.replace(/…$/, '').split(' ');
        const isTitleCase = (word: string, index: number) =>
          /^[A-Z.]/.test(word) || (index > 0 && /^(a|an|and|as|at|by|for|from|in|of|on|or|the|to|with)$/.test(word));
        assert.ok(words.every(isTitleCase), text);
      }
    }
    const titles = commands.map(({ title }) => title);
    assert.deepEqual(titles, [...new Set(titles)]);
  });

  it('put at most three icons into a view’s title, and on rows only what is safe', () => {
    for (const view of views) {
      const icons = titleMenu.filter((entry) => entry.group?.startsWith('navigation') && isFor(entry, view));
      assert.ok(icons.length <= 3, `${view}: ${icons.map(({ command }) => command).join(', ')}`);
    }
    assert.deepEqual(
      rowMenu.filter(({ group }) => group?.startsWith('inline') === true).map(({ command }) => command),
      [commandIds.createTokenForUser, commandIds.rotateToken, commandIds.createTokenInProject],
    );
  });

  it('sort menus into groups, and show entries in one view or two', () => {
    for (const { command, group, when } of [...titleMenu, ...rowMenu]) {
      assert.match(group ?? '', /^(navigation|inline|\d_[a-z]+)@\d+$/, command);
      assert.match(when ?? '', /\bview (==|=~) /, command);
    }
  });

  it('keep revoking alone in the last group of every row', () => {
    for (const value of values) {
      const entries = rowMenu.filter(
        ({ when, group }) => matches(when ?? '', 'viewItem', value) && groupName(group) !== 'inline',
      );
      const groups = entries.map(({ group }) => groupName(group)).sort();
      const revoking = entries.filter(({ command }) => command === commandIds.revokeToken);
      if (revoking.length === 0) continue;
      assert.equal(groupName(revoking[0]?.group), groups.at(-1));
      assert.notEqual(groups.at(-2), groups.at(-1));
    }
    assert.ok(!titleMenu.some(({ command, group }) => /revoke/i.test(command) && group?.startsWith('navigation')));
  });

  it('ask in `when` clauses only for what the code sets', () => {
    const known = new Set<string>([...Object.values(contextKeys), ...views]);
    const all = [titleMenu, rowMenu, palette, viewsWelcome, keybindings].flat().map(({ when }) => when ?? '');
    const events = walkthroughs.flatMap(({ steps }) => steps.flatMap(({ completionEvents }) => completionEvents));
    for (const clause of [...all, ...events.filter((event) => event.startsWith('onContext:'))]) {
      const names = clause.match(/magicbellTokens\.\w+/g) ?? [];
      for (const name of names) assert.ok(known.has(name), `${name} in: ${clause}`);
      for (const [, value = ''] of clause.matchAll(/viewItem == (\w+)/g)) assert.ok(values.includes(value as never));
      for (const [, pattern = ''] of clause.matchAll(/viewItem =~ (\S+)/g)) {
        // Without both anchors it would match names that contain the word.
        const [, alternatives = ''] = /^\/\^\(?([\w|]+)\)?\$\/$/.exec(pattern) ?? [];
        assert.ok(alternatives !== '' && alternatives.split('|').every((value) => values.includes(value as never)));
      }
    }
  });

  it('offer each entry of a menu in the palette too, and nothing there that has no meaning', () => {
    const needKey = [
      commandIds.auditUserTokens,
      commandIds.clearActivity,
      commandIds.copyTokenId,
      commandIds.copyUserId,
      commandIds.editConnection,
      commandIds.exportActivity,
      commandIds.exportExpiries,
      commandIds.exportTokens,
      commandIds.filterProjectTokens,
      commandIds.filterUserTokens,
      commandIds.findToken,
      commandIds.finishRotation,
      commandIds.loadAll,
      commandIds.loadMore,
      commandIds.pinUser,
      commandIds.revokeMatching,
      commandIds.showActivity,
      commandIds.showSignedTokens,
      commandIds.showTokenDetails,
      commandIds.sortProjectTokens,
      commandIds.sortUserTokens,
      commandIds.unpinUser,
    ];
    const commandsWhen = (condition: string) =>
      palette.filter(({ when }) => when === condition).map(({ command }) => command);
    assert.deepEqual(commandsWhen(`${contextKeys.session} == signedIn`).sort(), [...needKey].sort());
    assert.deepEqual(commandsWhen(contextKeys.tokenOnClipboard), [commandIds.clearClipboard]);
    // Without their row these would be what “Create Project Token…”, “Create User Token…” and “Show Signed Tokens…” are.
    assert.deepEqual(commandsWhen('false'), [
      commandIds.signAgain,
      commandIds.createTokenInProject,
      commandIds.createTokenForUser,
    ]);
  });

  it('have a welcome for each state, with at most one button, all of known commands', () => {
    const known = new Set<string>(Object.values(commandIds));
    const states = views.map((view) => {
      const own = viewsWelcome.filter((welcome) => welcome.view === view);
      return own.flatMap(({ when, contents }) => {
        assert.ok(contents.split('\n').filter((line) => line.startsWith('[')).length <= 1, contents);
        for (const [, command = ''] of contents.matchAll(/\(command:([^)]+)\)/g)) assert.ok(known.has(command));
        // Unset until it is known, so each welcome asks for one state: nothing flashes.
        const [, state, also] =
          new RegExp(`^${view}State == (\\w+)( && ${contextKeys.hasCliLogin})?$`).exec(when ?? '') ?? [];
        // One that stands below another has no state of its own.
        return also === undefined ? [state] : [];
      });
    });
    assert.ok(!states.flat().includes(undefined));
    assert.deepEqual([...(states[0] ?? [])].sort(), [...(states[1] ?? [])].sort());
  });

  it('name the remedy where secret storage fails', () => {
    const failed = viewsWelcome.filter(({ when }) => when?.endsWith('== storageFailed') === true);
    assert.equal(failed.length, views.length);
    for (const { contents } of failed) assert.match(contents, /On Linux, installing a keyring .+ helps\./);
  });

  it('have settings that are ordered, described in a few words, and nobody’s but the user’s', () => {
    const settings = Object.values(configuration.properties);
    assert.deepEqual(
      settings.map(({ order }) => order).sort((a, b) => a - b),
      settings.map((_, index) => index + 1),
    );
    for (const [name, { scope, markdownDescription, default: preset }] of Object.entries(configuration.properties)) {
      assert.match(scope, /^(application|machine)$/, name);
      assert.ok(markdownDescription.length <= 220, `${name}: ${markdownDescription.length} characters`);
      assert.notEqual(preset, undefined, name);
    }
  });

  it('have one container, whose views have names of their own', () => {
    assert.deepEqual(Object.keys(manifest.contributes.viewsContainers), ['activitybar']);
    assert.equal(manifest.contributes.viewsContainers['activitybar']?.length, 1);
    assert.ok(Object.values(manifest.contributes.views).flat().length <= 3);
  });

  it('walk through in few steps, each with an action, an end, and a picture that follows the theme', () => {
    assert.equal(walkthroughs.length, 1);
    const known = new Set<string>([...Object.values(commandIds), `${viewIds.projectTokens}.focus`]);
    for (const { steps } of walkthroughs) {
      assert.ok(steps.length <= 6);
      for (const { description, completionEvents, media } of steps) {
        const links = [...description.matchAll(/^\[[^\]]+\]\(command:([^)]+)\)$/gm)].map(([, command = '']) => command);
        assert.equal(links.length, 1);
        assert.ok(links.every((command) => known.has(command)));
        // VS Code ticks a step when its event becomes true, and registers the events when a walkthrough is first
        // opened: one event for what is done then, one for what was done before.
        assert.equal(completionEvents.length, 2);
        assert.ok(completionEvents.every((event) => event.startsWith('onContext:')));
        assert.match(completionEvents[1] ?? '', / && activeEditor == gettingStartedPage$/);
        assert.ok(media.altText.length > 0 && description.length <= 280);
        const picture = readFileSync(path.join(projectDir, media.svg), 'utf8');
        // VS Code forbids styles and scripts in it; a colour of its own would be lost in some theme.
        assert.doesNotMatch(picture, /<style|style=|<script|<image|#[0-9a-f]{3,8}\b|rgb\(/i);
        assert.ok(picture.length < 5000);
      }
    }
  });

  it('mask each secret that is typed, and keep its box open while somebody copies it in another window', () => {
    // One place makes the boxes, so that none goes round what a step says of itself.
    const source = path.join(projectDir, 'src', 'vscode');
    const filesWith = (pattern: RegExp): string[] =>
      readdirSync(source, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && pattern.test(readFileSync(path.join(source, name), 'utf8')))
        .sort();
    assert.deepEqual(filesWith(/InputBox\(/), ['ui/quickInput.ts']);
    // The API key, and the keys that sign user tokens.
    assert.deepEqual(filesWith(/password: true,[^}]*ignoreFocusOut: true,/), [
      'check/tokenSource.ts',
      'connect/setApiKey.ts',
      'issue/signUserToken.ts',
    ]);
    // Besides them a base URL and the ids of users are pasted; every other box closes when one looks elsewhere.
    assert.deepEqual(filesWith(/ignoreFocusOut: true,/), [
      'browse/findUsers.ts',
      'check/tokenSource.ts',
      'connect/connections.ts',
      'connect/setApiKey.ts',
      'issue/signUserToken.ts',
    ]);
  });

  it('work in an untrusted and in a virtual workspace, and do not slow down the start', () => {
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, true);
    assert.equal(manifest.capabilities.virtualWorkspaces, true);
    assert.deepEqual(manifest.activationEvents, ['onStartupFinished', 'onWebviewPanel:magicbellTokens.overview']);
  });
});

function groupName(group: string | undefined): string {
  return group?.split('@')[0] ?? '';
}

function isFor({ when = '' }: MenuEntry, view: string): boolean {
  return matches(when, 'view', view);
}

/** Whether a clause asks for this value of a key, by equality or by a pattern. */
function matches(clause: string, key: string, value: string): boolean {
  if (new RegExp(`\\b${key} == (\\S+)`).exec(clause)?.[1] === value) return true;
  const pattern = new RegExp(`\\b${key} =~ /(\\S+)/`).exec(clause)?.[1];
  return pattern !== undefined && new RegExp(pattern).test(value);
}
