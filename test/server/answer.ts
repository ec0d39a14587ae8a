/** What the server is about to send, still as data so that a fault can change it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The JSON that `body` was made of, if any. */
  readonly json?: unknown;
  /** True once something was created or discarded. */
  readonly isWorkDone: boolean;
}

export interface ErrorDetail {
  readonly message: string;
  readonly code?: string;
  readonly suggestion?: string;
  readonly help_link?: string;
}

/** Without a charset, as recorded. */
export function jsonAnswer(status: number, json: unknown, isWorkDone = false): Answer {
  const body = JSON.stringify(json);
  return { status, headers: { 'content-type': 'application/json' }, body, json, isWorkDone };
}

/** MagicBell's error shape. */
export function errorAnswer(status: number, ...errors: readonly ErrorDetail[]): Answer {
  return jsonAnswer(status, { errors });
}

/** An empty body of text/plain, as the API sends with a 405 (seen). */
export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: '', isWorkDone: false };
}

/** The 405 of a method that the path does not have (seen): OPTIONS is always allowed. */
export function methodNotAllowed(allowed: readonly string[]): Answer {
  return emptyAnswer(405, { allow: [...allowed, 'OPTIONS'].join(',') });
}

/** What stands in front of the real API answers like this. */
export function htmlAnswer(status: number): Answer {
  const body = `<!DOCTYPE html>\n<html>\n<head><title>api.magicbell.com | ${status}</title></head>\n<body><h1>Error ${status}</h1><p>cloudflare</p></body>\n</html>\n`;
  return { status, headers: { 'content-type': 'text/html; charset=UTF-8' }, body, isWorkDone: false };
}
