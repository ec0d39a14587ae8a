import { Secret } from '../base/secret.ts';
import { type CheckInput, type KnownConnection, type TokenReport, checkToken } from '../checking/checkReport.ts';
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

/** The token in a line, without what stands around it. */
export const tokenIn = (line: Secret): Secret => new Secret(unwrapSecret(line.reveal(), 'token'));

type Recorded = CheckInput<ListedToken>['record'];

/** Whether a project may list a token: it was issued there, or else its claims do not say that it is another's. */
export function mayBeOf(token: Secret, { id, key }: Pick<KnownConnection, 'id' | 'key'>, record: Recorded): boolean {
  if (record !== undefined) return record.connectionId === id && !record.isSigned;
  const identity = identityOf(token);
  return identity?.isMagicBells === true && isSameProject(identityOf(key), identity) !== false;
}

/** Decodes a token and compares it with what is known here. Asks nobody. @param record as its fingerprint finds it */
export function checkLine<T extends ListedToken>(input: Omit<CheckInput<T>, 'defaultBaseUrl'>): CheckedLine<T> {
  const { token, connections, record } = input;
  const report = checkToken({ ...input, defaultBaseUrl: undefined });
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
      wasMadeHere: record === undefined ? undefined : true,
    },
  };
}
