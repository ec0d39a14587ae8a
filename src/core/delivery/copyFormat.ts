import { Secret } from '../base/secret.ts';

/** How a value is put on the clipboard: as it is, as a line that sets a variable, or as an HTTP header. */
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

/** What is copied, with "…" for the value. */
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

/** Nothing in it means anything to a shell. */
const isPlain = (text: string): boolean => /^[\w.~+/:@%,-]+$/.test(text);
