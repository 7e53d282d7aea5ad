import type { Bytes } from '../content/bytes.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import { pathKey } from '../../../shared/windows/windows-path.ts';
import { createByteSource } from './byte-source.ts';
import type { LayerEntry } from './entry.ts';
import { createEntryParser } from './entry-from-member.ts';
import { tarPath } from './entry-header.ts';
import { layerFault, type LayerFault } from './layer-fault.ts';
import { needsMore, readTar } from './tar-reader.ts';

/** What a reader of a layer needs to know, and how much it lets a hostile one take. */
export interface LayerReaderOptions {
  /** Names the layer in failures. */
  readonly digest: string;
  /** Bytes of uncompressed tar. */
  readonly maxBytes?: number;
  readonly maxEntries?: number;
  /** Bytes of names, link targets, distinct security descriptors and extended attributes. */
  readonly maxMetadata?: number;
  readonly signal?: AbortSignal;
}

/** An entry on its way out of a layer. */
export interface ReadEntry {
  readonly entry: LayerEntry;
  /** Where the content starts, in bytes from the start of the uncompressed tar. */
  readonly contentOffset: number;
  /** The content of a file or stream, once, before the next entry is asked for; chunks are valid until the next. */
  readonly content: () => Bytes;
}

const defaultMaxBytes = 1024 ** 4;
/** Several times what the largest Windows base holds. */
const defaultMaxEntries = 2_000_000;
const defaultMaxMetadata = 256 * 1024 ** 2;

/** Takes the entries of a layer, and after each the pieces of its content (valid until it returns). */
export interface LayerSink {
  entry(entry: LayerEntry, contentOffset: number): void;
  content(chunk: Uint8Array): void;
}

/** A layer whose tar is passed in, chunk by chunk. */
export interface LayerParser {
  push(chunk: Uint8Array): void;
  /** After the last chunk. */
  end(): void;
}

/**
 * Parses the uncompressed tar of a Windows layer from front to back. Both calls fail with `layer-malformed` on anything
 * that is damaged, hostile or too large. A directory may stand in it twice, anything else may not.
 */
export function createLayerParser(options: LayerReaderOptions, sink: LayerSink): LayerParser {
  const { maxBytes = defaultMaxBytes } = options;
  const fault = layerFault(options.digest);
  const source = createByteSource();
  const tokens = readTar(source, fault);
  const parse = createEntryParser(fault);
  const admit = createGate(options, fault);
  let size = 0;
  const run = () => {
    for (let next = tokens.next(); next.done !== true; next = tokens.next()) {
      const token = next.value;
      if (token === needsMore) return;
      if (token instanceof Uint8Array) sink.content(token);
      else {
        const entry = parse(token);
        admit(entry, token.offset);
        sink.entry(entry, token.offset);
      }
    }
  };
  return {
    push(chunk) {
      size += chunk.byteLength;
      // A few kilobytes can inflate to terabytes of zeros.
      if (size > maxBytes)
        throw fault(`it holds more than the ${maxBytes} bytes that are allowed`, size);
      source.feed(chunk);
      run();
      source.letGo();
    },
    end() {
      source.end();
      run();
    },
  };
}

/** Reads the uncompressed tar of a Windows layer entry by entry. Fails as `createLayerParser` does. */
export async function* readLayer(
  tar: Bytes,
  options: LayerReaderOptions,
): AsyncGenerator<ReadEntry> {
  const waiting: (Uint8Array | Omit<ReadEntry, 'content'>)[] = [];
  const parser = createLayerParser(options, {
    entry: (entry, contentOffset) => waiting.push({ entry, contentOffset }),
    content: chunk => waiting.push(chunk),
  });
  const chunks = tar[Symbol.asyncIterator]();
  let ended = false;
  /** What comes next; undefined at the end. */
  async function peek() {
    while (waiting.length === 0 && !ended) {
      throwIfCancelled(options.signal);
      const next = await chunks.next();
      ended = next.done === true;
      if (next.done === true) parser.end();
      else parser.push(next.value);
    }
    return waiting[0];
  }
  async function* content(): Bytes {
    for (let next = await peek(); next instanceof Uint8Array; next = await peek()) {
      waiting.shift();
      yield next;
    }
  }
  try {
    for (let next = await peek(); next; next = await peek()) {
      waiting.shift();
      if (!(next instanceof Uint8Array)) yield { ...next, content };
    }
  } finally {
    await chunks.return?.();
  }
}

// Names must differ, and what is kept of all entries together must fit into memory.
function createGate(options: LayerReaderOptions, fault: LayerFault) {
  const { maxEntries = defaultMaxEntries, maxMetadata = defaultMaxMetadata } = options;
  const nameProblem = createNames();
  const shared = new WeakSet<Uint8Array>();
  let entries = 0;
  let metadata = 0;
  return (entry: LayerEntry, offset: number): void => {
    const path = tarPath(entry);
    const key = pathKey(path);
    const problem = nameProblem(key, entry.kind);
    if (problem !== undefined) throw fault(problem, offset, path);
    entries += 1;
    if (entries > maxEntries) throw fault(`it has more than ${maxEntries} entries`, offset, path);
    metadata += metadataSize(entry, shared);
    if (metadata > maxMetadata) {
      throw fault(`its metadata takes more than ${maxMetadata} bytes`, offset, path);
    }
  };
}

/**
 * Tells what is wrong with the next name. A file with something below it would be a way through a link, or shown now as
 * the one and now as the other.
 */
function createNames(): (key: string, kind: LayerEntry['kind']) => string | undefined {
  const kinds = new Map<string, LayerEntry['kind'] | 'implied'>();
  // Most entries stand in the folder of the one before.
  let folder = '';
  function parentProblem(key: string): string | undefined {
    let slash = key.lastIndexOf('/');
    if (slash === folder.length && key.startsWith(folder)) return undefined;
    const nearest = key.slice(0, Math.max(0, slash));
    for (; slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
      const parent = key.slice(0, slash);
      const found = kinds.get(parent);
      if (found === 'directory' || found === 'implied') break;
      if (found !== undefined) return 'it stands below something that is no directory';
      kinds.set(parent, 'implied');
    }
    folder = nearest;
    return undefined;
  }
  return (key, kind) => {
    const before = kinds.get(key);
    if (before === 'implied' && kind !== 'directory')
      return 'it has entries below it, but is no directory';
    const isAgain = before === 'directory' && kind === 'directory';
    if (before !== undefined && before !== 'implied' && !isAgain) {
      return 'the layer has two entries of this name';
    }
    const problem = kind === 'whiteout' ? undefined : parentProblem(key);
    if (problem === undefined) kinds.set(key, kind);
    return problem;
  };
}

function metadataSize(entry: LayerEntry, shared: WeakSet<Uint8Array>): number {
  const { path, securityDescriptor, extendedAttributes } = entry;
  let size = path.length + ('target' in entry ? entry.target.length : 0);
  for (const [name, value] of extendedAttributes ?? []) size += name.length + value.byteLength;
  if (!securityDescriptor || shared.has(securityDescriptor)) return size;
  shared.add(securityDescriptor);
  return size + securityDescriptor.byteLength;
}
