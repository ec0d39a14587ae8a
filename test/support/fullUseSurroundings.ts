import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LocalApi } from '../server/localApi.ts';
import { madeUpSecret } from './secretSearch.ts';
import { temporaryFolder } from './vscode/temporaryFolder.ts';

/** What a full use needs around VS Code: a home with the login of the MagicBell CLI, a program, and a way to call tools. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The socket of `serveToolCalls`. */
  readonly toolCalls: string;
  /** Logs the MagicBell CLI in; gives the Secret Key that its file holds. */
  readonly logIn: (api: LocalApi) => string;
  /** What the program was given on its standard input. */
  readonly received: () => string;
}

export function surroundings(): Surroundings {
  // Short, as the path of a socket has to be.
  const folder = temporaryFolder('full-use', tmpdir());
  const home = path.join(folder, 'home');
  mkdirSync(path.join(home, '.magicbell'), { recursive: true });
  const program = path.join(folder, 'vault');
  // It prints what it gets, as programs do when something is wrong.
  writeFileSync(program, `#!/bin/sh\ncat > "$0.stdin"\ncat "$0.stdin"\n`);
  chmodSync(program, 0o755);
  const toolCalls = path.join(folder, 'tools');
  return {
    env: { HOME: home, TOOL_CALLS: toolCalls },
    settings: {
      'magicbellTokens.agents': 'change',
      'magicbellTokens.commandTemplates': [{ label: 'Vault', command: [program, 'put', '{variable}'] }],
    },
    toolCalls,
    logIn: ({ token, keys }) => {
      const secretKey = madeUpSecret();
      const login = { email: 'hana@example.com', jwt: token, api_key: keys.apiKey, secret_key: `sk_${secretKey}` };
      const file = path.join(home, '.magicbell', 'config.json');
      writeFileSync(file, JSON.stringify(login), { mode: 0o600 });
      return login.secret_key;
    },
    received: () => readFileSync(`${program}.stdin`, 'utf8'),
  };
}
