import { appendFileSync } from 'node:fs';
import { type ExtensionContext, type LogOutputChannel, window } from 'vscode';
import { callTool } from '../agent.ts';
import { serveToolCalls } from '../toolCalls.ts';
import { activate as activateProduct } from '../../../src/extension.ts';

export { deactivate } from '../../../src/extension.ts';

/**
 * Starts the extension as it ships, and keeps a copy of all that it logs: VS Code's server has no log files here. Its
 * tools can be called from outside.
 */
export function activate(context: ExtensionContext): void {
  const { CAPTURED_LOG: file = '', CAPTURED_LOG_CANARY: canary = '', TOOL_CALLS: toolCalls } = process.env;
  const create = window.createOutputChannel as (name: string, options: { log: true }) => LogOutputChannel;
  const createCaptured = (name: string, options: { log: true }): LogOutputChannel => {
    const channel = create(name, options);
    return new Proxy(channel, {
      get: (target, property): unknown => {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          appendFileSync(file, `${String(property)} ${JSON.stringify(args)}\n`);
          return Reflect.apply(value, target, args);
        };
      },
    });
  };
  Object.assign(window, { createOutputChannel: createCaptured });
  const own = window.createOutputChannel('Canary', { log: true });
  own.trace(canary);
  own.dispose();
  activateProduct(context);
  if (toolCalls !== undefined) serveToolCalls(toolCalls, callTool);
}
