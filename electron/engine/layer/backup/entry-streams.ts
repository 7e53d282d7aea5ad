import { AppError } from '../../../../shared/failure.ts';
import type { Bytes } from '../../content/bytes.ts';
import type { LayerEntry } from '../entry.ts';
import { tarPath } from '../entry-header.ts';
import { encodeStreamHeader, plainHeader, type StreamKind } from './backup-stream.ts';
import { attributesProblem, encodeExtendedAttributes } from './extended-attributes.ts';
import { encodeReparsePoint } from './reparse-point.ts';

/** An entry that stands for something with backup streams of its own. */
export type StreamedEntry = Extract<
  LayerEntry,
  { readonly kind: 'directory' | 'file' | 'symlink' }
>;

/**
 * The backup streams of an entry in go-winio's order: security descriptor, extended attributes, reparse point, data;
 * then come its alternate streams (`alternateStream`), which are entries of their own. Files have a data stream even
 * when they are empty, and sparse ones are whole. `content` must have exactly the size of the entry. Fails with
 * `layer-entry-refused` where the entry has no such form.
 */
export async function* entryStreams(entry: StreamedEntry, content: Bytes): Bytes {
  const head = Buffer.concat(metadataStreams(entry));
  if (entry.kind === 'file') {
    yield Buffer.concat([head, encodeStreamHeader(plainHeader('data', entry.size))]);
    yield* content;
  } else if (head.byteLength > 0) yield head;
}

/** The backup stream of an alternate data stream. */
export async function* alternateStream(
  entry: Extract<LayerEntry, { readonly kind: 'stream' }>,
  content: Bytes,
): Bytes {
  const name = `:${entry.streamName}:$DATA`;
  yield encodeStreamHeader({ ...plainHeader('alternate-data', entry.size), name });
  yield* content;
}

/** Why an entry has no form as backup streams, or undefined. */
export function streamsProblem(entry: StreamedEntry): string | undefined {
  const problem = entry.extendedAttributes && attributesProblem(entry.extendedAttributes);
  if (problem !== undefined) return problem;
  return entry.kind === 'symlink' && reparseOf(entry) === undefined
    ? 'its link target is longer than Windows allows'
    : undefined;
}

function metadataStreams(entry: StreamedEntry): Buffer[] {
  const { securityDescriptor, extendedAttributes } = entry;
  const problem = streamsProblem(entry);
  if (problem !== undefined) {
    throw new AppError({ code: 'layer-entry-refused', path: tarPath(entry), problem });
  }
  const streams: Buffer[] = [];
  const add = (kind: StreamKind, content: Uint8Array | undefined) => {
    if (content === undefined || content.byteLength === 0) return;
    streams.push(encodeStreamHeader(plainHeader(kind, content.byteLength)), Buffer.from(content));
  };
  add('security', securityDescriptor);
  add('extended-attributes', extendedAttributes && encodeExtendedAttributes(extendedAttributes));
  add('reparse', entry.kind === 'symlink' ? reparseOf(entry) : undefined);
  return streams;
}

function reparseOf(entry: Extract<LayerEntry, { readonly kind: 'symlink' }>): Buffer | undefined {
  const { target, mountPoint } = entry;
  // As filepath.FromSlash does on Windows.
  return encodeReparsePoint({ target: target.replaceAll('/', '\\'), mountPoint });
}
