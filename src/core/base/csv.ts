/** Characters with which a spreadsheet formula starts, in normal and full width. */
const formulaSigns = String.raw`=+\-@\uFF1D\uFF0B\uFF0D\uFF20`;
const formula = new RegExp(`^[${formulaSigns}\\t\\r\\n]`);
/**
 * In some locales spreadsheets split cells at another separator, and ignore quotes inside a cell. So no formula may
 * follow such a separator either.
 */
const separatorAndSign = new RegExp(`([;|\\t\\r\\n][;|\\t\\r\\n ]*)([${formulaSigns}]?)`, 'g');
/** Tells spreadsheets that the file is UTF-8; without it Excel reads it in the system's code page. */
const byteOrderMark = '\uFEFF';

/** A table as CSV (RFC 4180, UTF-8 with a byte order mark), in which no cell is a formula for a spreadsheet. */
export function csv(rows: readonly (readonly (string | undefined)[])[]): string {
  return byteOrderMark + rows.map((row) => `${row.map((cell) => quoted(cell ?? '')).join(',')}\r\n`).join('');
}

function quoted(cell: string): string {
  const inner = cell.replace(separatorAndSign, (run, gap: string, sign: string) =>
    sign === '' ? run : `${gap}'${sign}`,
  );
  const harmless = formula.test(inner) ? `'${inner}` : inner;
  return /[",;\t\r\n]/.test(harmless) || harmless !== cell ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
