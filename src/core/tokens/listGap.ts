import type { CutShort } from '../magicbell/paging.ts';

/** Why a list with nothing left to load does not contain everything that the API has. */
export interface ListGap {
  /** Rows in a form that cannot be read. */
  readonly unreadableItems: number;
  readonly cutShort: CutShort | undefined;
}

/** What is missing and why, as the end of "Not everything is shown: …". */
export function listGapText({ unreadableItems, cutShort }: ListGap): string {
  const rows =
    unreadableItems === 0
      ? []
      : [unreadableItems === 1 ? '1 entry cannot be read' : `${unreadableItems} entries cannot be read`];
  return [...rows, ...(cutShort === undefined ? [] : [cutShortText(cutShort)])].join('; ');
}

function cutShortText(cutShort: CutShort): string {
  switch (cutShort) {
    case 'unreadableLink':
      return 'the API names a next page in a form that cannot be read';
    case 'repeats':
      return 'the API names a page as the next one that was loaded already';
    case 'nothingNew':
      return 'the API sends further pages without anything new';
    case 'tooLong':
      return 'the list is longer than can be loaded here';
  }
}
