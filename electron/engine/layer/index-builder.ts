import type { Digest } from '../../../shared/oci/digest.ts';
import type { LayerEntry } from './entry.ts';
import { growing, growingBytes } from './growing.ts';
import { absentTime, contentHashLength, entryKinds, type IndexColumns } from './index-columns.ts';
import { encodeIndex } from './index-file.ts';
import type { IndexData } from './layer-index.ts';
import { createNodeBuilder } from './node-builder.ts';

/** Collects the entries of a layer, in tar order, into an index. */
export interface IndexBuilder {
  /** `contentOffset` in bytes from the start of the tar; `contentHash` is a sha256, for entries with content. */
  add(entry: LayerEntry, contentOffset: number, contentHash?: Uint8Array): void;
  /** The finished index. Call it once. */
  finish(layer: { readonly diffId: Digest; readonly uncompressedSize: number }): IndexData;
}

/** Starts an empty index. */
export function createIndexBuilder(): IndexBuilder {
  const kind = growing(length => new Uint8Array(length));
  const attributes = growing(length => new Uint32Array(length));
  const size = growing(length => new Float64Array(length));
  const offset = growing(length => new Float64Array(length));
  const times = createTimes();
  const hashes = growing(length => new Uint8Array(length));
  const paths = growingBytes();
  const descriptors = createDescriptors();
  const rare = createRareTables();
  const nodes = createNodeBuilder();
  let count = 0;

  return {
    add(entry, contentOffset, contentHash) {
      kind.room(count)[count] = entryKinds.indexOf(kindOf(entry));
      attributes.room(count)[count] = entry.attributes;
      size.room(count)[count] = 'size' in entry ? entry.size : 0;
      offset.room(count)[count] = contentOffset;
      times.add(entry, count);
      descriptors.add(entry.securityDescriptor, count);
      const hashAt = count * contentHashLength;
      const hashColumn = hashes.room(hashAt + contentHashLength - 1);
      if (contentHash) hashColumn.set(contentHash.subarray(0, contentHashLength), hashAt);
      paths.addText(entry.path);
      rare.add(entry, count);
      nodes.add(entry, count);
      count += 1;
    },
    finish(layer) {
      const kinds = kind.cut(count);
      const sizes = size.cut(count);
      const isFile = (entry: number) => entryKinds[kinds[entry] ?? 0] === 'file';
      const { ends: pathEnd, bytes: pathBytes } = paths.cut();
      const columns: IndexColumns = {
        kind: kinds,
        attributes: attributes.cut(count),
        size: sizes,
        contentOffset: offset.cut(count),
        ...times.columns(count),
        contentHash: hashes.cut(count * contentHashLength),
        pathEnd,
        paths: pathBytes,
        ...descriptors.columns(count),
        ...rare.columns(),
        ...linkColumns(rare.hardLinks, path => nodes.entryAt(path), isFile),
        ...nodes.columns({
          size: entry => sizes[entry] ?? 0,
          kind: entry => plainKind(kinds[entry] ?? 0),
        }),
      };
      return encodeIndex(layer, columns);
    },
  };
}

function kindOf(entry: LayerEntry): (typeof entryKinds)[number] {
  return entry.kind === 'symlink' && entry.mountPoint ? 'junction' : entry.kind;
}

function plainKind(code: number): LayerEntry['kind'] {
  const kind = entryKinds[code] ?? 'file';
  return kind === 'junction' ? 'symlink' : kind;
}

function createTimes() {
  const make = () => growing(length => new BigInt64Array(length));
  const columns = { modified: make(), accessed: make(), changed: make(), created: make() };
  return {
    add({ modified, accessed, changed, created }: LayerEntry, number: number): void {
      columns.modified.room(number)[number] = modified;
      columns.accessed.room(number)[number] = accessed ?? absentTime;
      columns.changed.room(number)[number] = changed ?? absentTime;
      columns.created.room(number)[number] = created ?? absentTime;
    },
    columns: (count: number) => ({
      modified: columns.modified.cut(count),
      accessed: columns.accessed.cut(count),
      changed: columns.changed.cut(count),
      created: columns.created.cut(count),
    }),
  };
}

// Most entries share their descriptor, as an object or at least as bytes.
function createDescriptors() {
  const numbers = growing(length => new Uint32Array(length));
  const byObject = new WeakMap<Uint8Array, number>();
  const byBytes = new Map<string, number>();
  const table = growingBytes();
  function numberOf(descriptor: Uint8Array): number {
    const seen = byObject.get(descriptor);
    if (seen !== undefined) return seen;
    const bytes = Buffer.from(descriptor).toString('latin1');
    let number = byBytes.get(bytes);
    if (number === undefined) {
      table.add(descriptor);
      number = table.count;
      byBytes.set(bytes, number);
    }
    byObject.set(descriptor, number);
    return number;
  }
  return {
    add(descriptor: Uint8Array | undefined, entryNumber: number): void {
      numbers.room(entryNumber)[entryNumber] = descriptor ? numberOf(descriptor) : 0;
    },
    columns(count: number) {
      const { ends, bytes } = table.cut();
      return { descriptor: numbers.cut(count), descriptorEnd: ends, descriptors: bytes };
    },
  };
}

// What few entries have.
function createRareTables() {
  const textEntry: number[] = [];
  const texts = growingBytes();
  const xattrEntry: number[] = [];
  const xattrs = growingBytes();
  const hardLinks: HardLink[] = [];
  return {
    hardLinks: hardLinks as readonly HardLink[],
    add(entry: LayerEntry, number: number): void {
      if (entry.kind === 'hard-link') hardLinks.push({ number, target: entry.target });
      if (entry.kind === 'stream' || 'target' in entry) {
        textEntry.push(number);
        texts.addText(entry.kind === 'stream' ? entry.streamName : entry.target);
      }
      if (!entry.extendedAttributes) return;
      xattrEntry.push(number);
      const pairs = [...entry.extendedAttributes].map(([name, value]) => [name, base64(value)]);
      xattrs.addText(JSON.stringify(pairs));
    },
    columns() {
      const [text, xattr] = [texts.cut(), xattrs.cut()];
      return {
        textEntry: Uint32Array.from(textEntry),
        textEnd: text.ends,
        texts: text.bytes,
        xattrEntry: Uint32Array.from(xattrEntry),
        xattrEnd: xattr.ends,
        xattrs: xattr.bytes,
      };
    },
  };
}

interface HardLink {
  readonly number: number;
  readonly target: string;
}

function linkColumns(
  links: readonly HardLink[],
  entryAt: (path: string) => number | undefined,
  isFile: (entryNumber: number) => boolean,
) {
  const targets = new Map<number, number>();
  // A link may name a link, but only one before it: so each is known by the time it is needed.
  for (const { number, target } of links) {
    const named = entryAt(target);
    const file = named !== undefined && isFile(named) ? named : targets.get(named ?? -1);
    if (file !== undefined) targets.set(number, file);
  }
  return {
    linkEntry: Uint32Array.from(targets.keys()),
    linkTarget: Uint32Array.from(targets.values()),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
