import type { LayerEntry } from './entry.ts';
import { absentTime, contentHashLength, entryKinds, type IndexColumns } from './index-columns.ts';

/** Collects entries into columns. */
export interface IndexBuilder {
  /** `contentHash` is a sha256, for entries with content. */
  add(entry: LayerEntry, contentOffset: number, contentHash?: Uint8Array): void;
  columns(): IndexColumns;
}

type Column = Uint8Array | Uint32Array | Float64Array | BigInt64Array;

/** Starts an empty index. */
export function createIndexBuilder(): IndexBuilder {
  const kind = growing(length => new Uint8Array(length));
  const attributes = growing(length => new Uint32Array(length));
  const size = growing(length => new Float64Array(length));
  const offset = growing(length => new Float64Array(length));
  const modified = growing(length => new BigInt64Array(length));
  const accessed = growing(length => new BigInt64Array(length));
  const changed = growing(length => new BigInt64Array(length));
  const created = growing(length => new BigInt64Array(length));
  const descriptor = growing(length => new Uint32Array(length));
  const hashes = growing(length => new Uint8Array(length));
  const paths = createPathTable();
  const descriptors = new Map<Uint8Array, number>();
  const rare = createRareTable();
  let count = 0;

  function intern(bytes: Uint8Array | undefined): number {
    if (!bytes) return 0;
    const known = descriptors.get(bytes) ?? descriptors.size + 1;
    descriptors.set(bytes, known);
    return known;
  }
  return {
    add(entry, contentOffset, contentHash) {
      kind.room(count)[count] = entryKinds.indexOf(entry.kind);
      attributes.room(count)[count] = entry.attributes;
      size.room(count)[count] = 'size' in entry ? entry.size : 0;
      offset.room(count)[count] = contentOffset;
      modified.room(count)[count] = entry.modified;
      accessed.room(count)[count] = entry.accessed ?? absentTime;
      changed.room(count)[count] = entry.changed ?? absentTime;
      created.room(count)[count] = entry.created ?? absentTime;
      descriptor.room(count)[count] = intern(entry.securityDescriptor);
      const hashEnd = (count + 1) * contentHashLength;
      const hashColumn = hashes.room(hashEnd - 1);
      if (contentHash)
        hashColumn.set(contentHash.subarray(0, contentHashLength), hashEnd - contentHashLength);
      paths.add(entry.path);
      rare.add(count, entry);
      count += 1;
    },
    columns: () => ({
      kind: kind.cut(count),
      attributes: attributes.cut(count),
      size: size.cut(count),
      contentOffset: offset.cut(count),
      modified: modified.cut(count),
      accessed: accessed.cut(count),
      changed: changed.cut(count),
      created: created.cut(count),
      descriptor: descriptor.cut(count),
      contentHash: hashes.cut(count * contentHashLength),
      ...paths.columns(),
      descriptors: [...descriptors.keys()],
      ...rare.columns,
    }),
  };
}

// What few entries have.
function createRareTable() {
  const texts = new Map<number, string>();
  const mountPoints = new Set<number>();
  const extendedAttributes = new Map<number, ReadonlyMap<string, Uint8Array>>();
  return {
    columns: { texts, mountPoints, extendedAttributes },
    add(number: number, entry: LayerEntry): void {
      if ('target' in entry) texts.set(number, entry.target);
      if (entry.kind === 'stream') texts.set(number, entry.streamName);
      if (entry.kind === 'symlink' && entry.mountPoint) mountPoints.add(number);
      if (entry.extendedAttributes) extendedAttributes.set(number, entry.extendedAttributes);
    },
  };
}

function createPathTable() {
  const ends = growing(length => new Uint32Array(length));
  const bytes = growing(length => new Uint8Array(length));
  let count = 0;
  let used = 0;
  return {
    add(path: string): void {
      const encoded = Buffer.from(path, 'utf8');
      bytes.room(used + encoded.byteLength).set(encoded, used);
      used += encoded.byteLength;
      ends.room(count)[count] = used;
      count += 1;
    },
    columns: () => ({ pathEnd: ends.cut(count), paths: bytes.cut(used) }),
  };
}

/** An array that doubles when it is full. */
interface Growing<T> {
  /** The array, with room for `position`. */
  room(position: number): T;
  /** A copy of the first `length` elements. */
  cut(length: number): T;
}

function growing<T extends Column>(make: (length: number) => T): Growing<T> {
  let array = make(1024);
  const copy = (length: number, from: Column) => {
    const larger = make(length);
    // The two are of one type, which TypeScript cannot see through the union.
    (larger as Uint8Array).set(from as Uint8Array);
    return larger;
  };
  return {
    room(position) {
      if (position >= array.length) array = copy(Math.max(2 * array.length, position + 1), array);
      return array;
    },
    cut: length => copy(length, array.subarray(0, length)),
  };
}
