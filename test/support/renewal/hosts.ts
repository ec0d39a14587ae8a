import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { eventually } from '../eventually.ts';
import type { Answer, Demand, Hello } from './messages.ts';

/** How long an extension host may take for a demand: else its window is given up. */
const limitMs = 20_000;
/** How long one may take to start, on a machine that is busy with other things. */
const startLimitMs = 60_000;

/** An extension host with the product in it, which does what the fixture demands. */
export class RenewableHost {
  readonly pid: number;
  private readonly socket: Socket;
  private readonly lines: Interface;

  constructor(pid: number, socket: Socket, lines: Interface) {
    this.pid = pid;
    this.socket = socket;
    this.lines = lines;
  }

  get isConnected(): boolean {
    return !this.socket.destroyed;
  }

  close(): void {
    this.socket.destroy();
  }

  /** @throws what is not as it was before */
  async demand(demand: Demand): Promise<Answer> {
    const answered = once(this.lines, 'line', { signal: AbortSignal.timeout(limitMs) });
    this.socket.write(`${JSON.stringify(demand)}\n`);
    const [line] = (await answered) as [string];
    const answer = JSON.parse(line) as Answer;
    if (answer.differences.length > 0) throw new Error(`after “${demand.do}”: ${answer.differences.join(', ')}`);
    return answer;
  }
}

/** Waits for the extension hosts of a server. */
export class RenewableHosts {
  private readonly server: Server;
  private readonly hosts: RenewableHost[] = [];

  private constructor(server: Server) {
    this.server = server;
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      const lines = createInterface(socket);
      lines.once('line', (line) => this.hosts.push(new RenewableHost((JSON.parse(line) as Hello).pid, socket, lines)));
    });
  }

  static async listen(): Promise<RenewableHosts> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RenewableHosts(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The only one there is besides those that are known. @throws when there are several, or none in time */
  only(known: readonly RenewableHost[] = []): Promise<RenewableHost> {
    return eventually(() => {
      const others = this.hosts.filter((host) => host.isConnected && !known.includes(host));
      const [host] = others;
      if (host === undefined || others.length > 1) throw new Error(`${others.length} extension hosts are connected.`);
      return host;
    }, startLimitMs);
  }

  close(): void {
    this.server.close();
    for (const host of this.hosts) host.close();
  }
}
