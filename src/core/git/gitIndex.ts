import { setImmediate as otherWork } from 'node:timers/promises';

/** Longer names are no paths, and joining them would take long. */
const maxPathLength = 16_384;
/** That many entries are read, which takes about ten milliseconds, before other work may run. */
const turn = 50_000;

/**
 * Whether git's index lists a path (gitformat-index(5), versions 2 to 4). Undefined where it cannot be told: split or
 * sparse indexes, and unknown formats.
 *
 * @param path from the root of the working tree, with `/`
 * @param hashLength 20 for SHA-1, 32 for SHA-256
 */
export async function isInIndex(
  index: Buffer,
  path: string,
  hashLength: number,
  ignoreCase: boolean,
): Promise<boolean | undefined> {
  const version = index.length < 12 + hashLength ? 0 : index.readUInt32BE(4);
  if (index.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4) return undefined;
  const wanted = comparable(path, ignoreCase);
  let isFound = false;
  let isSparse = false;
  let at = 12;
  let name: Buffer = Buffer.alloc(0);
  try {
    for (let left = index.readUInt32BE(8); left > 0; left--) {
      if (left % turn === 0) await otherWork();
      const start = at;
      const mode = index.readUInt32BE(start + 24);
      at += 40 + hashLength;
      at += (index.readUInt16BE(at) & 0x4000) !== 0 ? 4 : 2;
      if (version === 4) {
        const [stripped, next] = readVariableLength(index, at);
        const end = index.indexOf(0, next);
        if (end - next > maxPathLength || name.length > maxPathLength) return undefined;
        name = Buffer.concat([name.subarray(0, name.length - stripped), index.subarray(next, end)]);
        at = end + 1;
      } else {
        const end = index.indexOf(0, at);
        name = index.subarray(at, end);
        at = start + ((end - start + 8) & ~7);
      }
      const isFolder = mode >>> 12 !== 8 && mode >>> 12 !== 10;
      if (!isFolder && !mayBe(name, path)) continue;
      const found = comparable(name.toString(), ignoreCase);
      isFound ||= found === wanted;
      // A whole folder as one entry (sparse), or another repository.
      isSparse ||= isFolder && wanted.startsWith(found.endsWith('/') ? found : `${found}/`);
    }
    if (isFound) return true;
    while (at < index.length - hashLength) {
      // The entries of a split index are in another file.
      if (index.toString('latin1', at, at + 4) === 'link') return undefined;
      at += 8 + index.readUInt32BE(at + 4);
    }
  } catch {
    // Cut short.
    return undefined;
  }
  return isSparse ? undefined : false;
}

/**
 * A cheap test that excludes nearly all entries of a large index: whether the last characters differ in more than case.
 */
function mayBe(name: Buffer, path: string): boolean {
  const last = name.at(-1) ?? 0;
  const wanted = path.charCodeAt(path.length - 1);
  return last >= 0x80 || wanted >= 0x80 || (last | 0x20) === (wanted | 0x20);
}

/** Unicode forms count as one name, as in file systems that normalise; no `.env` depends on the difference. */
function comparable(path: string, ignoreCase: boolean): string {
  const normal = path.normalize();
  return ignoreCase ? normal.toLowerCase() : normal;
}

/** A number in git's "offset encoding", and where it ends. */
function readVariableLength(bytes: Buffer, start: number): readonly [value: number, next: number] {
  let at = start;
  let byte = bytes.readUInt8(at++);
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = bytes.readUInt8(at++);
    value = ((value + 1) << 7) | (byte & 0x7f);
  }
  return [value, at];
}
