import type { Logger } from '../../src/core/base/logger.ts';

export interface LogLine {
  readonly level: keyof Logger;
  readonly message: string;
}

/** Keeps what was logged. */
export class RecordingLogger implements Logger {
  readonly lines: LogLine[] = [];
  readonly trace = this.keep('trace');
  readonly debug = this.keep('debug');
  readonly info = this.keep('info');
  readonly warn = this.keep('warn');
  readonly error = this.keep('error');

  /** All messages, one a line. */
  get text(): string {
    return this.lines.map(({ message }) => message).join('\n');
  }

  private keep(level: keyof Logger): (message: string) => void {
    return (message) => {
      this.lines.push({ level, message });
    };
  }
}
