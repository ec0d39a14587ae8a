import { displayText } from '../base/displayText.ts';
import { isSameName } from '../base/searchText.ts';
import type { RevocableToken } from '../model/token.ts';

/** What a person types before tokens of a production project are revoked. */
export interface TypedConfirmation {
  /** What the box asks for. */
  readonly prompt: string;
  /** What stands below the box when something else was typed. */
  readonly problem: string;
  readonly accepts: (typed: string) => boolean;
}

const idEndLength = 6;
/** Longer names are copied rather than typed. */
const maxTypedLength = 40;

/**
 * The project's name, or of a single token the end of its id; of several tokens their number. A name that is not easily
 * typed (long, or with signs that no keyboard has) is accepted, but not asked for.
 * @param project the name as the question shows it
 */
export function typedConfirmation(project: string, tokens: readonly RevocableToken[]): TypedConfirmation {
  const name = displayText(project);
  const [first] = tokens;
  const short =
    tokens.length === 1 && first !== undefined
      ? { text: first.id.slice(-idEndLength), words: 'the end of the token’s id' }
      : { text: `${tokens.length} tokens`, words: 'how many there are' };
  const choices = [
    ...(isTypable(name) ? [`the project’s name, “${name}”`] : []),
    `${short.words}, “${displayText(short.text)}”`,
  ].join(', or ');
  return {
    prompt: `This project is marked as production. Type ${choices}.`,
    problem: `Type ${choices}, or press Escape.`,
    accepts: (typed) => isSameName(typed, name) || isSameName(typed.toLowerCase(), short.text.toLowerCase()),
  };
}

/** Letters, digits, spaces and the punctuation of ASCII, and not too many of them. */
const isTypable = (name: string): boolean =>
  name.length <= maxTypedLength && /^[\p{L}\p{M}\p{N} !-~]+$/u.test(name.normalize('NFC'));
