import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createProxyServer } from 'httpxy';
import { secretsKey } from './secretStorage.ts';

/** What the proxy adds to the page of the workbench. */
export interface ProxyOptions {
  /** The server's socket; it lies in a folder that only this user can enter. */
  socketPath: string;
  /** 0 or absent: any free port. */
  port?: number | undefined;
  /** Takes the next free port when that one is taken. */
  orNextPort?: boolean | undefined;
  /** Folder of the extension under development. */
  extension?: string | undefined;
  /** Folders of more of them. */
  moreExtensions?: readonly string[] | undefined;
  /** Module that exports `run()`, for tests inside the extension host. */
  testsPath?: string | undefined;
  /** Folder that the window opens. */
  folder?: string | undefined;
  /** Whether secrets survive a reload, as they do on a desktop; without it VS Code keeps them in memory. */
  secretsPersist: boolean;
}

/** A listening proxy. */
export interface Proxy {
  port: number;
  /** The address to open first; it carries the token. */
  url: string;
  close(): Promise<void>;
}

/**
 * Puts the one door in front of VS Code's server: whoever passes it has a shell, so it asks for the token, and for the
 * Host and Origin that only its own pages send. It also tells the workbench which extension is under development.
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const token = randomBytes(24).toString('base64url');
  const proxy = createProxyServer({ target: { socketPath: options.socketPath }, ws: true });
  proxy.on('error', (_error, _request, response) => {
    if (response === undefined) return;
    if (!('writeHead' in response)) response.destroy();
    else if (!response.headersSent) response.writeHead(502).end();
  });

  const server = createServer((request_, response) => {
    const { host } = new URL(origin());
    const url = new URL(request_.url ?? '/', origin());
    if (!comesFromHere(request_, host)) {
      refuse(response, 403, 'Wrong Host or Origin.');
      return;
    }
    if (isSame(url.searchParams.get('token'), token)) {
      url.searchParams.delete('token');
      const cookie = `${cookieName()}=${token}; Path=/; HttpOnly; SameSite=Strict`;
      response.writeHead(302, { 'set-cookie': cookie, location: `${url.pathname}${url.search}` }).end();
      return;
    }
    if (!isSame(cookieOf(request_, cookieName()), token)) {
      refuse(response, 401, 'Open the address that was printed in the terminal: it carries a token.');
      return;
    }
    if (url.pathname === '/' && request_.method === 'GET') {
      servePage(request_, response, host, options);
    } else if (url.pathname === '/mint-key' && options.secretsPersist) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(secretsKey);
    } else {
      void proxy.web(request_, response).catch(() => response.destroy());
    }
  });
  server.on('upgrade', (request_, socket: Socket, head) => {
    const { host } = new URL(origin());
    const allowed =
      request_.headers.origin !== undefined &&
      comesFromHere(request_, host) &&
      isSame(cookieOf(request_, cookieName()), token);
    if (!allowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    socket.on('error', () => socket.destroy());
    void proxy.ws(request_, socket, {}, head).catch(() => socket.destroy());
  });

  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  await listen(server, options.port ?? 0, options.orNextPort ?? false);
  const { port } = server.address() as AddressInfo;
  const origin = () => `http://127.0.0.1:${port}`;
  // Cookies do not know ports: two of these at once must not overwrite each other's.
  const cookieName = () => `workbench-${port}`;

  return {
    port,
    url: `${origin()}/?token=${token}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Those that became websockets are no longer the server's to close.
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function listen(server: Server, port: number, orNextPort: boolean): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    if (!orNextPort || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    await listen(server, port + 1, port < 65_534);
  }
}

function comesFromHere(request_: IncomingMessage, host: string): boolean {
  const { origin } = request_.headers;
  return request_.headers.host === host && (origin === undefined || origin === `http://${host}`);
}

function cookieOf(request_: IncomingMessage, name: string): string | null {
  const cookies = (request_.headers.cookie ?? '').split('; ');
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}

function isSame(given: string | null, expected: string): boolean {
  return given?.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${why}\n`);
}

function servePage(request_: IncomingMessage, response: ServerResponse, host: string, options: ProxyOptions): void {
  // Asking without an encoding makes the page readable here.
  const headers = { ...request_.headers, 'accept-encoding': 'identity' };
  const upstream = request({ socketPath: options.socketPath, path: request_.url, headers }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () => {
      const page = patchPage(Buffer.concat(chunks).toString(), host, options);
      const passed = Object.entries(answer.headers).filter(
        ([name]) => !/^(content-length|transfer-encoding)$/.test(name),
      );
      response.writeHead(answer.statusCode ?? 502, Object.fromEntries(passed)).end(page);
    });
  });
  upstream.on('error', () => refuse(response, 502, 'The VS Code server does not answer.'));
  upstream.end();
}

/** The workbench reads what to load from an HTML-escaped JSON attribute of its page. */
function patchPage(
  page: string,
  host: string,
  { extension, moreExtensions = [], testsPath, folder }: ProxyOptions,
): string {
  const attribute = /(<meta id="vscode-workbench-web-configuration" data-settings=")([^"]*)"/;
  const remote = (path: string) => ({ scheme: 'vscode-remote', authority: host, path });
  return page.replace(attribute, (_all, start: string, escaped: string) => {
    const settings = JSON.parse(unescapeHtml(escaped)) as Settings;
    settings.developmentOptions = {
      ...settings.developmentOptions,
      ...(extension === undefined ? {} : { extensions: [extension, ...moreExtensions].map(remote) }),
      ...(testsPath === undefined ? {} : { extensionTestsPath: remote(testsPath) }),
    };
    if (folder !== undefined) settings.folderUri = remote(folder);
    // Nothing of this window may ask the internet for anything.
    const outward = { enableTelemetry: false, telemetryEndpoint: undefined, updateEndpoint: undefined };
    settings.productConfiguration = { ...settings.productConfiguration, ...outward };
    return `${start}${escapeHtml(JSON.stringify(settings))}"`;
  });
}

interface Settings {
  developmentOptions?: Record<string, unknown>;
  productConfiguration?: Record<string, unknown>;
  folderUri?: unknown;
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
