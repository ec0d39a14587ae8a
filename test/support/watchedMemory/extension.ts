import type { ExtensionContext } from 'vscode';
import { activate as activateCaptured } from '../capturedLog/extension.ts';
import { watchMemory } from './memory.ts';

export { deactivate } from '../../../src/extension.ts';

/** Starts the extension with its log captured and its memory to be looked at. */
export function activate(context: ExtensionContext): void {
  const { MEMORY_TELL: tell = '', MEMORY_REQUEST: request = '' } = process.env;
  watchMemory(tell, request);
  activateCaptured(context);
}
