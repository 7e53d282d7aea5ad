import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf } from '../../../../electron/engine/content/verified.ts';
import { MemoryBlobStore } from '../../../../electron/engine/content/memory-blob-store.ts';
import { encodeEntryHeader } from '../../../../electron/engine/layer/entry-header.ts';
import type { LayerEntry } from '../../../../electron/engine/layer/entry.ts';
import { createLayerWriter } from '../../../../electron/engine/layer/layer-writer.ts';
import {
  dir,
  failureCode,
  file,
  hardLink,
  pieces,
  stream,
  symlink,
  whiteout,
  writeLayer,
  type Planned,
} from './support.ts';

const longName = `Files/${'x'.repeat(60)}/${'y'.repeat(120)}.txt`;
const everything: readonly Planned[] = [
  dir('Hives'),
  dir('Files', { securityDescriptor: Buffer.from('descriptor') }),
  file('Files/hello.txt', 'hello', {
    extendedAttributes: new Map([['$EA', Buffer.from([1, 2, 3])]]),
  }),
  stream('Files/hello.txt', 'Zone.Identifier', 'zone'),
  file('Files/empty', ''),
  dir('Files/Grüße'),
  file('Files/Grüße/日本語.txt', 'konnichiwa'),
  dir(`Files/${'x'.repeat(60)}`),
  file(longName, 'long'),
  hardLink('Files/link.txt', 'Files/hello.txt'),
  symlink('Files/junction', 'C:\\Files', true),
  symlink('Files/sym', '..\\elsewhere'),
  whiteout('Files/old/gone.dll'),
];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layer-writer-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function onDisk(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

describe('what other programs make of a layer', () => {
  test('bsdtar lists every entry with its size and link', async () => {
    const { blob } = await writeLayer(everything, 'gzip');
    const path = await onDisk('list.tgz', blob);
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    const listing = execFileSync('bsdtar', ['-tvf', path], { encoding: 'utf8', env });
    const lines = listing
      .trimEnd()
      .split('\n')
      .map(line => {
        const [mode = '', , , , size, ...rest] = line.split(/\s+/);
        return `${mode[0]} ${size} ${rest.slice(3).join(' ')}`;
      });
    expect(lines).toEqual([
      'd 0 Hives',
      'd 0 Files',
      '- 5 Files/hello.txt',
      '- 4 Files/hello.txt:Zone.Identifier',
      '- 0 Files/empty',
      'd 0 Files/Grüße',
      '- 10 Files/Grüße/日本語.txt',
      `d 0 Files/${'x'.repeat(60)}`,
      `- 4 ${longName}`,
      'h 0 Files/link.txt link to Files/hello.txt',
      'l 0 Files/junction -> C:\\\\Files',
      'l 0 Files/sym -> ..\\\\elsewhere',
      '- 0 Files/old/.wh.gone.dll',
    ]);
  });

  test('bsdtar extracts the contents', async () => {
    const { blob } = await writeLayer(everything, 'zstd');
    const path = await onDisk('extract.tzst', blob);
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    execFileSync('bsdtar', ['-xf', path, '-C', folder], { env });
    expect(await readFile(join(folder, 'Files/Grüße/日本語.txt'), 'utf8')).toBe('konnichiwa');
    expect(await readFile(join(folder, longName), 'utf8')).toBe('long');
    expect(await readFile(join(folder, 'Files/link.txt'), 'utf8')).toBe('hello');
  });

  test('Python reads the PAX keys and modes that Windows needs', async () => {
    const { blob } = await writeLayer(everything);
    const path = await onDisk('python.tar', blob);
    const script = `
import json, sys, tarfile
print(json.dumps({m.name: [oct(m.mode), m.pax_headers] for m in tarfile.open(sys.argv[1])}))`;
    const members = JSON.parse(
      execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }),
    ) as object;
    const times = {
      mtime: '1700000000.1234567',
      atime: '1700000000.1234568',
      ctime: '1700000000.1234569',
    };
    const all = { ...times, 'LIBARCHIVE.creationtime': '1700000000.123457' };
    expect(members).toMatchObject({
      Files: [
        '0o40000',
        { ...all, 'MSWINDOWS.fileattr': '16', 'MSWINDOWS.rawsd': 'ZGVzY3JpcHRvcg==' },
      ],
      'Files/hello.txt': [
        '0o100000',
        { ...all, 'MSWINDOWS.fileattr': '32', 'MSWINDOWS.xattr.$EA': 'AQID' },
      ],
      'Files/hello.txt:Zone.Identifier': ['0o100000', times],
      'Files/link.txt': ['0o644', { ...all, 'MSWINDOWS.fileattr': '32' }],
      'Files/junction': [
        '0o160000',
        { ...all, 'MSWINDOWS.mountpoint': '1', 'MSWINDOWS.fileattr': '1040' },
      ],
      'Files/old/.wh.gone.dll': ['0o0', {}],
    });
  });

  test.each([
    ['gzip', 'gzip', ['-t']],
    ['gzip', 'pigz', ['-t']],
    ['zstd', 'zstd', ['-tq']],
  ] as const)('our %s passes the test of %s', async (compression, program, args) => {
    const large = file('Files/large', Buffer.alloc(9_000_000, 'layers and layers '));
    const { blob } = await writeLayer([dir('Files'), large], compression);
    execFileSync(program, [...args], { input: blob });
  });
});

describe('a blob', () => {
  const content = Buffer.alloc(1_600_000, 'abcdefg');
  const planned = [dir('Files'), file('Files/a', content), file('Files/b', content)];

  test.each(['gzip', 'zstd', 'none'] as const)('is described as it is (%s)', async compression => {
    const { blob, written } = await writeLayer(planned, compression);
    const inflate = { gzip: gunzipSync, zstd: zstdDecompressSync, none: (bytes: Buffer) => bytes };
    const tar = inflate[compression](blob);
    const suffix = compression === 'none' ? '' : `+${compression}`;
    expect(written).toMatchObject({
      descriptor: {
        mediaType: `application/vnd.oci.image.layer.v1.tar${suffix}`,
        digest: digestOf(blob),
        size: blob.length,
      },
      diffId: digestOf(tar),
      uncompressedSize: tar.length,
      entries: 3,
    });
  });

  test('does not depend on the pieces in which content arrives', async () => {
    const { written } = await writeLayer(planned, 'gzip');
    const store = new MemoryBlobStore();
    const writer = createLayerWriter({ compression: 'gzip', ingest: () => store.ingest() });
    for (const [entry, bytes] of planned) await writer.add(entry, bytes && pieces(bytes, 997));
    const { descriptor, diffId } = await writer.finish();
    expect({ descriptor, diffId }).toEqual({
      descriptor: written.descriptor,
      diffId: written.diffId,
    });
  });

  // This diff ID was computed by Go's archive/tar from the headers that go-winio's backuptar makes.
  test('is byte for byte the tar that Go and go-winio write', async () => {
    const { written } = await writeLayer(everything);
    expect(written.diffId).toBe(
      'sha256:f0790cdcb0c510e98073551844fe22e6c940efa638be6b24189ba8e870f9043a',
    );
  });

  test('keeps sizes beyond 8 GiB and times before 1970 in PAX records', () => {
    const entry = {
      kind: 'file',
      path: 'Files/huge',
      size: 9 * 2 ** 30,
      attributes: 32,
      modified: -1n,
    } as const;
    const header = encodeEntryHeader(entry);
    expect(header.toString('latin1', 512, 1024).replaceAll('\0', '')).toBe(
      '25 MSWINDOWS.fileattr=32\n22 mtime=-0.000000001\n19 size=9663676416\n',
    );
  });
});

describe('refused', () => {
  async function adding(...planned: Planned[]) {
    await writeLayer([dir('Files'), file('Files/a.txt', 'a'), ...planned]);
  }
  test.each<[string, Planned, string]>([
    ['a name that is there in another case', file('Files/A.TXT', 'b'), 'already has an entry'],
    [
      'a file without its directory',
      file('Files/sub/x', ''),
      'its parent directory must come before it',
    ],
    ['a file below a file', file('Files/a.txt/x', ''), 'its parent directory must come before it'],
    [
      'a hard link before its target',
      hardLink('Files/l', 'Files/z'),
      'must be a file that comes before it',
    ],
    [
      'a hard link to a directory',
      hardLink('Files/l', 'Files'),
      'must be a file that comes before it',
    ],
    [
      'a stream without its file',
      stream('Files/z', 's', ''),
      'the file of this stream must come before it',
    ],
    ['a path that leaves the layer', file('Files/../x', ''), '".."'],
    ['an absolute path', file('/x', ''), 'empty segment'],
    ['a backslash', file('Files/a\\b', ''), 'its name contains'],
    ['a colon', file('Files/a:b', ''), 'its name contains'],
    ['half a surrogate pair', file('Files/\ud800', ''), 'not valid Unicode'],
    ['the name of a whiteout', file('Files/.wh.x', ''), 'would delete another file'],
  ])('%s', async (_, planned, problem) => {
    await expect(adding(planned)).rejects.toMatchObject(
      failureCode('layer-entry-refused', { problem: expect.stringContaining(problem) }),
    );
  });

  test.each([
    ['shrank', 'abc', 5, 3],
    ['grew', 'abcdef', 5, 6],
  ])('a file that %s while it was read, by name', async (_, content, expected, actual) => {
    const entry = { ...file('Files/a', 'xxxxx')[0], size: expected } as LayerEntry;
    await expect(writeLayer([dir('Files'), [entry, Buffer.from(content)]])).rejects.toMatchObject(
      failureCode('layer-content-size', { path: 'Files/a', expected, actual }),
    );
  });

  test('everything once the signal is aborted, and abort removes the blob', async () => {
    const controller = new AbortController();
    let aborted = 0;
    const store = new MemoryBlobStore();
    const writer = createLayerWriter({
      compression: 'none',
      signal: controller.signal,
      ingest: async () => ({ ...(await store.ingest()), abort: async () => void aborted++ }),
    });
    await writer.add(dir('Files')[0]);
    await writer.add(
      file('Files/big', Buffer.alloc(8_000_000))[0],
      pieces(Buffer.alloc(8_000_000)),
    );
    controller.abort();
    await expect(writer.add(dir('Files/x')[0])).rejects.toMatchObject(failureCode('cancelled'));
    await writer.abort();
    expect(aborted).toBe(1);
  });
});
