import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** One place where a secret could have been left: what is in it, and a harmless line that is known to be there. */
export interface Place {
  readonly name: string;
  readonly contents: readonly string[];
  readonly harmless: string;
}

/** A secret as it may be written, and its last part alone: a JWT without its signature is worth nothing. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const signature = secret.split('.').at(-1) ?? secret;
  // Base64 of something inside a longer text, at each of the three places it can begin at.
  const inside = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift, 'x'), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  return [
    secret,
    signature,
    encodeURIComponent(secret),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    bytes.toString('utf16le'),
    ...inside,
  ];
}

const holds = (place: Place, text: string): boolean => place.contents.some((content) => content.includes(text));

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
}

/** A text of the shape of a secret. */
export const madeUpSecret = (): string => `eyJhbGciOiJIUzI1NiJ9.e30.${randomBytes(32).toString('base64url')}`;

/** The texts of files, in both ways in which one may hold a secret. */
export const textsOf = (files: readonly string[]): string[] =>
  files.flatMap((file) => {
    const content = readFileSync(file);
    return [content.toString('utf8'), content.toString('latin1')];
  });

/**
 * Shows that no secret is in any place, and that it would have been found there: each has its harmless line and what was
 * planted. Gives how many searches that took.
 */
export function assertNowhere(places: readonly Place[], planted: string, secrets: ReadonlyMap<string, string>): number {
  let checked = 0;
  for (const place of places) {
    assert.ok(holds(place, place.harmless), `“${place.harmless}” is not found in ${place.name}: it is not swept`);
    assert.ok(
      formsOf(planted).some((form) => holds(place, form)),
      `the canary is not found in ${place.name}`,
    );
    for (const [name, secret] of secrets) {
      assert.ok(secret.length > 20, name);
      for (const form of formsOf(secret)) {
        checked += 1;
        assert.ok(!holds(place, form), `${name} is in ${place.name}`);
      }
    }
  }
  return checked;
}
