import { Secret } from '../base/secret.ts';

/** How a value is put on the clipboard: as it is, as a line `NAME=value`, or as an HTTP header. */
export type CopyFormat =
  { readonly type: 'value' } | { readonly type: 'variable'; readonly name: string } | { readonly type: 'header' };

export function formatValue(value: Secret, format: CopyFormat): Secret {
  switch (format.type) {
    case 'value':
      return value;
    case 'variable':
      return new Secret(`${format.name}=${value.reveal()}`);
    case 'header':
      return new Secret(`Authorization: Bearer ${value.reveal()}`);
  }
}

/** What is copied, with "…" for the value. */
export function describeFormat(format: CopyFormat): string {
  switch (format.type) {
    case 'value':
      return 'the value';
    case 'variable':
      return `${format.name}=…`;
    case 'header':
      return 'Authorization: Bearer …';
  }
}
