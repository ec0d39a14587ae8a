import { Secret } from '../base/secret.ts';

/** The format of a value on the clipboard: the bare value, a line that sets a variable, or an HTTP header. */
export type CopyFormat = { readonly type: 'value' | 'header' } | { readonly type: NamedFormat; readonly name: string };

/** The formats that set a variable. */
export const namedFormats = ['variable', 'export', 'powershell'] as const;
type NamedFormat = (typeof namedFormats)[number];

export function formatValue(value: Secret, format: CopyFormat): Secret {
  const text = value.reveal();
  switch (format.type) {
    case 'value':
      return value;
    case 'variable':
      return new Secret(`${format.name}=${text}`);
    case 'export':
      return new Secret(`export ${format.name}=${needsNoQuotes(text) ? text : `'${text.replaceAll("'", "'\\''")}'`}`);
    case 'powershell':
      return new Secret(`$env:${format.name}='${text.replaceAll("'", "''")}'`);
    case 'header':
      return new Secret(`Authorization: Bearer ${text}`);
  }
}

/** The text that is copied, with "…" in place of the value. */
export function describeFormat(format: CopyFormat): string {
  switch (format.type) {
    case 'value':
      return 'the value';
    case 'variable':
      return `${format.name}=…`;
    case 'export':
      return `export ${format.name}=…`;
    case 'powershell':
      return `$env:${format.name}=…`;
    case 'header':
      return 'Authorization: Bearer …';
  }
}

/** Whether the text has no characters that are special in a shell. */
const needsNoQuotes = (text: string): boolean => /^[\w.~+/:@%,-]+$/.test(text);
