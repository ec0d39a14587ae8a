import type { ErrorReason, Unexpected } from './errors.ts';
import { readServerErrors, type ServerError } from './wire.ts';

/** What an answer's status and body mean together. */
interface Judgement {
  readonly reason: ErrorReason;
  readonly unexpected?: Unexpected | undefined;
  /** MagicBell's own words; undefined when the body is not in its form. */
  readonly errors: readonly ServerError[] | undefined;
}

/**
 * Judges an unsuccessful answer by its status and body. MagicBell sends its own JSON, or (for 405) nothing. A page of
 * another server, such as a firewall's, says nothing about the key or the request.
 */
export function judgeRefusal(status: number, text: string): Judgement {
  const errors = readServerErrors(parseJson(text)?.json);
  const isForeign = errors === undefined && text.trim() !== '';
  const reason = reasonOf(status, errors, isForeign);
  if (reason !== 'unexpectedResponse') return { reason, errors };
  return { reason, errors, unexpected: status === 401 || status === 403 ? 'blocked' : 'foreign' };
}

function reasonOf(status: number, errors: readonly ServerError[] | undefined, isForeign: boolean): ErrorReason {
  switch (status) {
    case 400:
    case 409:
    case 422:
      return isForeign ? 'unexpectedResponse' : 'invalidInput';
    case 401:
    case 403:
      if (isForeign) return 'unexpectedResponse';
      if (errors?.some(({ message }) => /incorrect role|claim\[/i.test(message)) === true) return 'wrongTokenKind';
      return status === 401 ? 'unauthorized' : 'forbidden';
    case 404:
    case 410:
      return errors === undefined ? 'notOffered' : 'notFound';
    case 405:
      return 'notOffered';
    case 407:
      return 'proxy';
    case 408:
      return 'timeout';
    case 429:
      return 'rateLimited';
    default:
      if (status >= 500 && status <= 599) return 'serverError';
      return status >= 400 && status <= 499 && errors !== undefined ? 'invalidInput' : 'unexpectedResponse';
  }
}

/** The methods of an `Allow` header; undefined without one. `OPTIONS` alone: the path is not routed at all. */
export function allowedMethods(header: string | null): readonly string[] | undefined {
  if (header === null) return undefined;
  const methods = header.slice(0, 500).split(',');
  return methods.map((method) => method.trim().toUpperCase()).filter((method) => /^[A-Z]{1,20}$/.test(method));
}

/** The request id that MagicBell's support asks for, when it looks like one. */
export function requestIdOf(headers: { get(name: string): string | null }): string | undefined {
  const id = headers.get('x-amzn-requestid') ?? headers.get('x-request-id') ?? '';
  return /^[\w-]{8,64}$/.test(id) ? id : undefined;
}

/** Parses JSON whatever the content type says. */
export function parseJson(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    // The parser's own error quotes the text.
    return undefined;
  }
}

/** What kind of body an answer has that is not MagicBell's, for the log. */
export function kindOf(text: string): string {
  if (text.trim() === '') return 'an empty body';
  if (parseJson(text) !== undefined) return 'JSON of another form';
  return text.trimStart().startsWith('<') ? 'HTML' : 'a body that is not JSON';
}
