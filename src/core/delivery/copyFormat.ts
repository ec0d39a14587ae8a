import { Secret } from '../base/secret.ts';

/** The format of a value on the clipboard: the bare value, a line that sets a variable, or an HTTP header. */
export type CopyFormat =
  | { readonly type: 'value' | 'header' }
  | { readonly type: 'variable' | 'export' | 'powershell'; readonly name: string };

export function formatValue(value: Secret, format: CopyFormat): Secret {
  const text = value.reveal();
  switch (format.type) {
    case 'value':
      return value;
    case 'variable':
      return new Secret(`${format.name}=${text}`);
    case 'export':
      return new Secret(`export ${format.name}=${isPlain(text) ? text : `'${text.replaceAll("'", "'\\''")}'`}`);
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
const isPlain = (text: string): boolean => /^[\w.~+/:@%,-]+$/.test(text);
