/** What a report says about where a problem occurred. Never a name, an address or a secret. */
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
  /** Where reports are read: the address of the issues page. Undefined: package.json names none. */
  readonly issuesUrl: string | undefined;
}

const maxRequestIds = 5;
const email = /[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g;

/** Home folders on each system, up to the user's name, in paths and in `file:` URLs. */
const userFolder =
  /(?:\b[a-z](?::|%3a))?(?:\\{1,2}|\/|%5c|%2f)(?:users|home|documents and settings)(?:\\{1,2}|\/|%5c|%2f)[^\\/\s"'<>|:*?]{1,100}/gi;

/** The text of a bug report, to be read and completed by a person before it is posted. */
export function issueReport(facts: IssueFacts): string {
  const withoutUser = userRemover(facts.homeFolder);
  const log = facts.log.map((line) => withoutUser(line).replace(email, '<email>'));
  const ids = facts.log
    .flatMap((line) => /, request id ([\w-]{8,64}) \(attempt/.exec(line)?.[1] ?? [])
    .slice(-maxRequestIds);
  return [
    'MagicBell Tokens: issue report',
    sendTo(facts.issuesUrl),
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
    `Connections: ${facts.connection}`,
    ...(ids.length === 0 ? [] : [`MagicBell’s ids of the last requests: ${ids.join(', ')}`]),
    '',
    'The last lines of the log. Keys, values, emails and user names in paths are removed.',
    'Please read them before you send them.',
    '',
    ...(log.length === 0 ? ['(nothing was logged)'] : log),
    '',
  ].join('\n');
}

const sendTo = (issuesUrl: string | undefined): string =>
  issuesUrl === undefined
    ? 'Complete it and send it to the publisher, whose address is on the extension’s page in VS Code.'
    : `Complete it and post it at ${issuesUrl}`;

/** Removes the user's name from paths: the home folder in each of its spellings first, then what looks like one. */
function userRemover(homeFolder: string): (line: string) => string {
  const spellings =
    homeFolder.length > 1
      ? [homeFolder, homeFolder.replaceAll('\\', '/'), homeFolder.replaceAll('\\', '\\\\'), asUrlPath(homeFolder)]
      : [];
  return (line) => {
    let text = line;
    for (const spelling of new Set(spellings)) {
      // Windows does not distinguish capitals: "c:" and "C:" are one drive.
      text = text.replace(new RegExp(spelling.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi'), '~');
    }
    return text.replace(userFolder, '~');
  };
}

/** The folder as a `file:` URL spells it. With an encoded colon after the drive, `userFolder` matches it instead. */
const asUrlPath = (folder: string): string => encodeURI(folder.replaceAll('\\', '/'));
