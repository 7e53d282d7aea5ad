import type { Bytes } from '../content/bytes.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import { pathKey } from '../../../shared/windows/windows-path.ts';
import type { LayerEntry } from './entry.ts';
import { createEntryParser } from './entry-from-member.ts';
import { tarPath } from './entry-header.ts';
import { layerFault, type LayerFault } from './layer-fault.ts';
import { createTarReader, type TarReader } from './tar-reader.ts';

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

/**
 * Reads the uncompressed tar of a Windows layer from front to back. Fails with `layer-malformed` on anything
 * that is damaged, hostile or too large. A directory may stand in it twice, anything else may not.
 */
export async function* readLayer(
  tar: Bytes,
  options: LayerReaderOptions,
): AsyncGenerator<ReadEntry> {
  const fault = layerFault(options.digest);
  const reader = createTarReader(limited(tar, options, fault), fault);
  const parse = createEntryParser(fault);
  const admit = createGate(options, fault);
  try {
    for (;;) {
      const member = await reader.next();
      if (!member) return;
      const entry = parse(member);
      admit(entry, member.offset);
      yield { entry, contentOffset: member.offset, content: () => contentOf(reader) };
    }
  } finally {
    await reader.close();
  }
}

// Names must differ, and what is kept of all entries together must fit into memory.
function createGate(options: LayerReaderOptions, fault: LayerFault) {
  const { maxEntries = defaultMaxEntries, maxMetadata = defaultMaxMetadata } = options;
  const kinds = new Map<string, LayerEntry['kind']>();
  const shared = new WeakSet<Uint8Array>();
  let entries = 0;
  let metadata = 0;
  return (entry: LayerEntry, offset: number): void => {
    const path = tarPath(entry);
    const key = pathKey(path);
    const before = kinds.get(key);
    if (before !== undefined && !(before === 'directory' && entry.kind === 'directory')) {
      throw fault('the layer has two entries of this name', offset, path);
    }
    kinds.set(key, entry.kind);
    entries += 1;
    if (entries > maxEntries) throw fault(`it has more than ${maxEntries} entries`, offset, path);
    metadata += metadataSize(entry, shared);
    if (metadata > maxMetadata) {
      throw fault(`its metadata takes more than ${maxMetadata} bytes`, offset, path);
    }
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

async function* contentOf(reader: TarReader): Bytes {
  for (let chunk = await reader.read(); chunk; chunk = await reader.read()) yield chunk;
}

// A few kilobytes can inflate to terabytes of zeros.
async function* limited(tar: Bytes, options: LayerReaderOptions, fault: LayerFault): Bytes {
  const { maxBytes = defaultMaxBytes, signal } = options;
  let size = 0;
  for await (const chunk of tar) {
    throwIfCancelled(signal);
    size += chunk.byteLength;
    if (size > maxBytes)
      throw fault(`it holds more than the ${maxBytes} bytes that are allowed`, size);
    yield chunk;
  }
}
