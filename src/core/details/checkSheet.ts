import { displayText } from '../base/displayText.ts';
import { redactPatterns } from '../base/redaction.ts';
import type { TokenReport } from '../checking/checkReport.ts';
import type { TokenIdentity } from '../checking/tokenIdentity.ts';
import type { LedgerEntry } from '../ledger/ledgerEntry.ts';
import type { Token } from '../model/token.ts';
import type { SheetMessage, SheetRow } from '../pages/sheet.ts';
import { shown } from '../pages/shown.ts';
import {
  deliveredRows,
  historySection,
  instantRow,
  kindText,
  lifeOf,
  lookOf,
  type SheetContext,
  type SheetProject,
  sheetButton,
  sheetOf,
  sheetRow,
  sheetText,
  tokenButtons,
  tokenFacts,
  type TokenKnowledge,
} from './tokenSheet.ts';

/** The result of checking a pasted token. Never holds the token itself. */
export interface CheckedToken {
  readonly report: Pick<TokenReport, 'identity' | 'summary' | 'lifetime' | 'notes' | 'claims'>;
  /** Its row, when it is in a loaded list. */
  readonly row: TokenKnowledge | undefined;
  /** Its ledger entry, when it was issued or signed here. */
  readonly record: Pick<LedgerEntry, 'isSigned' | 'madeAt' | 'deliveredTo'> | undefined;
  /** The project of its row or record. */
  readonly project: SheetProject | undefined;
  /** Whether the pasted text contained more than the token. */
  readonly isWrapped: boolean;
  /** The hosts that can be asked whether it is alive. */
  readonly hosts: readonly string[];
  /** The verdict of the host that was asked; undefined before. */
  readonly answer: string | undefined;
  readonly canSignAgain: boolean;
}

/** The page about a pasted token. */
export function checkSheet(checked: CheckedToken, context: SheetContext): SheetMessage {
  const { report, row, project, isWrapped, hosts, answer, canSignAgain } = checked;
  const { now, format } = context;
  const token = row?.token ?? standIn(report.identity);
  return sheetOf({
    title: claimed(report.summary),
    subtitle: shown(['Checked on this computer', ...(project === undefined ? [] : [project.name])].join(' · ')),
    isProduction: project?.isProduction === true,
    look: token === undefined ? 'unknown' : lookOf(token, context),
    state: sheetText(report.lifetime ?? ''),
    life: token === undefined ? null : lifeOf(token, format),
    answer: claimed(answer ?? ''),
    notices: [
      ...report.notes,
      ...(isWrapped ? ['There was more in what was pasted than the token: only the token was looked at.'] : []),
    ].map(claimed),
    facts: row === undefined ? factsOf(checked, context) : tokenFacts(row, format),
    buttons: [
      ...hosts.map((host, place) =>
        sheetButton('ask', `Is It Alive? Ask ${host}`, {
          place,
          hint: `Sends the token to ${host}, once`,
        }),
      ),
      ...(row === undefined ? [] : [sheetButton('details', 'Details'), ...tokenButtons(row.token, now)]),
      ...(canSignAgain ? [sheetButton('signAgain', 'Sign Again…')] : []),
    ],
    sections: [
      ...(report.claims.length === 0
        ? []
        : [
            {
              title: shown('Claims, as they stand in it'),
              rows: report.claims.map(({ name, value }) => sheetRow(name, value)),
              empty: shown(''),
            },
          ]),
      ...(row === undefined ? [] : [historySection(row, format)]),
    ],
  });
}

/** Text from a token's claims, which may contain a secret. Redacted last: see `claimRows`. */
const claimed = (text: string): SheetRow['value'] => sheetText(redactPatterns(displayText(text)));

/** A token made from claims, for the display of its lifetime. */
const standIn = (identity: TokenIdentity | undefined): Token | undefined =>
  identity && {
    kind: identity.kind ?? 'project',
    id: undefined,
    name: undefined,
    createdAt: identity.issuedAt ?? new Date(0),
    expiresAt: identity.expiresAt,
    ...(identity.isExpiryUnknown ? { isExpiryUnknown: true } : {}),
    revokedAt: undefined,
    lastUsedAt: undefined,
  };

/** The facts from the token's claims and its record. */
function factsOf({ report, record }: CheckedToken, { format }: SheetContext): readonly SheetRow[] {
  const { kind, userEmail, userExternalId, projectName, issuedAt, expiresAt } = report.identity ?? {};
  const users = [userEmail, userExternalId].filter((each) => each !== undefined);
  return [
    ...(kind === undefined ? [] : [sheetRow('Kind', kindText({ kind }))]),
    ...(users.length === 0 ? [] : [sheetRow('User', claimed(users.join(', ')))]),
    ...(projectName === undefined ? [] : [sheetRow('Project', claimed(projectName))]),
    ...(issuedAt === undefined ? [] : [instantRow('Created', issuedAt, format)]),
    ...(expiresAt === undefined ? [] : [instantRow('Expires', expiresAt, format)]),
    ...(record === undefined
      ? []
      : [instantRow(record.isSigned ? 'Signed here' : 'Issued here', record.madeAt, format)]),
    ...deliveredRows(record?.deliveredTo ?? []),
  ];
}
