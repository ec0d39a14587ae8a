import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { statusAsBearer } from '../support/bearer.ts';
import { projectTokens, useProduct, userTokens } from '../support/productWindow.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

/** What a person does: one press, or one answer with the Enter that ends it. */
class Hand {
  interactions = 0;

  async does(what: Promise<unknown>): Promise<void> {
    this.interactions += 1;
    await what;
  }

  answers(window: Workbench, text?: string): Promise<void> {
    return this.does(
      (async () => {
        if (text !== undefined) await window.quickInput.paste(text);
        await window.quickInput.accept();
      })(),
    );
  }
}

describe('The first minute, with the package in a clean VS Code', () => {
  const product = useProduct({ packaged: true });

  it('takes at most six interactions from the key to a new token on the clipboard, and shows no welcome when there is a key @smoke', async () => {
    const api = await product.api();
    const window = await product.open(api);
    const hand = new Hand();
    await hand.does(window.openContainer('MagicBell'));
    await hand.does(window.pressWelcome(projectTokens, 'Set API Key…'));
    await window.quickInput.waitForTitle('Set API Key');
    await hand.answers(window, api.token);
    await window.row('CI deploy', projectTokens).waitFor();
    await hand.does(window.viewAction(projectTokens, 'Create Project Token…'));
    await window.quickInput.waitForTitle('Create Project Token (1/2)');
    await hand.answers(window, 'First token');
    await window.quickInput.waitForTitle('Create Project Token (2/2)');
    await hand.answers(window);
    await window.toast('The value of “First token” is copied. It cannot be shown again.');
    assert.equal(await statusAsBearer(api, 'project', await window.readClipboard()), 200);
    assert.equal(hand.interactions, 6);
    await reloadAndRecord(window);
    await settled(window.row('CI deploy', projectTokens));
    await settled(window.row('hana@example.com', userTokens));
    assert.deepEqual(await welcomesSeen(window.page), []);
  });

  it('shows nothing but the welcome of the signed-out, and is walked through: a picture, an action and a mark for each step', async () => {
    const api = await product.api();
    const window = await product.open(api);
    const { page, quickInput } = window;
    await window.openContainer('MagicBell');
    const welcomes = [await window.welcome(projectTokens), await window.welcome(userTokens)];
    await reloadAndRecord(window);
    await settled(page.locator('.sidebar .welcome-view-content:visible').nth(1));
    assert.deepEqual(await welcomesSeen(page), welcomes.map(({ text }) => words(text)).sort());

    await window.palette('Welcome: Open Walkthrough...');
    await quickInput.pick('First Steps with MagicBell');
    const steps = page.locator('.getting-started-step');
    await steps.first().waitFor();
    const titles = await steps.locator('.step-title').allInnerTexts();
    assert.deepEqual(titles, ['Connect', 'Browse', 'Issue', 'Revoke', 'Watch']);
    const done = (step: string) => steps.filter({ hasText: step }).locator('.codicon.complete, .codicon-pass-filled');

    assert.equal(await done('Connect').count(), 0);
    const hand = new Hand();
    await hand.does(page.getByRole('button', { name: 'Set API Key…' }).first().click());
    await quickInput.waitForTitle('Set API Key');
    await hand.answers(window, api.token);
    await done('Connect').first().waitFor();
    await picture(page);

    await hand.does(steps.filter({ hasText: 'Issue' }).first().click());
    await hand.does(page.getByRole('button', { name: 'Create Project Token…' }).first().click());
    await quickInput.waitForTitle('Create Project Token (1/2)');
    await hand.answers(window, 'Walked');
    await quickInput.waitForTitle('Create Project Token (2/2)');
    await hand.answers(window);
    await window.toast('The value of “Walked” is copied. It cannot be shown again.');
    await done('Issue').first().waitFor();
    assert.equal(hand.interactions, 6);
    await picture(page);
  });

  it('ticks the steps of the walkthrough that were taken before it was opened', async () => {
    const { window } = await product.connected();
    const { page, quickInput } = window;
    await window.row('CI deploy', projectTokens).waitFor();
    await window.palette('MagicBell: Show Expiring Tokens…');
    await quickInput.waitForTitle('Expiring Tokens');
    await quickInput.cancel();
    await window.palette('Welcome: Open Walkthrough...');
    await quickInput.pick('First Steps with MagicBell');
    const steps = page.locator('.getting-started-step');
    for (const name of ['Connect', 'Browse', 'Watch']) {
      await steps.filter({ hasText: name }).locator('.codicon.complete, .codicon-pass-filled').first().waitFor();
    }
    for (const name of ['Issue', 'Revoke']) {
      const step = steps.filter({ has: page.locator('.step-title', { hasText: name }) });
      assert.equal(await step.locator('.codicon.complete, .codicon-pass-filled').count(), 0, name);
    }
  });
});

async function reloadAndRecord(window: Workbench): Promise<void> {
  await window.page.addInitScript(recordWelcomes);
  await window.reload();
  // Open already, unless the reload came before VS Code had noted that.
  await window.openContainer('MagicBell');
}

/** A window that starts on a busy machine takes its time. */
async function settled(what: Locator): Promise<void> {
  await what.waitFor({ timeout: 40_000 });
}

/** Waits for the step's picture, which VS Code shows in a frame of its own. */
async function picture(page: Page): Promise<void> {
  const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await frame.locator('svg text').first().waitFor();
}

/** Notes each welcome that can be seen, in each frame that is painted after a change. */
const recordWelcomes = `(() => {
  const seen = new Set();
  globalThis.welcomesSeen = seen;
  let isDue = false;
  const look = () => {
    isDue = false;
    for (const welcome of document.querySelectorAll('.sidebar .welcome-view-content')) {
      if (welcome.getClientRects().length > 0) seen.add(welcome.innerText.replace(/\\s+/g, ' ').trim());
    }
  };
  new MutationObserver(() => {
    if (!isDue) requestAnimationFrame(look);
    isDue = true;
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
})()`;

async function welcomesSeen(page: Page): Promise<string[]> {
  return page.evaluate<string[]>('[...globalThis.welcomesSeen].sort()');
}

function words(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
