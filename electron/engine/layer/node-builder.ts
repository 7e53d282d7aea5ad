import { pathKey } from '../../../shared/windows/windows-path.ts';
import type { LayerEntry } from './entry.ts';
import { growing, growingBytes } from './growing.ts';
import { nodeFlags, type IndexColumns } from './index-columns.ts';

/** What the tree of nodes needs to know of an entry, once all are there. */
export interface EntryFacts {
  readonly size: (entryNumber: number) => number;
  readonly kind: (entryNumber: number) => LayerEntry['kind'];
}

type NodeColumns = Pick<IndexColumns, Extract<keyof IndexColumns, `node${string}`>>;

/** Gathers the paths of a layer into a tree. */
export interface NodeBuilder {
  add(entry: LayerEntry, entryNumber: number): void;
  /** The own entry at a path, if there is one. */
  entryAt(path: string): number | undefined;
  columns(facts: EntryFacts): NodeColumns;
}

const root = 0;

/** Starts with a root and nothing below it. */
export function createNodeBuilder(): NodeBuilder {
  const known = new Map<string, number>([['', root]]);
  const keys: string[] = [''];
  const parents = growing(length => new Uint32Array(length));
  const entries = growing(length => new Uint32Array(length));
  const flags = growing(length => new Uint8Array(length));

  // Most entries stand in the folder of the one before, and looking that up is half of the work.
  let folder = { key: '', node: root };
  function folderOf(key: string, slash: number, entryNumber: number): number {
    if (slash === folder.key.length && key.startsWith(folder.key)) return folder.node;
    const folderKey = key.slice(0, Math.max(0, slash));
    folder = { key: folderKey, node: nodeAt(folderKey, entryNumber) };
    return folder.node;
  }
  function nodeAt(key: string, entryNumber: number): number {
    const found = known.get(key);
    if (found !== undefined) return found;
    const slash = key.lastIndexOf('/');
    const parent = folderOf(key, slash, entryNumber);
    const node = keys.length;
    known.set(key, node);
    keys.push(key.slice(slash + 1));
    parents.room(node)[node] = parent;
    entries.room(node)[node] = entryNumber;
    flags.room(node)[node] = 0;
    return node;
  }
  return {
    add(entry, entryNumber) {
      const node = nodeAt(pathKey(nodePath(entry)), entryNumber);
      const before = flags.room(node)[node] ?? 0;
      const flag = entry.kind === 'whiteout' ? nodeFlags.whiteout : nodeFlags.own;
      flags.room(node)[node] = before | flag;
      if (flag === nodeFlags.own || before === 0) entries.room(node)[node] = entryNumber;
    },
    entryAt(path) {
      const node = known.get(pathKey(path));
      if (node === undefined || ((flags.room(node)[node] ?? 0) & nodeFlags.own) === 0)
        return undefined;
      return entries.room(node)[node];
    },
    columns(facts) {
      const count = keys.length;
      const draft = {
        keys: keys.map(byteString),
        parents: parents.cut(count),
        entries: entries.cut(count),
        flags: flags.cut(count),
      };
      return levelOrder(draft, facts);
    },
  };
}

function nodePath(entry: LayerEntry): string {
  return entry.kind === 'stream' ? `${entry.path}:${entry.streamName}` : entry.path;
}

/** The UTF-8 form, one character for each byte: such texts compare as their bytes do. */
export function byteString(key: string): string {
  // eslint-disable-next-line no-control-regex -- the range of ASCII
  return /^[\0-\u007f]*$/.test(key) ? key : Buffer.from(key, 'utf8').toString('latin1');
}

interface NodeDraft {
  readonly keys: readonly string[];
  readonly parents: Uint32Array;
  readonly entries: Uint32Array;
  readonly flags: Uint8Array;
}

function levelOrder(draft: NodeDraft, facts: EntryFacts): NodeColumns {
  const { order, first } = orderOf(draft);
  const count = order.length;
  const position = new Uint32Array(count);
  order.forEach((node, at) => (position[node] = at));
  const nodeKeys = growingBytes();
  const columns = {
    nodeParent: order.map(node => position[draft.parents[node] ?? root] ?? root),
    nodeEntry: order.map(node => draft.entries[node] ?? 0),
    nodeFlags: Uint8Array.from(order, node => draft.flags[node] ?? 0),
    nodeFirst: first,
  };
  for (const node of order) nodeKeys.addText(node === root ? '' : `/${draft.keys[node]}`, 'latin1');
  const { ends, bytes } = nodeKeys.cut();
  return { ...columns, nodeKeyEnd: ends, nodeKeys: bytes, ...sums(columns, facts) };
}

/** Draft numbers level by level, children sorted by key, and where the children of each start. */
function orderOf({ keys, parents }: NodeDraft): { order: Uint32Array; first: Uint32Array } {
  const count = keys.length;
  const starts = new Uint32Array(count + 1);
  for (let node = 1; node < count; node++) addTo(starts, (parents[node] ?? root) + 1, 1);
  for (let node = 0; node < count; node++) addTo(starts, node + 1, starts[node] ?? 0);
  const filled = starts.slice();
  const children = new Uint32Array(Math.max(0, count - 1));
  for (let node = 1; node < count; node++) {
    const parent = parents[node] ?? root;
    children[filled[parent] ?? 0] = node;
    addTo(filled, parent, 1);
  }
  const byKey = (a: number, b: number) => ((keys[a] ?? '') < (keys[b] ?? '') ? -1 : 1);
  const order = new Uint32Array(count);
  const first = new Uint32Array(count + 1);
  let end = 1;
  for (let at = 0; at < count; at++) {
    const node = order[at] ?? root;
    const own = children.subarray(starts[node], starts[node + 1]);
    if (own.length > 1) own.sort(byKey);
    first[at] = end;
    order.set(own, end);
    end += own.length;
  }
  first[count] = end;
  return { order, first };
}

// Children come after their parents, so from the end on each node is complete before it is added to its parent.
function sums(
  {
    nodeParent,
    nodeEntry,
    nodeFlags: flags,
  }: Pick<NodeColumns, 'nodeParent' | 'nodeEntry' | 'nodeFlags'>,
  facts: EntryFacts,
): Pick<NodeColumns, 'nodeSize' | 'nodeFiles' | 'nodeDirectories'> {
  const count = nodeParent.length;
  const nodeSize = new Float64Array(count);
  const nodeFiles = new Uint32Array(count);
  const nodeDirectories = new Uint32Array(count);
  for (let node = count - 1; node >= 0; node--) {
    if (((flags[node] ?? 0) & nodeFlags.own) !== 0) {
      flags[node] = (flags[node] ?? 0) | nodeFlags.brings;
      const entry = nodeEntry[node] ?? 0;
      const kind = facts.kind(entry);
      addTo(nodeSize, node, facts.size(entry));
      addTo(nodeFiles, node, Number(kind !== 'directory' && kind !== 'stream'));
      addTo(nodeDirectories, node, Number(kind === 'directory'));
    }
    if (node === root) break;
    const parent = nodeParent[node] ?? root;
    flags[parent] = (flags[parent] ?? 0) | ((flags[node] ?? 0) & nodeFlags.brings);
    addTo(nodeSize, parent, nodeSize[node] ?? 0);
    addTo(nodeFiles, parent, nodeFiles[node] ?? 0);
    addTo(nodeDirectories, parent, nodeDirectories[node] ?? 0);
  }
  return { nodeSize, nodeFiles, nodeDirectories };
}

function addTo(array: Uint32Array | Float64Array, at: number, value: number): void {
  array[at] = (array[at] ?? 0) + value;
}
