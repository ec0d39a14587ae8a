import type { Page, Request } from 'playwright-core';

/** What a page has asked for and complained about so far, to tell why it does not get on. */
export class PageDiary {
  private readonly unanswered = new Set<Request>();
  private readonly lines: string[] = [];

  constructor(page: Page) {
    page.on('request', (request) => this.unanswered.add(request));
    page.on('requestfinished', (request) => this.unanswered.delete(request));
    page.on('requestfailed', (request) => {
      this.unanswered.delete(request);
      this.lines.push(`failed: ${place(request.url())} (${request.failure()?.errorText ?? 'unknown'})`);
    });
    page.on('websocket', (socket) => {
      const where = place(socket.url());
      let frames = 0;
      socket.on('framereceived', () => (frames += 1));
      socket.on('socketerror', (error) => this.lines.push(`socket: ${where}: ${error}`));
      socket.on('close', () => this.lines.push(`socket closed after ${frames} frames: ${where}`));
      this.lines.push(`socket opened: ${where}`);
    });
    page.on('pageerror', (error) => this.lines.push(`error: ${error.message}`));
    page.on('crash', () => this.lines.push('the page crashed'));
  }

  /** The latest of it, with the requests that have no answer yet. */
  text(): string {
    const waiting = [...this.unanswered].map((request) => `unanswered: ${place(request.url())}`);
    return [...this.lines.slice(-20), ...waiting.slice(-20)].map((line) => `      ${line}`).join('\n');
  }
}

/** Without the query, which carries the door's token. */
function place(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin === 'null' ? url.slice(0, 40) : pathname;
}
