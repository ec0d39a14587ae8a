import type * as vscode from 'vscode';
import type { Logger } from '../core/logger.ts';
import type { Redactor } from '../core/redaction.ts';

/** The one log: an output channel whose every line passes the redactor. */
export class OutputLogger implements Logger {
  private readonly channel: vscode.LogOutputChannel;
  private readonly redactor: Redactor;

  constructor(channel: vscode.LogOutputChannel, redactor: Redactor) {
    this.channel = channel;
    this.redactor = redactor;
  }

  trace(message: string): void {
    this.channel.trace(this.redactor.redact(message));
  }

  debug(message: string): void {
    this.channel.debug(this.redactor.redact(message));
  }

  info(message: string): void {
    this.channel.info(this.redactor.redact(message));
  }

  warn(message: string): void {
    this.channel.warn(this.redactor.redact(message));
  }

  error(message: string): void {
    this.channel.error(this.redactor.redact(message));
  }

  show(): void {
    this.channel.show();
  }
}
