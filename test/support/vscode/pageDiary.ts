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
      this.note(`failed: ${place(request.url())} (${request.failure()?.errorText ?? 'unknown'})`);
    });
    page.on('websocket', (socket) => {
      const where = place(socket.url());
      let frames = 0;
      socket.on('framereceived', () => (frames += 1));
      socket.on('socketerror', (error) => this.note(`socket: ${where}: ${error}`));
      socket.on('close', () => this.note(`socket closed after ${frames} frames: ${where}`));
      this.note(`socket opened: ${where}`);
    });
    page.on('pageerror', (error) => this.note(`error: ${error.message}`));
    page.on('crash', () => this.note('the page crashed'));
  }

  /** The latest of it, with the requests that have no answer yet. */
  text(): string {
    const waiting = [...this.unanswered].map((request) => `unanswered: ${place(request.url())}`);
    return [...this.lines.slice(-20), ...waiting.slice(-20)].map((line) => `      ${line}`).join('\n');
  }

  private note(line: string): void {
    this.lines.push(line);
  }
}

/** Without the query, which carries the door's token. */
function place(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin === 'null' ? url.slice(0, 40) : pathname;
}
