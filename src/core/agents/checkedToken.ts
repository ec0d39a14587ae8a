import { Secret } from '../base/secret.ts';
import { type KnownConnection, type TokenReport, checkToken } from '../checking/checkReport.ts';
import { unwrapSecret } from '../checking/pastedSecret.ts';
import { type ListedToken, identityOf, isSameProject } from '../checking/tokenIdentity.ts';
import { type AnswerData, dataText } from './answer.ts';
import { instantText } from './tokenData.ts';

/** Larger files hold no token that a person put there. */
export const maxFileBytes = 1024 * 1024;

/** One line of a text, counted from 1. Undefined: it has none of that number. */
export const lineOf = (text: string, line: number): string | undefined => text.split(/\r\n|\n|\r/)[line - 1];

/** What is found out about the token in a line of a file: the line itself goes no further. */
export interface CheckedLine<T extends ListedToken> {
  readonly report: TokenReport<T>;
  readonly isOwnKey: boolean;
  readonly data: AnswerData;
}

/** Whether the token in a line may be one of this project: its claims do not say that it is another's. */
export function mayBeOf(line: Secret, { key }: Pick<KnownConnection, 'key'>): boolean {
  const identity = identityOf(line);
  return identity?.isMagicBells === true && isSameProject(identityOf(key), identity) !== false;
}

/** Decodes the token in a line and compares it with what is known here. Asks nobody. */
export function checkLine<T extends ListedToken>(
  line: Secret,
  connections: readonly KnownConnection<T>[],
  now: Date,
): CheckedLine<T> {
  const token = new Secret(unwrapSecret(line.reveal(), 'token'));
  const report = checkToken({ token, connections, record: undefined, defaultBaseUrl: undefined, now });
  const { identity } = report;
  return {
    report,
    isOwnKey: connections.some(({ key }) => key.equals(token)),
    data: {
      finding: dataText(report.summary, 300),
      kind: identity?.kind,
      project: identity?.projectName === undefined ? undefined : dataText(identity.projectName),
      issued: identity?.issuedAt === undefined ? undefined : instantText(identity.issuedAt),
      expires: identity?.expiresAt === undefined ? undefined : instantText(identity.expiresAt),
    },
  };
}
