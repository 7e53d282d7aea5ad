import type { FileRow } from '../../../shared/ipc/image-views.ts';
import type { FoundEntry, FoundPage } from '../../../shared/ipc/layer-views.ts';
import { pathKey } from '../../../shared/windows/windows-path.ts';
import type { Nanoseconds } from '../layer/entry.ts';
import type { LayerIndex } from '../layer/layer-index.ts';
import { contentAtOf, entryAtOf, mergedAt, mergedRoot } from '../layer/merged-tree.ts';
import { parseGlob } from './glob.ts';
import { isoTime } from './iso-time.ts';
import { matches, matchNodes } from './match-nodes.ts';

/** What is looked for; what is left out does not matter. */
export interface FindQuery {
  /** A part of the path, in any case; `\` means `/`. */
  readonly text?: string | undefined;
  /** `*`, `?`, `**`; without a `/` it is matched against the name alone. */
  readonly glob?: string | undefined;
  /** Bytes, both ends included. */
  readonly minSize?: number | undefined;
  readonly maxSize?: number | undefined;
  /** Milliseconds since 1970, both ends included. */
  readonly modifiedFrom?: number | undefined;
  readonly modifiedTo?: number | undefined;
  /** Hex digits from the start of the sha256 of the content, with or without `sha256:`. */
  readonly contentHash?: string | undefined;
  readonly kinds?: readonly FileRow['kind'][] | undefined;
  /** `shown`: what the finished image has; `hidden`: what an upper layer has replaced or deleted. */
  readonly state: 'shown' | 'hidden' | 'any';
  readonly offset: number;
  readonly limit: number;
}

interface Hit {
  readonly layerIndex: number;
  readonly entryNumber: number;
  /** `pathKey` of the path, stream name included. */
  readonly key: string;
}

/** Searches the entries of all layers of a chain, hidden and deleted ones as well. */
export function createFinder(
  layersBaseFirst: readonly LayerIndex[],
): (query: FindQuery) => FoundPage {
  // Pages of one query are asked for one after the other.
  let last: { readonly question: string; readonly hits: readonly Hit[] } | undefined;
  return query => {
    const { offset, limit, ...rest } = query;
    const question = JSON.stringify(rest);
    if (last?.question !== question) last = { question, hits: hitsOf(layersBaseFirst, query) };
    const page = last.hits.slice(offset, offset + limit);
    return { rows: page.map(hit => rowOf(layersBaseFirst, hit)), total: last.hits.length };
  };
}

function hitsOf(layersBaseFirst: readonly LayerIndex[], query: FindQuery): Hit[] {
  const hits: Hit[] = [];
  for (const [layerIndex, index] of layersBaseFirst.entries()) {
    const fits = matcherOf(index, query);
    for (const entryNumber of candidatesOf(index, query.text)) {
      if (!fits(entryNumber)) continue;
      const hit = { layerIndex, entryNumber, key: pathKey(pathOf(index, entryNumber)) };
      if (query.state === 'any' || stateOf(layersBaseFirst, hit) === query.state) hits.push(hit);
    }
  }
  return hits.sort(byPathThenLayer);
}

function byPathThenLayer(a: Hit, b: Hit): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a.layerIndex - b.layerIndex || a.entryNumber - b.entryNumber;
}

/** Entries whose path contains a text. A whiteout has no node of its own where the layer brings something there. */
function* candidatesOf(index: LayerIndex, text: string | undefined): Generator<number> {
  if (text === undefined || text === '') {
    for (let number = 0; number < index.count; number++) yield number;
    return;
  }
  const marks = matchNodes(index.nodes, text);
  const key = pathKey(text);
  for (let node = 1; node < marks.length; node++) {
    const entry = index.nodes.entryOf(node);
    if (entry !== undefined && ((marks[node] ?? 0) & matches) !== 0) yield entry;
  }
  for (let number = 0; number < index.count; number++) {
    if (index.kindAt(number) === 'whiteout' && pathKey(index.pathAt(number)).includes(key)) {
      yield number;
    }
  }
}

type Matcher = (entryNumber: number) => boolean;

/** Cheap questions first. */
function matcherOf(index: LayerIndex, query: FindQuery): Matcher {
  const { kinds, minSize, maxSize, modifiedFrom, modifiedTo, contentHash, glob } = query;
  const matchers: Matcher[] = [];
  if (kinds) matchers.push(number => kinds.includes(kindOf(index, number)));
  if (minSize !== undefined || maxSize !== undefined) {
    const [from, to] = [minSize ?? 0, maxSize ?? Infinity];
    matchers.push(number => hasContent(index, number) && isWithin(index.sizeAt(number), from, to));
  }
  if (modifiedFrom !== undefined || modifiedTo !== undefined) {
    matchers.push(number => isModifiedWithin(index, number, modifiedFrom, modifiedTo));
  }
  if (contentHash !== undefined) {
    const wanted = contentHash
      .toLowerCase()
      .replace(/^sha256:/, '')
      .slice(0, 32);
    matchers.push(number => hashOf(index, number)?.startsWith(wanted) === true);
  }
  if (glob !== undefined) {
    const parsed = parseGlob(glob);
    matchers.push(number => {
      const path = pathOf(index, number);
      return parsed.matches(
        pathKey(parsed.againstName ? path.slice(path.lastIndexOf('/') + 1) : path),
      );
    });
  }
  return number => matchers.every(matcher => matcher(number));
}

function isWithin(value: number, from: number, to: number): boolean {
  return value >= from && value <= to;
}

const millisecond = 1_000_000n;

function isModifiedWithin(
  index: LayerIndex,
  number: number,
  from: number | undefined,
  to: number | undefined,
): boolean {
  if (index.kindAt(number) === 'whiteout') return false;
  const time: Nanoseconds = index.modifiedAt(number);
  if (from !== undefined && time < BigInt(from) * millisecond) return false;
  // The whole of the last millisecond.
  return to === undefined || time < (BigInt(to) + 1n) * millisecond;
}

function hasContent(index: LayerIndex, number: number): boolean {
  const kind = index.kindAt(number);
  return kind === 'file' || kind === 'stream';
}

function hashOf(index: LayerIndex, number: number): string | undefined {
  return hasContent(index, number)
    ? Buffer.from(index.contentHashAt(number)).toString('hex')
    : undefined;
}

function kindOf(index: LayerIndex, number: number): FileRow['kind'] {
  return index.isJunction(number) ? 'junction' : index.kindAt(number);
}

function pathOf(index: LayerIndex, number: number): string {
  const path = index.pathAt(number);
  if (index.kindAt(number) !== 'stream') return path;
  const entry = index.entryAt(number);
  return entry.kind === 'stream' ? `${path}:${entry.streamName}` : path;
}

/** A whiteout is never shown: it is what hides. */
function stateOf(layers: readonly LayerIndex[], hit: Hit): FoundEntry['state'] {
  const shown = mergedAt(layers, mergedRoot(layers.length), hit.key);
  const at = shown && entryAtOf(layers, shown);
  const isShown = at?.layerIndex === hit.layerIndex && at.entryNumber === hit.entryNumber;
  return isShown ? 'shown' : 'hidden';
}

function rowOf(layers: readonly LayerIndex[], hit: Hit): FoundEntry {
  const { layerIndex, entryNumber } = hit;
  const index = layers[layerIndex];
  if (!index) throw new RangeError(`the chain has no layer ${layerIndex}`);
  const path = pathOf(index, entryNumber);
  const entry = index.entryAt(entryNumber);
  const linked = contentOf(layers, hit);
  const hash = linked && hashOf(linked.index, linked.entryNumber);
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    kind: kindOf(index, entryNumber),
    layerIndex,
    size: linked ? linked.index.sizeAt(linked.entryNumber) : 0,
    ...(entry.kind !== 'whiteout' && { modified: isoTime(entry.modified) }),
    ...(hash !== undefined && { contentHash: hash }),
    ...('target' in entry && { target: entry.target }),
    state: stateOf(layers, hit),
  };
}

function contentOf(layers: readonly LayerIndex[], { layerIndex, entryNumber, key }: Hit) {
  const index = layers[layerIndex];
  if (index && hasContent(index, entryNumber)) return { index, entryNumber };
  if (index?.kindAt(entryNumber) !== 'hard-link') return undefined;
  const link = mergedAt(layers, mergedRoot(layerIndex + 1), key);
  const at = link && contentAtOf(layers, link);
  const target = at && layers[at.layerIndex];
  return at && target ? { index: target, entryNumber: at.entryNumber } : undefined;
}
