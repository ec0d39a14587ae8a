import { type Guard, isCount, isFlag, isNumber, isText, listOf, oneOf, orNull, record } from './guards.ts';
import type { Shown } from './shown.ts';

/** The actions of a sheet: the same as of a row of the views. */
const sheetActions = ['revoke', 'rotate', 'copyId', 'showInList', 'details', 'signAgain', 'ask'] as const;

export type SheetAction = (typeof sheetActions)[number];

const sheetLooks = ['active', 'soon', 'expired', 'revoked', 'unknown'] as const;

/** The state that decides a sheet's icon and colour. */
export type SheetLook = (typeof sheetLooks)[number];

/** A labelled value, with an optional line below it. */
export interface SheetRow {
  readonly label: Shown;
  readonly value: Shown;
  /** A muted second line, for example the same time in UTC. Empty: none. */
  readonly more: Shown;
  /** The action of a button in the row. */
  readonly action: SheetAction | null;
}

/** Rows below a heading. */
export interface SheetSection {
  readonly title: Shown;
  readonly rows: readonly SheetRow[];
  /** Shown when there are no rows. */
  readonly empty: Shown;
}

/** A button of a sheet. */
export interface SheetButton {
  readonly action: SheetAction;
  /** Distinguishes buttons with the same action: the index of an address, for example. */
  readonly place: number;
  readonly label: Shown;
  /** The tooltip; empty when the label says enough. */
  readonly hint: Shown;
}

/** Identifies the subject of a page across reloads: ids and a time. */
export interface SheetSubject {
  readonly connection: string;
  readonly kind: string;
  /** Empty when MagicBell sent none. */
  readonly id: string;
  /** The id of a user token's user; empty for a project token. */
  readonly user: string;
  /** The time of creation, which identifies a token without an id. */
  readonly at: string;
}

/** A page about one token: metadata only, as display text. */
export interface SheetMessage {
  readonly type: 'sheet';
  readonly title: Shown;
  readonly subtitle: Shown;
  readonly isProduction: boolean;
  readonly look: SheetLook;
  /** The state as text; empty when it is unknown. */
  readonly state: Shown;
  /** The time from creation to expiry; null unless both are known. */
  readonly life: {
    readonly from: number;
    readonly to: number;
    readonly fromText: Shown;
    readonly toText: Shown;
  } | null;
  /** The result of the last action; empty before the first one. */
  readonly answer: Shown;
  /** Remarks and warnings. */
  readonly notices: readonly Shown[];
  readonly facts: readonly SheetRow[];
  readonly buttons: readonly SheetButton[];
  readonly sections: readonly SheetSection[];
  /** Null: the page is not restored after a reload. */
  readonly subject: SheetSubject | null;
}

/** A message from a sheet to the host. */
export type SheetPageMessage =
  { readonly type: 'ready' } | { readonly type: 'act'; readonly action: SheetAction; readonly place: number };

const isRow = record<SheetRow>({
  label: isText,
  value: isText,
  more: isText,
  action: orNull(oneOf(...sheetActions)),
});

const isSubject = record<SheetSubject>({ connection: isText, kind: isText, id: isText, user: isText, at: isText });

const isSheet = record<SheetMessage>({
  type: oneOf('sheet'),
  title: isText,
  subtitle: isText,
  isProduction: isFlag,
  look: oneOf(...sheetLooks),
  state: isText,
  life: orNull(
    record<NonNullable<SheetMessage['life']>>({ from: isNumber, to: isNumber, fromText: isText, toText: isText }),
  ),
  answer: isText,
  notices: listOf(isText),
  facts: listOf(isRow),
  buttons: listOf(record<SheetButton>({ action: oneOf(...sheetActions), place: isCount, label: isText, hint: isText })),
  sections: listOf(record<SheetSection>({ title: isText, rows: listOf(isRow), empty: isText })),
  subject: orNull(isSubject),
});

const pageMessages: readonly Guard[] = [
  record({ type: oneOf('ready') }),
  record({ type: oneOf('act'), action: oneOf(...sheetActions), place: isCount }),
];

/** Validates a message from the host; undefined when it is not a sheet. */
export const parseSheet = (data: unknown): SheetMessage | undefined =>
  isSheet(data) ? (data as SheetMessage) : undefined;

/** Validates a message from a sheet; undefined when it is not part of the protocol. */
export const parseSheetPageMessage = (data: unknown): SheetPageMessage | undefined =>
  pageMessages.some((is) => is(data)) ? (data as SheetPageMessage) : undefined;

/** The subject that a page has saved for a reload; undefined when it is invalid. */
export function keptSubject(state: unknown): SheetSubject | undefined {
  const subject = typeof state === 'object' && state !== null && 'subject' in state ? state.subject : undefined;
  return isSubject(subject) ? (subject as SheetSubject) : undefined;
}
