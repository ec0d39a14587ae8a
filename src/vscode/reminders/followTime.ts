import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import { PassingTime } from '../../core/reminders/passingTime.ts';
import type { Services } from '../services.ts';
import type { Reminders } from './reminders.ts';

/** Changes within this time count as one. */
const resetDelayMs = 200;

/** Keeps rows and pages up to date as time passes: at the next crossing, due time or midnight, and on window focus. */
export function followTime(services: Services, { rotations, wallClock }: Reminders): Disposable {
  const { connections, views, pages, settings, clock, timePassed } = services;
  const disposables = new DisposableStore();
  const trees = [views.project.tree, views.user.tree];
  const passing = disposables.add(
    new PassingTime({
      clock,
      wallClock,
      tokens: () =>
        connections.all.map((connection) => ({ tokens: connection.store.seenTokens, now: connection.now() })),
      instants: () => rotations.dueTimes,
      soonDays: () => settings.soonDays,
      isShown: () => trees.some(({ visible }) => visible) || pages.areOpen,
    }),
  );
  const waiting = disposables.add(new DisposableStore());
  const resetSoon = (): void => {
    waiting.clear();
    waiting.add(clock.after(resetDelayMs, () => passing.reset()));
  };
  const check = (): void => passing.check();
  disposables.add(connections.onDidChangeStore(resetSoon));
  disposables.add(rotations.onDidChange(resetSoon));
  for (const tree of trees) disposables.add(tree.onDidChangeVisibility(check));
  disposables.add(pages.onDidChange(check));
  disposables.add(
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) check();
    }),
  );
  disposables.add(
    passing.onDidPass(() => {
      views.refresh();
      timePassed.fire();
    }),
  );
  resetSoon();
  return disposables;
}
