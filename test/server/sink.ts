import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface SinkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A foreign server: it answers everything alike and keeps what arrived, so that a test can show what did not. */
export interface Sink {
  /** As in `http://127.0.0.1:4011`. */
  readonly origin: string;
  readonly port: number;
  /** How many connections were opened, with or without a request. */
  readonly connections: number;
  readonly requests: readonly SinkRequest[];
  close(): Promise<void>;
}

/** @param answer the JSON of every answer; an empty collection by default, so that a fooled client goes on */
export async function startSink(answer: unknown = { data: [], links: { first: '', next: null } }): Promise<Sink> {
  const requests: SinkRequest[] = [];
  let connections = 0;
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      requests.push({
        method: req.method ?? '',
        path: req.url ?? '',
        headers: Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)])),
        body: Buffer.concat(chunks).toString(),
      });
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify(answer));
    });
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    get connections() {
      return connections;
    },
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
