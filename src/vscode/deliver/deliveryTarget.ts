import * as vscode from 'vscode';
import { type CopyFormat, describeFormat } from '../../core/delivery/copyFormat.ts';
import type { TokenKind } from '../../core/model/token.ts';
import { deliverToDotenv } from './deliverToDotenv.ts';
import { deliverValue } from './deliverValue.ts';
import { type DotenvTarget, pickDotenvTarget } from './dotenvTarget.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { askVariable } from './variableName.ts';

/** Where a value goes, and how it is written there. */
export type DeliveryTarget =
  | { readonly type: 'clipboard'; readonly format: CopyFormat }
  | { readonly type: 'dotenv'; readonly target: DotenvTarget };

/** The titles of the two ways that are not the usual one. */
export const targetTitles = { dotenv: 'Deliver to .env…', copyAs: 'Copy As…' } as const;

/** Asks all that there is to ask about a destination, so that nothing stands in a value's way when it comes. */
export async function pickDeliveryTarget(
  services: Services,
  which: keyof typeof targetTitles,
  kind: TokenKind,
): Promise<DeliveryTarget | undefined> {
  if (which === 'dotenv') {
    const target = await pickDotenvTarget(services, kind);
    return target && { type: 'dotenv', target };
  }
  const format = await pickCopyFormat(services, kind);
  return format && { type: 'clipboard', format };
}

/** Delivers a pending value, to the clipboard if nothing else was chosen, and says what happened. */
export async function deliverTo(
  services: Services,
  id: string,
  destination: DeliveryTarget | undefined,
): Promise<void> {
  if (destination?.type === 'dotenv') await deliverToDotenv(services, id, destination.target);
  else await deliverValue(services, id, destination?.format);
}

/** A few words for a prompt. */
export function describeTarget(destination: DeliveryTarget): string {
  return destination.type === 'dotenv'
    ? `to ${destination.target.shown} as ${destination.target.variable}`
    : `to the clipboard as ${describeFormat(destination.format)}`;
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
