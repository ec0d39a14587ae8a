import type * as vscode from 'vscode';
import type { Logger } from '../../core/base/logger.ts';
import type { Redactor } from '../../core/base/redaction.ts';

/** How many lines are kept in memory for "Report Issue…". */
const maxRecentLines = 200;

/** The one log: an output channel whose every line passes the redactor. */
export class OutputLogger implements Logger {
  private readonly channel: vscode.LogOutputChannel;
  private readonly redactor: Redactor;
  private readonly recent: string[] = [];

  constructor(channel: vscode.LogOutputChannel, redactor: Redactor) {
    this.channel = channel;
    this.redactor = redactor;
  }

  trace(message: string): void {
    this.write('trace', message);
  }

  debug(message: string): void {
    this.write('debug', message);
  }

  info(message: string): void {
    this.write('info', message);
  }

  warn(message: string): void {
    this.write('warn', message);
  }

  error(message: string): void {
    this.write('error', message);
  }

  show(): void {
    this.channel.show();
  }

  /** The last lines, redacted, with their times; oldest first. */
  get recentLines(): readonly string[] {
    return this.recent;
  }

  private write(level: keyof Logger, message: string): void {
    const line = this.redactor.redact(message);
    this.channel[level](line);
    this.recent.push(`${new Date().toISOString()} ${level} ${line}`);
    if (this.recent.length > maxRecentLines) this.recent.shift();
  }
}
