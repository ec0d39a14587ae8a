import { request, type Agent, type IncomingHttpHeaders } from 'node:http';
import type { LocalApi } from '../server/localApi.ts';

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface WireOptions {
  /** Absent: the administrator's; null: no Authorization header. */
  readonly token?: string | null;
  /** Sent as JSON unless it is text already. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly agent?: Agent;
}

/** One request over a socket of its own, with nothing between the test and the wire. */
export function send(api: LocalApi, method: string, path: string, options: WireOptions = {}): Promise<WireAnswer> {
  const token = options.token === undefined ? api.token : options.token;
  const text =
    options.body === undefined || typeof options.body === 'string' ? options.body : JSON.stringify(options.body);
  const headers = {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    // Node does not frame the body of a DELETE by itself.
    ...(text === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
    ...options.headers,
  };
  const origin = `http://127.0.0.1:${api.port}`;
  const url = path.startsWith('/__control') ? origin + path : api.url + path;
  return new Promise((resolve, reject) => {
    const req = request(url, { method, headers, agent: options.agent ?? false }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () =>
        resolve({ status: res.statusCode ?? 0, headers: res.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
    req.on('error', reject);
    req.end(text);
  });
}

export type Json = Record<string, unknown>;

/** The JSON object of an answer. @throws if it is anything else */
export function jsonOf(answer: WireAnswer): Json {
  const json: unknown = JSON.parse(answer.text);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error(`No object: ${answer.text}`);
  return json as Json;
}

export interface Page {
  readonly data: readonly Json[];
  readonly links: { readonly first?: string; readonly next?: string | null; readonly prev?: string | null };
}

export function pageOf(answer: WireAnswer): Page {
  return jsonOf(answer) as unknown as Page;
}

export function messagesOf(answer: WireAnswer): string[] {
  return (jsonOf(answer)['errors'] as { message: string }[]).map(({ message }) => message);
}

/** The code of the first error, if it has one. */
export function codeOf(answer: WireAnswer): string | undefined {
  return (jsonOf(answer)['errors'] as { code?: string }[])[0]?.code;
}

/** Creates a token and answers with what came back. */
export async function create(
  api: LocalApi,
  kind: 'project' | 'user',
  body: Json,
): Promise<{ token: string; token_id: string; created_at: string; expires_at?: string | null }> {
  const answer = await send(api, 'POST', `/jwt/${kind}`, { body });
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
  return jsonOf(answer) as Awaited<ReturnType<typeof create>>;
}

/** The path and query of a link, to be sent to the API under test. */
export function pathOf(api: LocalApi, link: string | null | undefined): string {
  if (!link?.startsWith(api.url)) throw new Error(`Not a link to the API: ${String(link)}`);
  return link.slice(api.url.length);
}
