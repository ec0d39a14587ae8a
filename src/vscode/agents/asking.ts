import * as vscode from 'vscode';
import type { Answer } from '../../core/agents/answer.ts';
import { displayText } from '../../core/base/displayText.ts';
import type { Clock } from '../../core/base/clock.ts';
import type { Place } from '../../core/delivery/place.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { projectName } from '../../core/connections/projectName.ts';
import { type targetTitles, pickDeliveryTarget } from '../deliver/deliveryTarget.ts';
import type { TokenKind } from '../../core/model/token.ts';
import type { Services } from '../services.ts';
import { contextKeys } from '../ui/ids.ts';

/** A window that does not answer within this time is taken for closed. */
const windowTimeoutMs = 5000;
const longestName = 80;

/** The services of windows with an open question. */
const asking = new WeakSet<Services>();

/**
 * Runs an action that asks the user for a confirmation. Refuses without a window, or while another question is open,
 * so that the user cannot confirm one question while reading another.
 */
export async function withOneQuestion(services: Services, run: () => Promise<Answer>): Promise<Answer> {
  if (!(await hasWindow(services.clock)))
    return { says: 'Nothing was changed: no window is there in which a person could confirm it.' };
  if (asking.has(services))
    return { says: 'Nothing was changed: the person has not answered an earlier question yet. Wait for that.' };
  asking.add(services);
  try {
    return await run();
  } finally {
    asking.delete(services);
  }
}

export const declined: Answer = {
  says: 'Nothing was changed: the person declined. Do not ask again unless the person asks for it.',
};

export const givenUp: Answer = { says: 'Nothing was changed: the call was cancelled before it was confirmed.' };

/** Whether the extension host still has a window: without one, no dialog is ever shown. */
async function hasWindow(clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = clock.after(windowTimeoutMs, () => resolve(false));
    const answer = (isThere: boolean): void => {
      timer.dispose();
      resolve(isThere);
    };
    vscode.commands.executeCommand('setContext', contextKeys.ping, true).then(
      () => answer(true),
      () => answer(false),
    );
  });
}

/** A name from an agent or the server, shortened for a dialog, so that it cannot pose as a question of its own. */
export const shownName = (name: string): string => displayText(name, 'plain', longestName);

type Way = 'clipboard' | keyof typeof targetTitles;
const ways: Readonly<Record<string, Way>> = {
  'Copy to Clipboard': 'clipboard',
  'Write to .env…': 'dotenv',
  'Give to Command…': 'command',
};

/** The destination that the user has chosen for a value. */
export interface ChosenWay {
  /** The destination as the agent is told it. */
  readonly words: string;
  /** Undefined: the clipboard. */
  readonly places?: readonly Place[];
}

/** Asks in one dialog whether to create a token and where to deliver its value. Undefined if the user declines. */
export async function askWhere(
  services: Services,
  connection: Connection,
  { title, lines, kind }: { readonly title: string; readonly lines: readonly string[]; readonly kind: TokenKind },
): Promise<ChosenWay | undefined> {
  const detail = [
    `Project: ${projectName(connection)}`,
    ...lines,
    '',
    'The agent does not get the value. Where should it go?',
  ].join('\n');
  const choice = await vscode.window.showWarningMessage(title, { modal: true, detail }, ...Object.keys(ways));
  const way = choice === undefined ? undefined : ways[choice];
  if (way === undefined) return undefined;
  if (way === 'clipboard') return { words: 'the clipboard' };
  const place = await pickDeliveryTarget(services, way, kind);
  if (place === undefined) return undefined;
  return { words: way === 'dotenv' ? 'a .env file' : 'a command', places: [place] };
}
