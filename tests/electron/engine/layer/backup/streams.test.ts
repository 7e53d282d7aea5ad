import { open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileSource } from '../../../../../electron/engine/layer/backup/backup-source.ts';
import {
  encodeStreamHeader,
  plainHeader,
  sparseStream,
  type StreamHeader,
  type StreamKind,
} from '../../../../../electron/engine/layer/backup/backup-stream.ts';
import {
  decodeExtendedAttributes,
  encodeExtendedAttributes,
} from '../../../../../electron/engine/layer/backup/extended-attributes.ts';
import {
  fileTimeOf,
  nanosecondsOf,
} from '../../../../../electron/engine/layer/backup/file-time.ts';
import { readStreams } from '../../../../../electron/engine/layer/backup/read-streams.ts';
import {
  decodeReparsePoint,
  encodeReparsePoint,
} from '../../../../../electron/engine/layer/backup/reparse-point.ts';
import {
  readContent,
  scanStreams,
} from '../../../../../electron/engine/layer/backup/scan-streams.ts';
import { AppError } from '../../../../../shared/failure.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import { bytesOf, failureCode, pieces } from '../support.ts';
import { bytesSource } from './bytes-source.ts';
import { contentIn } from './support.ts';

const kinds: readonly StreamKind[] = [
  'data',
  'extended-attributes',
  'security',
  'alternate-data',
  'link',
  'property',
  'object-id',
  'reparse',
  'sparse-block',
  'txfs',
];

type Stream = readonly [StreamHeader, Uint8Array];

const anyStream: fc.Arbitrary<Stream> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    attributes: fc.nat(0xffff),
    content: fc.uint8Array({ maxLength: 300 }),
    name: fc.string({ unit: 'grapheme', maxLength: 20 }),
    position: fc.nat(2 ** 40),
  })
  .map(({ kind, attributes, content, name, position }) => [
    {
      kind,
      attributes,
      size: content.byteLength,
      name: kind === 'alternate-data' ? name : '',
      position: kind === 'sparse-block' ? position : 0,
    },
    content,
  ]);

describe('streams', () => {
  test('come back as they were written, wherever their bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStream),
        fc.integer({ min: 1, max: 50 }),
        async (streams, cut) => {
          await using source = bytesSource(pieces(encode(streams), cut), 'file');
          const found: Stream[] = [];
          for await (const { header, content } of readStreams(source)) {
            found.push([header, new Uint8Array(await bytesOf(content()))]);
          }
          expect(found).toEqual(streams);
        },
      ),
    );
  });

  test('are found without reading their contents', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStream), async streams => {
        await using source = bytesSource(pieces(encode(streams), 11), 'file');
        const found: StreamHeader[] = [];
        for await (const { header } of readStreams(source)) found.push(header);
        expect(found).toEqual(streams.map(([header]) => header));
      }),
    );
  });

  test.each([
    ['an unknown kind', head(11, 0n, 0)],
    ['a kind of 0', head(0, 0n, 0)],
    ['more bytes than any file', head(1, 2n ** 63n, 0)],
    ['a name longer than NTFS allows', head(4, 0n, 0xffff_fffe)],
    ['half a UTF-16 unit in its name', head(4, 0n, 3)],
    ['a sparse block shorter than its offset', Buffer.concat([head(9, 4n, 0), Buffer.alloc(8)])],
    ['a sparse block beyond any file', Buffer.concat([head(9, 8n, 0), Buffer.alloc(8, 0xff)])],
    ['half a header', head(1, 0n, 0).subarray(0, 19)],
    ['a name that is cut off', Buffer.concat([head(4, 0n, 8), Buffer.alloc(4)])],
    ['content that is cut off', Buffer.concat([head(1, 9n, 0), Buffer.alloc(8)])],
  ])('with %s are refused', async (_, bytes) => {
    await using source = bytesSource(pieces(bytes), 'Files/x');
    const drain = async () => {
      for await (const stream of readStreams(source)) void stream;
    };
    const refusal = failureCode('backup-stream-malformed', { path: 'Files/x' });
    await expect(drain()).rejects.toMatchObject(refusal);
  });

  test('that are damaged in any way are read or refused, never a bug', async () => {
    const whole = encode([
      [plainHeader('security', 8), Buffer.alloc(8)],
      [
        plainHeader('extended-attributes', 12),
        encodeExtendedAttributes(new Map([['A', Buffer.of(1)]])),
      ],
      [{ ...plainHeader('data', 0), attributes: sparseStream }, Buffer.alloc(0)],
      [{ ...plainHeader('sparse-block', 3), position: 5 }, Buffer.from('abc')],
      [{ ...plainHeader('sparse-block', 0), position: 9 }, Buffer.alloc(0)],
      [{ ...plainHeader('alternate-data', 2), name: ':s:$DATA' }, Buffer.from('zz')],
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.byteLength - 1),
        fc.nat(255),
        fc.nat(whole.byteLength),
        async (at, value, length) => {
          const bytes = Buffer.from(whole);
          bytes[at] = value;
          await using source = bytesSource(pieces(bytes.subarray(0, length)), 'x');
          const error: unknown = await scanStreams(source).then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          if (error !== undefined) expect(error).toBeInstanceOf(AppError);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('contents', () => {
  test('of files with holes are whole, read from a file by their places', async () => {
    const file = path.join(await tempDir(), 'staged');
    const part = fc.record({
      gap: fc.nat(600_000),
      content: fc.uint8Array({ minLength: 1, maxLength: 50 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 4 }), fc.nat(300_000), async (parts, rest) => {
        const { streams, whole } = sparseFile(parts, rest);
        const bytes = Buffer.concat([Buffer.from('attr'), encode(streams)]);
        await writeFile(file, bytes);
        await using handle = await open(file);
        const source = fileSource(handle, file, { start: 4, end: bytes.byteLength });
        const { data } = await scanStreams(source);
        expect(data?.size).toBe(whole.byteLength);
        const read = await bytesOf(readContent(handle, file, data ?? { size: 0, parts: [] }));
        expect(read.equals(whole)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test.each<[string, readonly Stream[]]>([
    ['overlap', [sparse(), block(4, 'abcd'), block(6, 'x'), block(9, '')]],
    ['run backwards', [sparse(), block(4, 'abcd'), block(0, 'x'), block(9, '')]],
    ['have no end', [sparse(), block(4, 'abcd')]],
    [
      'end in another stream',
      [sparse(), block(4, 'abcd'), [plainHeader('object-id', 0), Buffer.alloc(0)]],
    ],
    ['belong to nothing', [block(4, 'abcd')]],
    [
      'belong to a file that is whole',
      [[plainHeader('data', 1), Buffer.from('x')], block(4, 'abcd')],
    ],
  ])('in blocks that %s are refused', async (_, streams) => {
    await using source = bytesSource(pieces(encode(streams)), 'x');
    await expect(scanStreams(source)).rejects.toMatchObject(failureCode('backup-stream-malformed'));
  });

  test('that end before their size are refused without reading them', async () => {
    const file = path.join(await tempDir(), 'staged');
    const bytes = encode([[plainHeader('data', 100_000), Buffer.alloc(50)]]);
    await writeFile(file, bytes);
    await using handle = await open(file);
    const source = fileSource(handle, file, { start: 0, end: bytes.byteLength });
    await expect(scanStreams(source)).rejects.toMatchObject(failureCode('backup-stream-malformed'));
  });
});

test('alternate streams may be sparse, too', async () => {
  const bytes = encode([
    [plainHeader('data', 1), Buffer.from('x')],
    [
      { ...plainHeader('alternate-data', 0), attributes: sparseStream, name: ':s:$DATA' },
      Buffer.alloc(0),
    ],
    block(2, 'yz'),
    block(6, ''),
  ]);
  await using source = bytesSource(pieces(bytes), 'x');
  const { alternates } = await scanStreams(source);
  expect(alternates.map(({ streamName }) => streamName)).toEqual(['s']);
  expect(String(contentIn(bytes, alternates[0] ?? { size: 0, parts: [] }))).toBe('\0\0yz\0\0');
});

describe('times', () => {
  test('are exact to 100 ns in both directions', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n) / 100n, max: (2n ** 63n - 1n) / 100n }), units => {
        const fileTime = fileTimeOf(units * 100n);
        expect(fileTime).toBeDefined();
        expect(nanosecondsOf(fileTime ?? 0n)).toBe(units * 100n);
      }),
    );
  });

  test.each([
    ['1970', 0n, 116_444_736_000_000_000n],
    ['a moment before 1970', -100n, 116_444_735_999_999_999n],
    ['what is finer than 100 ns', 199n, 116_444_736_000_000_001n],
    ['what is finer before 1970, as Go cuts it', -199n, 116_444_735_999_999_999n],
    ['the first moment of 1601', -11_644_473_600_000_000_000n, undefined],
    ['before that', -11_644_473_600_000_000_100n, undefined],
    ['beyond 63 bits', 2n ** 80n, undefined],
  ])('of %s', (_, time, fileTime) => {
    expect(fileTimeOf(time)).toBe(fileTime);
  });

  test('that a layer cannot hold become the nearest it can', () => {
    expect(nanosecondsOf(1n)).toBe(-(2n ** 63n));
    expect(nanosecondsOf(2n ** 63n - 1n)).toBe(2n ** 63n - 1n);
  });
});

describe('links', () => {
  test('come back as they were', () => {
    const target = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
      .filter(text => !text.includes('\0'));
    fc.assert(
      fc.property(target, fc.boolean(), (text, mountPoint) => {
        const bytes = encodeReparsePoint({ target: text, mountPoint });
        expect(decodeReparsePoint(bytes ?? Buffer.alloc(0))).toEqual({
          kind: 'link',
          target: text,
          mountPoint,
        });
      }),
    );
  });

  test.each([
    ['\\??\\C:\\Data', 'C:\\Data'],
    ['\\??\\UNC\\server\\share', '\\\\server\\share'],
    ['\\??\\Volume{1}\\', '\\\\?\\Volume{1}\\'],
    ['..\\relative', '..\\relative'],
  ])('without a name for people (%s) are read by the one for the kernel', (ntPath, target) => {
    const bytes = junction(ntPath);
    expect(decodeReparsePoint(bytes)).toEqual({ kind: 'link', target, mountPoint: true });
  });

  test('of other kinds are told by their tag', () => {
    const bytes = Buffer.from('1b00008000000000', 'hex');
    expect(decodeReparsePoint(bytes)).toEqual({ kind: 'other', tag: 0x8000_001b });
  });

  test('that are damaged are none', () => {
    const whole = junction('\\??\\C:\\Data');
    for (let length = 0; length < whole.byteLength - 2; length += 1) {
      expect(decodeReparsePoint(whole.subarray(0, length))).toBeUndefined();
    }
    expect(decodeReparsePoint(junction(''))).toBeUndefined();
  });
});

describe('extended attributes', () => {
  const name = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 255 });
  test('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.uint8Array({ maxLength: 300 }))), pairs => {
        const attributes = new Map(pairs.map(([key, value]) => [key, Buffer.from(value)]));
        expect(decodeExtendedAttributes(encodeExtendedAttributes(attributes))).toEqual(attributes);
      }),
    );
  });

  test.each([
    ['cut off', '00000000'],
    ['longer than they are', '0000000000050000'],
    ['a loop', '010000000001000041000000'],
    ['without a name', '000000000000000000'],
    ['not text', '0000000000010000ff0000'],
  ])('that are %s are none', (_, hex) => {
    expect(decodeExtendedAttributes(Buffer.from(hex, 'hex'))).toBeUndefined();
  });
});

function encode(streams: readonly Stream[]): Buffer {
  return Buffer.concat(
    streams.flatMap(([header, content]) => [encodeStreamHeader(header), content]),
  );
}

function head(id: number, size: bigint, nameSize: number): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt32LE(id, 0);
  bytes.writeBigUInt64LE(size, 8);
  bytes.writeUInt32LE(nameSize, 16);
  return bytes;
}

function sparse(): Stream {
  return [{ ...plainHeader('data', 0), attributes: sparseStream }, Buffer.alloc(0)];
}

function block(position: number, text: string): Stream {
  return [{ ...plainHeader('sparse-block', text.length), position }, Buffer.from(text)];
}

function sparseFile(
  parts: readonly { readonly gap: number; readonly content: Uint8Array }[],
  rest: number,
): { readonly streams: readonly Stream[]; readonly whole: Buffer } {
  const streams: Stream[] = [sparse()];
  const pieceList: Uint8Array[] = [];
  let position = 0;
  for (const { gap, content } of parts) {
    position += gap;
    streams.push([{ ...plainHeader('sparse-block', content.byteLength), position }, content]);
    pieceList.push(Buffer.alloc(gap), content);
    position += content.byteLength;
  }
  streams.push(block(position + rest, ''));
  return { streams, whole: Buffer.concat([...pieceList, Buffer.alloc(rest)]) };
}

/** As PowerShell makes it: the name for people is empty. */
function junction(ntPath: string): Buffer {
  const name = Buffer.from(`${ntPath}\0\0`, 'utf16le');
  const bytes = Buffer.alloc(16 + name.byteLength);
  bytes.writeUInt32LE(0xa000_0003, 0);
  bytes.writeUInt16LE(8 + name.byteLength, 4);
  bytes.writeUInt16LE(name.byteLength - 4, 10);
  bytes.writeUInt16LE(name.byteLength - 2, 12);
  name.copy(bytes, 16);
  return bytes;
}
