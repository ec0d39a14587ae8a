import { displayText } from '../base/displayText.ts';
import { isSameName } from '../base/searchText.ts';
import type { RevocableToken } from '../model/token.ts';

/** What a person has to type before tokens of a production project are revoked. */
export interface TypedConfirmation {
  /** The prompt of the box. */
  readonly prompt: string;
  /** The message when something else was typed. */
  readonly problem: string;
  readonly accepts: (typed: string) => boolean;
}

const idEndLength = 6;
/** Longer names need not be typed. */
const maxTypedLength = 40;

/**
 * The project's name, or the end of the id of a single token, or the number of several tokens. A name that is hard to
 * type (long, or with unusual characters) is accepted but not asked for.
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

/** Whether a name is short and consists of letters, digits, spaces and ASCII punctuation. */
const isTypable = (name: string): boolean =>
  name.length <= maxTypedLength && /^[\p{L}\p{M}\p{N} !-~]+$/u.test(name.normalize('NFC'));
