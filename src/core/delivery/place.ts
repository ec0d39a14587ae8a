import { commandLine } from './commandLine.ts';
import { type CopyFormat, describeFormat, namedFormats } from './copyFormat.ts';

/** A variable of a `.env` file. */
export interface DotenvPlace {
  readonly type: 'dotenv';
  /** The workspace folder. */
  readonly folder: string;
  /** As selected: it may be a link. */
  readonly path: string;
  /** The path for display. */
  readonly shown: string;
  readonly variable: string;
  /** The warnings that the user has already accepted, which are not shown again. */
  readonly agreed: string[];
}

/** A variable of a `.env` file that is not on a local disk, but served by VS Code's file system. */
export interface RemoteDotenvPlace extends Omit<DotenvPlace, 'type'> {
  readonly type: 'remoteDotenv';
  /** The root of its file system, as a URI. */
  readonly origin: string;
}

export type FilePlace = DotenvPlace | RemoteDotenvPlace;

/** A command that reads the value from standard input. */
export interface CommandPlace {
  readonly type: 'command';
  readonly label: string;
  /** A pipeline of programs with their arguments: each reads the output of the one before it. */
  readonly steps: readonly (readonly [program: string, ...args: string[]])[];
  readonly folder: string;
  readonly opensStdin: boolean;
}

/** An environment variable of a new terminal. It is lost when the terminal is closed. */
export interface TerminalPlace {
  readonly type: 'terminal';
  readonly variable: string;
}

/** Where a value is delivered to. Written to disk; never holds the value. */
export type Place =
  { readonly type: 'clipboard'; readonly format: CopyFormat } | FilePlace | CommandPlace | TerminalPlace;

/** The default: the bare value on the clipboard. */
export const plainClipboard: Place = { type: 'clipboard', format: { type: 'value' } };

/** "to .env as MAGICBELL_PROJECT_TOKEN" */
export function describePlace(place: Place): string {
  switch (place.type) {
    case 'dotenv':
    case 'remoteDotenv':
      return `to ${place.shown} as ${place.variable}`;
    case 'command':
      return `to ${commandLine(place.steps)}`;
    case 'terminal':
      return `to a terminal as ${place.variable}`;
    case 'clipboard':
      return place.format.type === 'value' ? 'to the clipboard' : `to the clipboard as ${describeFormat(place.format)}`;
  }
}

/** "to .env as TOKEN and to gh secret set TOKEN" */
export function describePlaces(places: readonly Place[]): string {
  const words = places.map((place) => describePlace(place));
  const last = words.pop() ?? '';
  return words.length === 0 ? last : `${words.join(', ')} and ${last}`;
}

/** A key that is equal for the same place, independent of `agreed` and labels. */
export function placeKey(place: Place): string {
  switch (place.type) {
    case 'dotenv':
      return JSON.stringify(['dotenv', place.path, place.variable]);
    case 'remoteDotenv':
      return JSON.stringify(['remoteDotenv', place.origin, place.path, place.variable]);
    case 'command':
      return JSON.stringify(['command', place.folder, place.steps]);
    case 'terminal':
      return JSON.stringify(['terminal', place.variable]);
    case 'clipboard':
      return JSON.stringify(['clipboard', describeFormat(place.format)]);
  }
}

export const isSamePlace = (one: Place, other: Place): boolean => placeKey(one) === placeKey(other);

type Fields = Readonly<Record<string, unknown>>;

/** For each kind of place, how its fields in JSON are read. Undefined when they are invalid. */
const readers: Readonly<Record<Place['type'], (fields: Fields) => Place | undefined>> = {
  clipboard: ({ format }) => {
    const { type, name } = (format ?? {}) as Fields;
    if (type === 'value' || type === 'header') return { type: 'clipboard', format: { type } };
    const named = namedFormats.find((each) => each === type);
    return named !== undefined && isText(name) ? { type: 'clipboard', format: { type: named, name } } : undefined;
  },
  dotenv: (fields) => {
    const file = readFile(fields);
    return file && { type: 'dotenv', ...file };
  },
  remoteDotenv: (fields) => {
    const file = readFile(fields);
    return file && isText(fields['origin']) ? { type: 'remoteDotenv', ...file, origin: fields['origin'] } : undefined;
  },
  command: ({ label, steps, folder, opensStdin }) => {
    if (!isText(label) || !isText(folder) || !Array.isArray(steps) || !steps.every(isStep)) return undefined;
    return steps.length === 0 ? undefined : { type: 'command', label, steps, folder, opensStdin: opensStdin === true };
  },
  terminal: ({ variable }) => (isText(variable) ? { type: 'terminal', variable } : undefined),
};

function readFile({ folder, path, shown, variable, agreed }: Fields): Omit<DotenvPlace, 'type'> | undefined {
  return isText(folder) && isText(path) && isText(shown) && isText(variable)
    ? { folder, path, shown, variable, agreed: isTexts(agreed) ? [...agreed] : [] }
    : undefined;
}

/** Reads a place from JSON. Undefined when it is invalid, or from a later version. */
export function revivePlace(json: unknown): Place | undefined {
  const fields = (json ?? {}) as Fields;
  const { type } = fields;
  return typeof type === 'string' && Object.hasOwn(readers, type) ? readers[type as Place['type']](fields) : undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');
const isStep = (value: unknown): value is [string, ...string[]] => isTexts(value) && isText(value[0]);
