import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { parseJson } from './answer.ts';
import { asMagicBellError } from './errors.ts';
import type { HttpMethod } from './retry.ts';

/**
 * The text of a body. That of a POST is as it was sent: some proxies compress without being asked, and the header may be
 * wrong, so each encoding is tried until one yields JSON.
 */
export function textOf(method: HttpMethod, chunks: readonly Uint8Array[], maxBytes: number): string {
  const text = decode(chunks);
  if (method !== 'POST' || parseJson(text) !== undefined) return text;
  for (const unpack of unpackers) {
    try {
      const unpacked = decode([unpack(Buffer.concat(chunks), maxBytes)]);
      if (parseJson(unpacked) !== undefined) return unpacked;
    } catch {
      // It may be the next one.
    }
  }
  return text;
}

const flush = { finishFlush: constants.Z_SYNC_FLUSH };
const unpackers: readonly ((bytes: Buffer, maxOutputLength: number) => Buffer)[] = [
  // Without its last eight bytes gzip has no checksum: a value counts even where that is wrong.
  (bytes, maxOutputLength) => gunzipSync(bytes.subarray(0, -8), { ...flush, maxOutputLength }),
  (bytes, maxOutputLength) => inflateSync(bytes, { ...flush, maxOutputLength }),
  (bytes, maxOutputLength) => inflateRawSync(bytes, { ...flush, maxOutputLength }),
  (bytes, maxOutputLength) => brotliDecompressSync(bytes, { maxOutputLength }),
];

/**
 * What is judged of a refusal whose body could not be read to its end. It stays a refusal where nothing came, or the
 * beginning of JSON; a broken encoding or a flood is not MagicBell's.
 */
export function beginningOfRefusal(chunks: readonly Uint8Array[], error: unknown): string {
  const text = decode(chunks).trimStart();
  if (asMagicBellError(error)?.reason === 'unexpectedResponse') return text || 'unreadable';
  return text.startsWith('{') ? '' : text;
}

/** Drops a byte order mark. Bytes that are not UTF-8 become U+FFFD. */
function decode(chunks: readonly Uint8Array[]): string {
  return new TextDecoder().decode(Buffer.concat(chunks));
}
