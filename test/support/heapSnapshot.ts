import { readFileSync } from 'node:fs';

interface SnapshotFile {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
      readonly edge_fields: readonly string[];
      readonly edge_types: readonly [readonly string[], ...unknown[]];
    };
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly strings: readonly string[];
}

/** A string on the heap that holds a text, and what holds that string: the shortest way to a root, nearest first. */
export interface Held {
  readonly path: readonly string[];
}

/** Finds a text in a heap snapshot (V8's format), and who holds it. Weak references do not hold. */
export function searchHeap(file: string, text: string): Held[] {
  const { snapshot, nodes, edges, strings } = JSON.parse(readFileSync(file, 'utf8')) as SnapshotFile;
  const {
    node_fields: nodeFields,
    node_types: nodeTypes,
    edge_fields: edgeFields,
    edge_types: edgeTypes,
  } = snapshot.meta;
  const width = nodeFields.length;
  const edgeWidth = edgeFields.length;
  const [typeAt, nameAt, countAt] = ['type', 'name', 'edge_count'].map((field) => nodeFields.indexOf(field)) as [
    number,
    number,
    number,
  ];
  const count = nodes.length / width;
  const nameOf = (node: number): string => strings[nodes[node * width + nameAt] ?? 0] ?? '';
  const typeOf = (node: number): string => nodeTypes[0][nodes[node * width + typeAt] ?? 0] ?? '';

  // From the root outwards: each node's parent is then the next one on a shortest way back.
  const firstEdge = new Uint32Array(count + 1);
  for (let node = 0; node < count; node++)
    firstEdge[node + 1] = (firstEdge[node] ?? 0) + (nodes[node * width + countAt] ?? 0);
  const parent = new Int32Array(count).fill(-1);
  const via = new Uint32Array(count);
  const queue = new Uint32Array(count);
  let [head, tail] = [0, 1];
  parent[0] = 0;
  while (head < tail) {
    const node = queue[head++] ?? 0;
    for (let edge = firstEdge[node] ?? 0; edge < (firstEdge[node + 1] ?? 0); edge++) {
      if (edgeTypes[0][edges[edge * edgeWidth] ?? 0] === 'weak') continue;
      const to = (edges[edge * edgeWidth + 2] ?? 0) / width;
      if (parent[to] !== -1) continue;
      parent[to] = node;
      via[to] = edge;
      queue[tail++] = to;
    }
  }
  const edgeName = (edge: number): string => {
    const name = edges[edge * edgeWidth + 1] ?? 0;
    const type = edgeTypes[0][edges[edge * edgeWidth] ?? 0];
    return type === 'element' || type === 'hidden' ? `[${name}]` : (strings[name] ?? '');
  };
  const found: Held[] = [];
  for (let node = 0; node < count; node++) {
    if (!typeOf(node).includes('string') || parent[node] === -1 || !nameOf(node).includes(text)) continue;
    const path: string[] = [];
    for (let at = node; at !== 0; at = parent[at] ?? 0)
      path.push(
        `${edgeName(via[at] ?? 0)} of ${nameOf(parent[at] ?? 0)
          .slice(0, 60)
          .replaceAll(text, '…')}`,
      );
    found.push({ path });
  }
  return found;
}
