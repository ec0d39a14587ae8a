import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { readAnswer, type ToolAnswer } from './answers.ts';

/** Lets tests call tools from outside an extension host, by a socket. */
export function serveToolCalls(socket: string, call: (name: string, input: object) => Promise<ToolAnswer>): void {
  // An extension host that was here before has left it.
  rmSync(socket, { force: true });
  const server = createServer((connection) => {
    createInterface(connection).once('line', (line) => {
      const { name, input } = JSON.parse(line) as { name: string; input: object };
      void call(name, input).then(({ text }) => connection.end(JSON.stringify({ text })));
    });
  });
  server.listen(socket).unref();
}

/** Calls a tool in the extension host that listens there. Resolves when it is answered. */
export async function callToolAt(socket: string, name: string, input: object): Promise<ToolAnswer> {
  const connection = connect(socket);
  connection.write(`${JSON.stringify({ name, input })}\n`);
  const [line] = (await once(createInterface(connection), 'line')) as [string];
  return readAnswer((JSON.parse(line) as { text: string }).text);
}
