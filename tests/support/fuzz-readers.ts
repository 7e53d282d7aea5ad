/**
 * Feeds readers of hostile bytes with damaged ones for a while, in a process of its own, so that a hang or a lack of
 * memory ends that and not the test. Prints one line of JSON; a bug ends it with the seed and the bytes.
 * Usage: node tests/support/fuzz-readers.ts <reader> <milliseconds> [seed=1]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Bytes } from '../../electron/engine/content/bytes.ts';
import { MemoryBlobStore } from '../../electron/engine/content/memory-blob-store.ts';
import { digestOf } from '../../electron/engine/content/verified.ts';
import { openHive } from '../../electron/engine/hive/hive-reader.ts';
import type { HiveKey } from '../../electron/engine/hive/hive-reader.ts';
import { readApiSetSchema } from '../../electron/engine/inspect/programs/api-sets.ts';
import { readPe } from '../../electron/engine/inspect/pe/pe-reader.ts';
import { describePe } from '../../electron/engine/inspect/pe/pe-words.ts';
import { pagedBytes, type RandomBytes } from '../../electron/engine/inspect/pe/random-bytes.ts';
import { indexLayer } from '../../electron/engine/layer/index-layer.ts';
import { layerIndexOf } from '../../electron/engine/layer/layer-index.ts';
import { createLayerParser } from '../../electron/engine/layer/layer-reader.ts';
import { createLayerWriter } from '../../electron/engine/layer/layer-writer.ts';
import { encodePaxRecords, parsePaxRecords } from '../../electron/engine/layer/pax-records.ts';
import { parsePaxTime } from '../../electron/engine/layer/pax-time.ts';
import { encodePeFile } from '../../electron/engine/sample/pe-file.ts';
import { AppError } from '../../shared/failure.ts';
import type { Digest } from '../../shared/oci/digest.ts';
import { binaryToSddl, sddlToBinary } from '../../shared/windows/security-descriptor.ts';

/** Reads bytes to their end. Throws an AppError or gives false where it refuses them; all else is a bug. */
type Reader = (bytes: Buffer) => unknown;

interface Target {
  readonly seeds: () => Buffer[] | Promise<Buffer[]>;
  readonly read: Reader;
  /** Makes checksums right again: else nothing would be read but the first. */
  readonly mend?: (bytes: Buffer) => void;
}

const limits = { maxBytes: 2 ** 26, maxEntries: 10_000, maxMetadata: 2 ** 24 };

const targets: Readonly<Record<string, Target>> = {
  tar: {
    seeds: async () => [(await layerOf()).tar],
    mend: mendTar,
    read(bytes) {
      const sink = { entry: () => undefined, content: () => undefined };
      const parser = createLayerParser({ digest: 'fuzz', ...limits }, sink);
      for (let at = 0; at < bytes.length; at += 700) parser.push(bytes.subarray(at, at + 700));
      parser.end();
    },
  },
  layer: {
    seeds: async () => [(await layerOf()).tar],
    mend: mendTar,
    read: async bytes => await indexed(gzipSync(bytes, { level: 1 }), digestOf(bytes)),
  },
  gzip: {
    seeds: async () => [gzipSync((await layerOf()).tar)],
    read: async bytes => await indexed(bytes, digestOf(bytes)),
  },
  pax: {
    seeds: () => [
      encodePaxRecords(
        new Map([
          ['path', 'Files/ü/a name'],
          ['mtime', '1700000000.123456789'],
          ['MSWINDOWS.fileattr', '32'],
          ['MSWINDOWS.rawsd', 'AQAUgA=='],
        ]),
      ),
    ],
    read(bytes) {
      const records = parsePaxRecords(bytes);
      for (const value of records?.values() ?? []) parsePaxTime(value);
      return records !== undefined;
    },
  },
  regf: {
    seeds: () => ['BCD', 'SAM', 'SAM_DUPENAME', 'NTUSER1.DAT'].map(fixture),
    mend: mendHive,
    read(bytes) {
      let steps = 0;
      const visit = (key: HiveKey): void => {
        steps += 1;
        if (steps > 200_000) throw new Error('more keys than the bytes can hold');
        key.securityDescriptor();
        for (const value of key.values()) value.read();
        for (const subkey of key.subkeys()) visit(subkey);
      };
      visit(openHive(bytes, () => undefined).root);
    },
  },
  pe: {
    seeds: () => [true, false].map(isLibrary => programOf(isLibrary)),
    async read(bytes) {
      describePe(bytes.subarray(0, 16_384));
      await readApiSetSchema(randomBytes(bytes));
      return (await readPe(randomBytes(bytes))).kind === 'pe';
    },
  },
  'security-descriptor': {
    seeds: () =>
      [
        'O:BAG:SYD:P(A;CI;KA;;;BA)(A;CI;KA;;;SY)(A;CI;KR;;;BU)',
        'O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464G:BAD:AI(A;OICIIO;GA;;;CO)S:(ML;;NW;;;LW)',
      ].map(sddl => Buffer.from(sddlToBinary(sddl))),
    read: bytes => void binaryToSddl(bytes),
  },
  sddl: {
    seeds: () => [
      Buffer.from('O:BAG:SYD:P(A;CI;KA;;;BA)(A;CI;KR;;;S-1-5-32-545)S:AI(AU;SA;FA;;;WD)'),
    ],
    read: bytes => void sddlToBinary(bytes.toString('latin1')),
  },
};

async function fuzz({ seeds, read, mend }: Target, budget: number, first: number) {
  const corpus = await seeds();
  const end = performance.now() + budget;
  const counts = { runs: 0, accepted: 0, refused: 0, slowestMs: 0 };
  for (let run = first; performance.now() < end; run++) {
    const random = generator(run);
    const bytes = damaged(corpus[random(corpus.length)] ?? Buffer.alloc(0), random);
    if (random(4) > 0) mend?.(bytes);
    const started = performance.now();
    try {
      if ((await read(bytes)) === false) counts.refused += 1;
      else counts.accepted += 1;
    } catch (error) {
      if (!(error instanceof AppError)) {
        console.error(`seed ${run}: ${bytes.toString('base64').slice(0, 100_000)}`);
        throw error;
      }
      counts.refused += 1;
    }
    counts.runs += 1;
    counts.slowestMs = Math.max(counts.slowestMs, Math.round(performance.now() - started));
  }
  return { ...counts, peakMebibytes: Math.round(process.resourceUsage().maxRSS / 1024) };
}

/** Of every block that looks like a header (POSIX ustar). */
function mendTar(bytes: Buffer): void {
  for (let at = 0; at + 512 <= bytes.length; at += 512) {
    if (bytes.toString('latin1', at + 257, at + 262) !== 'ustar') continue;
    bytes.fill(0x20, at + 148, at + 156);
    const sum = bytes.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
  }
}

/** The exclusive or of the first 127 words of the base block ("Base block" of the regf specification). */
function mendHive(bytes: Buffer): void {
  if (bytes.length < 512) return;
  let sum = 0;
  for (let at = 0; at < 508; at += 4) sum ^= bytes.readInt32LE(at);
  const stored = sum === 0 ? 1 : sum === -1 ? -2 : sum;
  bytes.writeInt32LE(stored, 508);
}

const extremes = [0, 1, 0x7f, 0x80, 0xff];

/** A few bytes changed, a number made extreme, a stretch doubled or moved, or the end cut off. */
function damaged(seedBytes: Buffer, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(seedBytes);
  for (let left = 1 + random(6); left > 0; left--) {
    if (bytes.length < 8) return bytes;
    const at = random(bytes.length - 4);
    const kind = random(6);
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind === 1) bytes[at] = extremes[random(extremes.length)] ?? 0;
    else if (kind === 2) bytes.writeUInt32LE([0, 1, 0x7fff_ffff, 0xffff_ffff][random(4)] ?? 0, at);
    else if (kind === 3) bytes = Buffer.from(bytes.subarray(0, at));
    else {
      const part = Buffer.from(bytes.subarray(at, at + 1 + random(600)));
      if (kind === 4) part.copy(bytes, random(bytes.length));
      else bytes = Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
    }
  }
  return bytes;
}

/** Numbers that are the same for the same seed (xorshift). */
function generator(start: number): (below: number) => number {
  let state = Math.imul(start, 2_654_435_761) | 1;
  return below => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % Math.max(1, below);
  };
}

async function indexed(blob: Buffer, diffId: Digest): Promise<void> {
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
  const descriptor = { mediaType, digest: digestOf(blob), size: blob.length };
  const index = layerIndexOf(await indexLayer(once(blob), { descriptor, diffId }, limits));
  for (let number = 0; number < index.count; number++) index.entryAt(number);
}

async function layerOf(): Promise<{ readonly tar: Buffer }> {
  const blobs = new MemoryBlobStore();
  const writer = createLayerWriter({ ingest: () => blobs.ingest(), compression: 'none' });
  const common = { attributes: 32, modified: 1_700_000_000_123_456_700n };
  const securityDescriptor = sddlToBinary('O:BAG:SYD:(A;;FA;;;BA)');
  await writer.add({ ...common, kind: 'directory', path: 'Files', securityDescriptor });
  for (const path of ['a.txt', 'ü'.repeat(60), 'x'.repeat(120)]) {
    const entry = { ...common, kind: 'file', path: `Files/${path}`, size: 1500 } as const;
    await writer.add({ ...entry, created: 1n, securityDescriptor }, once(Buffer.alloc(1500, path)));
  }
  const link = { ...common, path: 'Files/link' };
  await writer.add({ ...link, kind: 'symlink', target: 'C:\\a.txt', mountPoint: true });
  await writer.add({ ...common, kind: 'hard-link', path: 'Files/hard', target: 'Files/a.txt' });
  await writer.add({ ...common, kind: 'whiteout', path: 'Files/gone' });
  const { descriptor } = await writer.finish();
  const chunks: Uint8Array[] = [];
  for await (const chunk of blobs.read(descriptor)) chunks.push(chunk);
  return { tar: Buffer.concat(chunks) };
}

function programOf(isLibrary: boolean): Buffer {
  const imports = [['KERNEL32.dll', 'A'] as const, ['api-ms-win-core-x-l1-1-0.dll', 'B'] as const];
  const file = {
    architecture: 'amd64',
    isLibrary,
    imports,
    seed: 'fuzz',
    overlaySize: 64,
  } as const;
  return Buffer.from(encodePeFile(file));
}

function randomBytes(bytes: Buffer): RandomBytes {
  return pagedBytes(bytes.length, (offset, length) =>
    once(bytes.subarray(offset, offset + length)),
  );
}

async function* once(bytes: Uint8Array): Bytes {
  yield bytes;
}

function fixture(file: string): Buffer {
  return readFileSync(join(import.meta.dirname, '../fixtures/hives', file));
}

const [name = '', milliseconds = '1000', seed = '1'] = process.argv.slice(2);
const target = targets[name];
if (!target) throw new Error(`there is no reader ${name}: ${Object.keys(targets).join(', ')}`);
console.log(JSON.stringify(await fuzz(target, Number(milliseconds), Number(seed))));
