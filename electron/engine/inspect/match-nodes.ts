import { pathKey } from '../../../shared/windows/windows-path.ts';
import type { NodeTable } from '../layer/node-table.ts';

/** Bits of a mark. */
export const matches = 1;
export const matchesBelow = 2;

/**
 * Marks the nodes of a layer whose path contains `text`, in any case; `\` means `/`. A node is marked `matchesBelow` if
 * it or anything below it matches. All names are one block of bytes, which is searched as a whole.
 */
export function matchNodes(nodes: NodeTable, text: string): Uint8Array {
  const marks = new Uint8Array(nodes.count);
  const parts = pathKey(text).split('/');
  const last = parts.pop() ?? '';
  const needle = Buffer.from(parts.length === 0 ? last : `/${last}`, 'utf8');
  const above = parts.toReversed().map(part => Buffer.from(part, 'utf8'));
  for (const node of nodesWith(nodes, needle)) {
    if (above.length === 0 || isBelow(nodes, node, above)) marks[node] = matches;
  }
  marks[0] = 0;
  spread(nodes, marks);
  return marks;
}

// From hit to hit; after one, on to the next name.
function* nodesWith({ keys, keyEnd, count }: NodeTable, needle: Buffer): Generator<number> {
  for (let node = 1; node < count; node++) {
    const start = keyEnd[node - 1] ?? 0;
    const at = needle.byteLength === 0 ? start : keys.indexOf(needle, start);
    if (at < 0) return;
    if (at >= (keyEnd[node] ?? 0)) node = nodeAt(keyEnd, at, node);
    yield node;
  }
}

/** The node whose name covers a position; `from` is known to end before it. */
function nodeAt(keyEnd: Uint32Array, position: number, from: number): number {
  let [low, high] = [from + 1, keyEnd.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keyEnd[middle] ?? 0) > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Whether the names above a node are these, nearest first; the last of them need only end so. */
function isBelow(nodes: NodeTable, node: number, above: readonly Buffer[]): boolean {
  let at = node;
  return above.every((part, number) => {
    at = nodes.parent[at] ?? 0;
    if (at === 0) return false;
    const name = nodes.keys.subarray((nodes.keyEnd[at - 1] ?? 0) + 1, nodes.keyEnd[at]);
    if (number < above.length - 1) return name.equals(part);
    return name.subarray(Math.max(0, name.byteLength - part.byteLength)).equals(part);
  });
}

// A path that contains a text goes on containing it below. Parents stand before their children.
function spread({ parent, count }: NodeTable, marks: Uint8Array): void {
  for (let node = 1; node < count; node++) {
    const own = (marks[node] ?? 0) | ((marks[parent[node] ?? 0] ?? 0) & matches);
    marks[node] = own === 0 ? 0 : matches | matchesBelow;
  }
  for (let node = count - 1; node > 0; node--) {
    if (marks[node] === 0) continue;
    const up = parent[node] ?? 0;
    marks[up] = (marks[up] ?? 0) | matchesBelow;
  }
}
