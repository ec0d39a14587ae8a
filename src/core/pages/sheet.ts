import { type Guard, isCount, isFlag, isNumber, isText, listOf, oneOf, orNull, record } from './guards.ts';
import type { Shown } from './shown.ts';

/** What can be done from a sheet: the same as from a row of the views. */
const sheetActions = ['revoke', 'rotate', 'copyId', 'showInList', 'details', 'signAgain', 'ask'] as const;

export type SheetAction = (typeof sheetActions)[number];

const sheetLooks = ['active', 'soon', 'expired', 'revoked', 'unknown'] as const;

/** How what a sheet is about stands: decides its sign and colour. */
export type SheetLook = (typeof sheetLooks)[number];

/** Something that is known: what, and a line below it. */
export interface SheetRow {
  readonly label: Shown;
  readonly value: Shown;
  /** Quieter: the same instant in UTC, for example. Empty: nothing. */
  readonly more: Shown;
  /** What can be done with it. */
  readonly action: SheetAction | null;
}

/** Rows under a heading of their own. */
export interface SheetSection {
  readonly title: Shown;
  readonly rows: readonly SheetRow[];
  /** What stands in the place of rows when there are none. */
  readonly empty: Shown;
}

/** Something that can be done. */
export interface SheetButton {
  readonly action: SheetAction;
  /** Tells several of one action apart: the place of an address. */
  readonly place: number;
  readonly label: Shown;
  /** What it does beside its name; empty: its name says it. */
  readonly hint: Shown;
}

/** What a page is about, as it is kept over a reload: ids and a time. */
export interface SheetSubject {
  readonly connection: string;
  readonly kind: string;
  /** Empty when MagicBell sent none. */
  readonly id: string;
  /** Whose it is; empty for a project token. */
  readonly user: string;
  /** When it was created: all that tells it from others where it has no id. */
  readonly at: string;
}

/** A page about one token: metadata only, texts as they are shown. */
export interface SheetMessage {
  readonly type: 'sheet';
  readonly title: Shown;
  readonly subtitle: Shown;
  readonly isProduction: boolean;
  readonly look: SheetLook;
  /** In words; empty: nothing is known. */
  readonly state: Shown;
  /** From its creation to its expiry, where both are known. */
  readonly life: {
    readonly from: number;
    readonly to: number;
    readonly fromText: Shown;
    readonly toText: Shown;
  } | null;
  /** What came of the last action; empty: nothing yet. */
  readonly answer: Shown;
  /** What to know, or to do something about. */
  readonly notices: readonly Shown[];
  readonly facts: readonly SheetRow[];
  readonly buttons: readonly SheetButton[];
  readonly sections: readonly SheetSection[];
  /** Null: nothing of it is kept. */
  readonly subject: SheetSubject | null;
}

/** What a sheet sends to the host. */
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

/** What the host has sent; undefined when it is no sheet. */
export const parseSheet = (data: unknown): SheetMessage | undefined =>
  isSheet(data) ? (data as SheetMessage) : undefined;

/** What a sheet has sent; undefined when it is no message of ours. */
export const parseSheetPageMessage = (data: unknown): SheetPageMessage | undefined =>
  pageMessages.some((is) => is(data)) ? (data as SheetPageMessage) : undefined;

/** What a page has kept over a reload; undefined when it cannot be read. */
export function keptSubject(state: unknown): SheetSubject | undefined {
  const subject = typeof state === 'object' && state !== null && 'subject' in state ? state.subject : undefined;
  return isSubject(subject) ? (subject as SheetSubject) : undefined;
}
