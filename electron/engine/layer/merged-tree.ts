import { pathKey } from '../../../shared/windows/windows-path.ts';
import type { LayerEntry } from './entry.ts';
import { nodeFlags } from './index-columns.ts';
import type { LayerIndex } from './layer-index.ts';
import { byteString } from './node-builder.ts';
import type { EntryAt } from './tree-node.ts';

/** A node of one layer of a chain. */
export interface Part {
  /** Base first, from 0. */
  readonly layerIndex: number;
  readonly node: number;
}

/**
 * One name in the cumulative view of the first layers of a chain. Nothing is kept of the view: each name is worked out
 * from the trees of the layers when it is asked for, so that opening a chain costs nothing.
 */
export interface MergedNode extends Part {
  readonly kind: Exclude<LayerEntry['kind'], 'whiteout'>;
  /** Byte string of `pathKey` of the name. */
  readonly key: string;
  /** Of a directory: the nodes, topmost layer first, whose children merge into its own. Empty for others. */
  readonly parts: readonly Part[];
}

type Layers = readonly LayerIndex[];

/** The root of the view of the first `layerCount` layers. */
export function mergedRoot(layerCount: number): MergedNode {
  const parts = Array.from({ length: layerCount }, (_, at) => {
    return { layerIndex: layerCount - 1 - at, node: 0 };
  });
  return { layerIndex: 0, node: 0, kind: 'directory', key: '', parts };
}

/** The child with a key, a byte string. */
export function mergedChild(
  layers: Layers,
  parent: MergedNode,
  key: string,
): MergedNode | undefined {
  const candidates: Part[] = [];
  for (const part of parent.parts) {
    const node = layers[part.layerIndex]?.nodes.find(part.node, key) ?? -1;
    if (node >= 0) candidates.push({ layerIndex: part.layerIndex, node });
  }
  return resolve(layers, parent, candidates, key);
}

/** The children, sorted by key. Streams stand beside their file. */
export function mergedChildren(layers: Layers, parent: MergedNode): MergedNode[] {
  const found: MergedNode[] = [];
  const heads = parent.parts.map(({ layerIndex, node }) => new Head(layers, layerIndex, node));
  for (;;) {
    const key = smallestKey(heads);
    if (key === undefined) return found;
    const candidates: Part[] = [];
    for (const head of heads) {
      if (head.key !== key) continue;
      candidates.push({ layerIndex: head.layerIndex, node: head.node });
      head.advance();
    }
    const child = resolve(layers, parent, candidates, key);
    if (child) found.push(child);
  }
}

/** Walks over the children of a node in one layer. */
class Head {
  readonly layerIndex: number;
  node: number;
  key: string | undefined;
  readonly #end: number;
  readonly #keyOf: (node: number) => string;

  constructor(layers: Layers, layerIndex: number, parent: number) {
    const nodes = layers[layerIndex]?.nodes;
    this.layerIndex = layerIndex;
    this.node = nodes?.first[parent] ?? 0;
    this.#end = nodes?.first[parent + 1] ?? 0;
    this.#keyOf = node => nodes?.keyOf(node) ?? '';
    this.key = this.node < this.#end ? this.#keyOf(this.node) : undefined;
  }

  advance(): void {
    this.node += 1;
    this.key = this.node < this.#end ? this.#keyOf(this.node) : undefined;
  }
}

function smallestKey(heads: readonly Head[]): string | undefined {
  let smallest: string | undefined;
  for (const { key } of heads) {
    if (key !== undefined && (smallest === undefined || key < smallest)) smallest = key;
  }
  return smallest;
}

/**
 * What is seen of a name that these nodes have, topmost layer first. The rules of Windows: a whiteout removes what lower
 * layers have at its path and below, a directory merges with a directory, and anything else replaces what was there.
 */
function resolve(
  layers: Layers,
  parent: MergedNode,
  candidates: readonly Part[],
  key: string,
): MergedNode | undefined {
  const parts: Part[] = [];
  let shown: Part | undefined;
  let implied: Part | undefined;
  for (const part of candidates) {
    const [kind, flags] = lookAt(layers, part);
    if (kind !== 'directory') {
      // Below a directory of an upper layer it is replaced.
      if (shown || implied) break;
      const isGone = kind === 'stream' && isDetached(layers, parent, part, key);
      return isGone ? undefined : { ...part, kind, key, parts: [] };
    }
    parts.push(part);
    if ((flags & nodeFlags.own) !== 0) shown ??= part;
    else if ((flags & nodeFlags.brings) !== 0) implied = part;
    if ((flags & nodeFlags.whiteout) !== 0) break;
  }
  const found = shown ?? implied;
  return found && { ...found, kind: 'directory', key, parts };
}

function lookAt(layers: Layers, { layerIndex, node }: Part): [MergedNode['kind'], number] {
  const nodes = layers[layerIndex]?.nodes;
  return nodes ? [nodes.kindOf(node), nodes.flags[node] ?? 0] : ['directory', 0];
}

// A stream goes with its file: any entry or whiteout of that name in an upper layer takes it along.
function isDetached(layers: Layers, parent: MergedNode, stream: Part, key: string): boolean {
  const fileKey = key.slice(0, key.indexOf(':'));
  return parent.parts.some(({ layerIndex, node }) => {
    const nodes = layers[layerIndex]?.nodes;
    if (!nodes || layerIndex <= stream.layerIndex) return false;
    const file = nodes.find(node, fileKey);
    return file >= 0 && ((nodes.flags[file] ?? 0) & (nodeFlags.own | nodeFlags.whiteout)) !== 0;
  });
}

/** The node at a path as the user writes it, in any case, with `/` or `\`; `''` is the root. */
export function mergedAt(layers: Layers, root: MergedNode, path: string): MergedNode | undefined {
  let found: MergedNode | undefined = root;
  for (const segment of path.split(/[/\\]/)) {
    if (segment === '' || !found) continue;
    found = mergedChild(layers, found, byteString(pathKey(segment)));
  }
  return found;
}

/** The name as the layer spells it that is shown. */
export function mergedName(layers: Layers, { layerIndex, node }: Part): string {
  return node === 0 ? '' : (layers[layerIndex]?.nodes.nameOf(node) ?? '');
}

/** The entry that is shown; undefined for a directory that is only implied. */
export function entryAtOf(layers: Layers, { layerIndex, node }: Part): EntryAt | undefined {
  const entryNumber = layers[layerIndex]?.nodes.entryOf(node);
  return entryNumber === undefined ? undefined : { layerIndex, entryNumber };
}

/** Links name links only in an attack. */
const maxLinks = 16;

/** The file or stream whose bytes a node has; undefined for what has none, and for a link that dangles. */
export function contentAtOf(
  layers: Layers,
  node: Part & Pick<MergedNode, 'kind'>,
  linksLeft = maxLinks,
): EntryAt | undefined {
  const at = entryAtOf(layers, node);
  const index = layers[node.layerIndex];
  if (!at || !index) return undefined;
  if (node.kind === 'file' || node.kind === 'stream') return at;
  if (node.kind !== 'hard-link' || linksLeft === 0) return undefined;
  const file = index.linkedFile(at.entryNumber);
  if (file !== undefined) return { layerIndex: node.layerIndex, entryNumber: file };
  // The file is in a lower layer: what was there when the link was made.
  const link = index.entryAt(at.entryNumber);
  const target =
    link.kind === 'hard-link'
      ? mergedAt(layers, mergedRoot(node.layerIndex + 1), link.target)
      : undefined;
  return target && contentAtOf(layers, target, linksLeft - 1);
}
