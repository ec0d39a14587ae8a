import * as vscode from 'vscode';
import type { CopyFormat } from '../../core/delivery/copyFormat.ts';
import { type Place, plainClipboard } from '../../core/delivery/place.ts';
import type { TokenKind } from '../../core/model/token.ts';
import { deliverToDotenv } from './deliverToDotenv.ts';
import { deliverValue } from './deliverValue.ts';
import { clearTheWay, pickDotenvTarget } from './dotenvTarget.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { askVariable } from './variableName.ts';

/** The titles of all destinations but the plain clipboard. */
export const targetTitles = {
  dotenv: 'Deliver to .env…',
  copyAs: 'Copy As…',
  command: 'Deliver to Command…',
  terminal: 'Deliver to Terminal…',
} as const;

/** Asks everything about a destination before the token is created, so that the delivery needs no further input. */
export async function pickDeliveryTarget(
  services: Services,
  which: keyof typeof targetTitles,
  kind: TokenKind,
): Promise<Place | undefined> {
  if (which === 'dotenv') return pickDotenvTarget(services, kind);
  if (which === 'command') return (await import('./deliverToCommand.ts')).pickCommandTarget(services, kind);
  if (which === 'terminal') return (await import('./deliverToTerminal.ts')).pickTerminalTarget(services, kind);
  const format = await pickCopyFormat(services, kind);
  return format && { type: 'clipboard', format };
}

/** Whether a remembered place can take a value. Asks for the confirmations it needs, before the value exists. */
export async function confirmPlace(services: Services, place: Place): Promise<boolean> {
  switch (place.type) {
    case 'dotenv':
    case 'remoteDotenv':
      return (await clearTheWay(services, place)) !== undefined;
    case 'command':
      return (await import('./deliverToCommand.ts')).mayRun(services, place);
    case 'terminal':
      return (await import('./deliverToTerminal.ts')).mayOpenTerminal();
    case 'clipboard':
      return true;
  }
}

/** Delivers a pending value to one place, and reports the outcome. */
export async function deliverTo(services: Services, id: string, place: Place = plainClipboard): Promise<void> {
  switch (place.type) {
    case 'dotenv':
    case 'remoteDotenv':
      return deliverToDotenv(services, id, place);
    case 'command':
      return (await import('./deliverToCommand.ts')).deliverToCommand(services, id, place);
    case 'terminal':
      return (await import('./deliverToTerminal.ts')).deliverToTerminal(services, id, place);
    case 'clipboard':
      return deliverValue(services, id, place.format);
  }
}

/** "Copy As…" */
async function pickCopyFormat(services: Services, kind: TokenKind): Promise<CopyFormat | undefined> {
  const items: readonly (vscode.QuickPickItem & { readonly format: CopyFormat['type'] })[] = [
    { label: 'Value', description: 'as it is', format: 'value' },
    { label: 'NAME=value', description: 'a line for a .env file', format: 'variable' },
    { label: 'export NAME=value', description: 'a line for bash, zsh or sh', format: 'export' },
    { label: '$env:NAME=value', description: 'a line for PowerShell', format: 'powershell' },
    { label: 'Authorization: Bearer …', description: 'an HTTP header', format: 'header' },
  ];
  const picked = await showPickStep({ title: 'Copy As', items, placeholder: 'What should the clipboard hold?' });
  if (picked.type !== 'done') return undefined;
  const { format } = picked.value;
  if (format === 'value' || format === 'header') return { type: format };
  const name = await askVariable(services, kind, { title: 'Copy As' }, 'The variable’s name.');
  return name === undefined ? undefined : { type: format, name };
}
