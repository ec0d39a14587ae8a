/** What a report says about the place where something went wrong. Never a name, an address or a secret. */
export interface IssueFacts {
  readonly extensionVersion: string;
  readonly vscodeVersion: string;
  /** "Visual Studio Code, desktop" */
  readonly application: string;
  /** "linux x64, Node 20.19.0" */
  readonly system: string;
  /** VS Code's word for it: "ssh-remote", "wsl". Undefined: none. */
  readonly remote: string | undefined;
  /** "signed in to api.magicbell.com" */
  readonly connection: string;
  /** The last lines of the log, redacted, oldest first. */
  readonly log: readonly string[];
  readonly homeFolder: string;
}

const maxRequestIds = 5;
const email = /[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g;

/** The text of a bug report, to be read and completed by a person before it is posted. */
export function issueReport(facts: IssueFacts): string {
  const { homeFolder } = facts;
  const log = facts.log.map((line) => {
    const withoutHome = homeFolder.length > 1 ? line.replaceAll(homeFolder, '~') : line;
    return withoutHome.replace(email, '<email>');
  });
  const ids = facts.log
    .flatMap((line) => /, request id ([\w-]{8,64}) \(attempt/.exec(line)?.[1] ?? [])
    .slice(-maxRequestIds);
  return [
    'MagicBell Tokens: issue report',
    '',
    'What happened, and what did you expect instead?',
    '',
    '',
    'How can it be made to happen again?',
    '',
    '',
    `Extension: MagicBell Tokens ${facts.extensionVersion}`,
    `VS Code: ${facts.vscodeVersion} (${facts.application})`,
    `System: ${facts.system}`,
    `Remote: ${facts.remote ?? 'none'}`,
    `Connection: ${facts.connection}`,
    ...(ids.length === 0 ? [] : [`MagicBell’s ids of the last requests: ${ids.join(', ')}`]),
    '',
    'The last lines of the log. Keys, values and emails are taken out.',
    'Please read them all the same before you post them.',
    '',
    ...(log.length === 0 ? ['(nothing was logged)'] : log),
    '',
  ].join('\n');
}
