import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { MemoryBlobStore } from '../../../../electron/engine/content/memory-blob-store.ts';
import { inspectChain } from '../../../../electron/engine/inspect/chain-inspector.ts';
import { detectContent } from '../../../../electron/engine/inspect/preview/detect-content.ts';
import {
  extractFile,
  previewFile,
  type ReadableChain,
} from '../../../../electron/engine/inspect/preview/file-content.ts';
import { indexLayer } from '../../../../electron/engine/layer/index-layer.ts';
import { createLayerContents } from '../../../../electron/engine/layer/layer-contents.ts';
import { layerIndexOf } from '../../../../electron/engine/layer/layer-index.ts';
import { sha256Digest } from '../../../../shared/oci/digest.ts';
import { createHash } from 'node:crypto';
import { dir, failureCode, file, hardLink, writeLayer } from '../layer/support.ts';

let folder = '';
let chain: ReadableChain;
let close: () => Promise<void>;
const text = 'hello '.repeat(10_000);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preview-'));
  const blobs = new MemoryBlobStore();
  const plans = [
    [dir('Files'), file('Files/a.txt', 'first'), hardLink('Files/link', 'Files/a.txt')],
    [dir('Files'), file('Files/A.txt', text)],
  ];
  const layersBaseFirst = [];
  for (const planned of plans) {
    const { written } = await writeLayer(planned, 'gzip', blobs);
    const data = await indexLayer(blobs.read(written.descriptor), written);
    layersBaseFirst.push({ ref: written, index: layerIndexOf(data) });
  }
  let scratch = 0;
  const newScratchPath = async () => join(folder, `scratch-${scratch++}`);
  const contents = createLayerContents({ blobs, storeDir: folder, newScratchPath });
  close = async () => await contents[Symbol.asyncDispose]();
  const inspector = inspectChain(layersBaseFirst.map(({ index }) => index));
  chain = { inspector, layersBaseFirst, contents };
});
afterAll(async () => {
  await close();
  await rm(folder, { recursive: true });
});

const range = { offset: 0, length: 100 };

test('a preview is a part of the file as it stands after a layer, and says what the whole is', async () => {
  const old = await previewFile(chain, { layerIndex: 0, path: 'files/A.TXT' }, range);
  expect(old).toMatchObject({
    path: 'Files/a.txt',
    size: 5,
    detected: { kind: 'text', encoding: 'utf-8' },
  });
  expect(Buffer.from(old.base64, 'base64').toString()).toBe('first');
  const part = { offset: 6, length: 5 };
  const now = await previewFile(chain, { layerIndex: 1, path: 'Files/a.txt' }, part);
  expect(now).toMatchObject({
    size: text.length,
    offset: 6,
    layerIndex: 1,
    detected: { kind: 'text' },
  });
  expect(Buffer.from(now.base64, 'base64').toString()).toBe('hello');
  const linked = await previewFile(chain, { layerIndex: 1, path: 'Files/link' }, range);
  expect(linked).toMatchObject({ layerIndex: 0, contentHash: old.contentHash });
  const beyond = await previewFile(
    chain,
    { layerIndex: 0, path: 'Files/a.txt' },
    { offset: 99, length: 9 },
  );
  expect(beyond).toMatchObject({ base64: '', offset: 5, detected: { kind: 'text' } });
});

test('what has no content cannot be looked into, and that is said', async () => {
  for (const path of ['Files', 'Files/none']) {
    const looking = previewFile(chain, { layerIndex: 1, path }, range);
    await expect(looking).rejects.toMatchObject(failureCode('bad-request', { field: 'path' }));
  }
});

test('a file is extracted whole over what was there, or not at all', async () => {
  const target = join(folder, 'out.txt');
  await writeFile(target, 'before');
  const extracted = await extractFile(chain, { layerIndex: 1, path: 'Files/a.txt' }, target);
  const digest = sha256Digest(createHash('sha256').update(text).digest('hex'));
  expect(extracted).toEqual({ file: target, bytes: text.length, digest });
  expect(await readFile(target, 'utf8')).toBe(text);
  const aborted = { signal: AbortSignal.abort() };
  const stopped = extractFile(chain, { layerIndex: 0, path: 'Files/a.txt' }, target, aborted);
  await expect(stopped).rejects.toMatchObject(failureCode('cancelled'));
  expect(await readFile(target, 'utf8')).toBe(text);
  expect((await readdir(folder)).filter(name => name.endsWith('.part'))).toEqual([]);
});

/** The headers of a 64-bit console program with one section. */
function program(): Buffer {
  const bytes = Buffer.alloc(1024);
  bytes.write('MZ');
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.write('PE\0\0', 0x80);
  bytes.writeUInt16LE(0x8664, 0x84);
  bytes.writeUInt16LE(1, 0x86);
  bytes.writeUInt32LE(1_700_000_000, 0x88);
  bytes.writeUInt16LE(240, 0x94);
  bytes.writeUInt16LE(0x22, 0x96);
  bytes.writeUInt16LE(0x20b, 0x98);
  bytes.writeUInt16LE(3, 0x98 + 68);
  bytes.writeUInt32LE(16, 0x98 + 108);
  bytes.write('.text', 0x98 + 240);
  return bytes;
}

describe('what a file is, is seen from its first bytes', () => {
  test.each<[string, Uint8Array, object]>([
    ['empty', Buffer.alloc(0), { kind: 'empty' }],
    [
      'UTF-8 cut in a character',
      Buffer.from('é').subarray(0, 1),
      { kind: 'text', encoding: 'utf-8' },
    ],
    [
      'UTF-16 with a mark',
      Buffer.from('\ufeffhello', 'utf16le'),
      { kind: 'text', encoding: 'utf-16le' },
    ],
    [
      'UTF-16 without',
      Buffer.from('Windows Registry', 'utf16le'),
      { kind: 'text', encoding: 'utf-16le' },
    ],
    [
      'PNG',
      Buffer.from('\u0089PNG\r\n\u001a\nxx', 'latin1'),
      { kind: 'image', mediaType: 'image/png' },
    ],
    ['a hive', Buffer.from('regf\0\0\0\0'), { kind: 'hive' }],
    ['zip', Buffer.from('PK\u0003\u0004xx'), { kind: 'archive', format: 'zip' }],
    ['zeros', Buffer.alloc(100), { kind: 'binary' }],
    [
      'text that begins as a bitmap',
      Buffer.from('BMW is a car, no picture'),
      { kind: 'text', encoding: 'utf-8' },
    ],
    [
      'a program',
      program(),
      {
        kind: 'pe',
        machine: 'x64',
        bits: 64,
        library: false,
        subsystem: 'Windows console',
        managed: false,
        linked: '2023-11-14T22:13:20.000Z',
        sections: ['.text'],
      },
    ],
  ])('%s', (_, bytes, expected) => {
    expect(detectContent(bytes)).toEqual(expected);
  });

  test('whatever they are, without a failure', () => {
    const real = program();
    const damaged = fc
      .tuple(fc.nat({ max: 500 }), fc.integer({ min: 0, max: 255 }), fc.nat({ max: 1024 }))
      .map(([at, byte, length]) => {
        const bytes = Buffer.from(real);
        bytes[at] = byte;
        return bytes.subarray(0, length);
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged), bytes => {
        expect(detectContent(bytes).kind).toBeTypeOf('string');
      }),
      { numRuns: 500 },
    );
  });
});
