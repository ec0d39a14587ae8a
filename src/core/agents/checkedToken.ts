import { Secret } from '../base/secret.ts';
import { type CheckInput, type ComparedConnection, type TokenReport, reportOnToken } from '../checking/checkReport.ts';
import { unwrapSecret } from '../checking/pastedSecret.ts';
import { type ListedToken, identityOf, isSameProject } from '../checking/tokenIdentity.ts';
import { type AnswerData, dataText } from './answer.ts';
import { instantText } from './tokenData.ts';

/** Larger files are not read: they are unlikely to be settings or source code. */
export const maxFileBytes = 1024 * 1024;

/** A line of a text, counted from 1. Undefined when there is no such line. */
export const lineOf = (text: string, line: number): string | undefined => text.split(/\r\n|\n|\r/)[line - 1];

/** The result of checking the token in a line of a file. Does not contain the line. */
export interface CheckedLine<T extends ListedToken> {
  readonly report: TokenReport<T>;
  readonly isOwnKey: boolean;
  readonly data: AnswerData;
}

/** The token in a line, without its surroundings. */
export const tokenIn = (line: Secret): Secret => new Secret(unwrapSecret(line.reveal(), 'token'));

type Recorded = CheckInput<ListedToken>['record'];

/** Whether a project may list a token: it was issued there, or its claims do not name another project. */
export function mayBeOf(token: Secret, { id, key }: Pick<ComparedConnection, 'id' | 'key'>, record: Recorded): boolean {
  if (record !== undefined) return record.connectionId === id && !record.isSigned;
  const identity = identityOf(token);
  return identity?.isMagicBells === true && isSameProject(identityOf(key), identity) !== false;
}

/** Decodes a token and compares it with local data. Sends no request. @param record found by its fingerprint */
export function checkLine<T extends ListedToken>(input: Omit<CheckInput<T>, 'defaultBaseUrl'>): CheckedLine<T> {
  const { token, connections, record } = input;
  const report = reportOnToken({ ...input, defaultBaseUrl: undefined });
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
