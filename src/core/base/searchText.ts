/**
 * Text as searches compare it: without regard to case and Unicode form ("é" is one or two code points, depending on
 * keyboard and system). Only for comparing, never for showing or sending.
 */
export const searchText = (text: string): string => text.normalize('NFKC').toLowerCase().normalize('NFC');

/** Whether a person who typed `typed` has typed this name: spaces around it and the spelling of its characters aside. */
export const isSameName = (typed: string, name: string): boolean =>
  typed.normalize('NFC').trim() === name.normalize('NFC').trim();
