import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Serves an API on 127.0.0.1 over TLS; `close` ends it and its connections. */
export interface TlsFront {
  readonly port: number;
  close(): Promise<void>;
}

export async function startTlsFront(
  certificate: { readonly cert: string; readonly key: string },
  apiPort: number,
): Promise<TlsFront> {
  const server = createServer(certificate, (incoming, outgoing) => {
    const { url, method, headers } = incoming;
    const onward = request({ host: '127.0.0.1', port: apiPort, path: url, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
