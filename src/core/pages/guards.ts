/** Checks whether a value is valid for a field of a message. */
export type Guard = (value: unknown) => boolean;

export const isText: Guard = (value) => typeof value === 'string';
export const isFlag: Guard = (value) => typeof value === 'boolean';
export const isNumber: Guard = (value) => typeof value === 'number' && Number.isFinite(value);
export const isCount: Guard = (value) => Number.isSafeInteger(value) && (value as number) >= 0;

export const orNull =
  (is: Guard): Guard =>
  (value) =>
    value === null || is(value);

export const oneOf =
  (...values: readonly string[]): Guard =>
  (value) =>
    typeof value === 'string' && values.includes(value);

export const listOf =
  (is: Guard): Guard =>
  (value) =>
    Array.isArray(value) && value.every(is);

/** An object with exactly these fields: messages with unknown fields are rejected. */
export function record<T>(fields: Readonly<Record<keyof T & string, Guard>>): Guard {
  const guards = Object.entries<Guard>(fields);
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === guards.length &&
    guards.every(([name, is]) => is((value as Readonly<Record<string, unknown>>)[name]));
}
