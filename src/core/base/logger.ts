/** Where the code says what it did. Never given a header, a body, a query string or a raw error of a library. */
export interface Logger {
  trace(message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
