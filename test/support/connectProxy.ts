import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy that asks for a user name and password, and leads every tunnel to one port of this machine. */
export interface ConnectProxy {
  readonly port: number;
  /** The hosts that tunnels were made to. */
  readonly hosts: readonly string[];
  close(): Promise<void>;
}

/** @param ownPort where it listens; 0: anywhere */
export async function startConnectProxy(credentials: string, port: number, ownPort = 0): Promise<ConnectProxy> {
  const hosts: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_incoming, outgoing) => outgoing.writeHead(501).end());
  server.on('connect', ({ url = '', headers }: IncomingMessage, client: Socket) => {
    sockets.add(client);
    client.on('error', () => client.destroy());
    if (headers['proxy-authorization'] !== `Basic ${Buffer.from(credentials).toString('base64')}`) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="tests"\r\n\r\n');
      return;
    }
    hosts.push(url);
    const onward = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.pipe(client);
      client.pipe(onward);
    });
    sockets.add(onward);
    onward.on('error', () => client.destroy());
  });
  server.listen(ownPort, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    hosts,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
