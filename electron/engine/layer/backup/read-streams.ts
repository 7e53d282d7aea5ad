import type { Bytes } from '../../content/bytes.ts';
import { takeExactly, type BackupSource } from './backup-source.ts';
import {
  blockOffsetSize,
  decodeFixedHeader,
  headerSize,
  type FixedHeader,
  type StreamHeader,
} from './backup-stream.ts';

/** A stream that was reached. */
export interface BackupStream {
  readonly header: StreamHeader;
  /** Where the content starts, in bytes of the source. */
  readonly contentOffset: number;
  /** The content, once, before the next stream is asked for; chunks are valid until the next. */
  readonly content: () => Bytes;
}

/** `:name:$DATA` with the 255 units that NTFS allows; more only a damaged file has. */
const maxNameSize = 2 * (255 + ':'.length + ':$DATA'.length);
/** No file of NTFS is larger with clusters of 4 KiB. */
const maxSize = 16 * 1024 ** 4;

/**
 * Reads backup streams from front to back; what of a content was not read is passed over. Fails with
 * `backup-stream-malformed` on what is damaged, cut off or too large.
 */
export async function* readStreams(source: BackupSource): AsyncGenerator<BackupStream> {
  for (;;) {
    const bytes = await takeExactly(source, headerSize);
    if (!bytes) return;
    const header = await completeHeader(source, decodeFixedHeader(bytes));
    const contentOffset = source.offset;
    let left = header.size;
    const content = async function* (): Bytes {
      while (left > 0) {
        const piece = await source.takeSome(left);
        if (!piece) throw source.fault('they are cut off');
        left -= piece.byteLength;
        yield piece;
      }
    };
    yield { header, contentOffset, content };
    await source.skip(left);
  }
}

async function completeHeader(source: BackupSource, fixed: FixedHeader): Promise<StreamHeader> {
  const { kind, id, attributes, size, nameSize } = fixed;
  if (kind === undefined) throw source.fault(`there is no stream of kind ${id}`);
  if (nameSize > maxNameSize || nameSize % 2 !== 0) {
    throw source.fault(`the name of a stream has ${nameSize} bytes`);
  }
  if (size > maxSize) throw source.fault(`a stream has ${size} bytes`);
  const name = await metadata(source, nameSize);
  const common = { kind, attributes, name: name.toString('utf16le') };
  if (kind !== 'sparse-block') return { ...common, size: Number(size), position: 0 };
  const position = (await metadata(source, blockOffsetSize)).readBigUInt64LE();
  const contentSize = Number(size) - blockOffsetSize;
  if (contentSize < 0) throw source.fault('a sparse block is shorter than its offset');
  if (position > maxSize) throw source.fault(`a sparse block stands at byte ${position}`);
  return { ...common, size: contentSize, position: Number(position) };
}

async function metadata(source: BackupSource, size: number): Promise<Buffer> {
  const bytes = await takeExactly(source, size);
  if (!bytes) throw source.fault('they are cut off');
  return bytes;
}
