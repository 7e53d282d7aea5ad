import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decompress } from '../../../../electron/engine/layer/decompress.ts';
import type { LayerEntry } from '../../../../electron/engine/layer/entry.ts';
import {
  readLayer,
  type LayerReaderOptions,
} from '../../../../electron/engine/layer/layer-reader.ts';
import { encodeTarHeader, type TarHeader } from '../../../../electron/engine/layer/tar-header.ts';
import { pathKey } from '../../../../shared/windows/windows-path.ts';
import {
  bytesOf,
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

const digest = 'sha256:layer';

async function readAll(
  tar: Uint8Array,
  options: Partial<LayerReaderOptions> = {},
): Promise<Planned[]> {
  const found: Planned[] = [];
  for await (const { entry, content } of readLayer(pieces(tar, 3000), { digest, ...options })) {
    const hasContent = entry.kind === 'file' || entry.kind === 'stream';
    found.push(hasContent ? [entry, await bytesOf(content())] : [entry]);
  }
  return found;
}

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter(text => text.isWellFormed() && !/[\\/:\0]|^\.\.?$|^\.wh\./.test(text));
const time = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });
const bytes = fc.uint8Array({ maxLength: 2000 });
const metadata = fc.record(
  {
    attributes: fc.nat({ max: 0xffff_ffff }),
    modified: time,
    accessed: time,
    changed: time,
    created: time,
    securityDescriptor: bytes.map(array => Buffer.from(array)),
    extendedAttributes: fc
      .uniqueArray(
        fc.tuple(
          fc.stringMatching(/^[A-Z$.]{1,20}$/),
          bytes.map(array => Buffer.from(array)),
        ),
        {
          minLength: 1,
          maxLength: 3,
          selector: ([key]) => key,
        },
      )
      .map(pairs => new Map(pairs)),
  },
  { requiredKeys: ['attributes', 'modified'] },
);

/** Trees in which every entry may stand where it does. */
const tree: fc.Arbitrary<Planned[]> = fc
  .array(fc.tuple(name, metadata, bytes, fc.nat(), fc.nat({ max: 5 })), { maxLength: 25 })
  .map(steps => {
    const planned: Planned[] = [];
    const folders = [''];
    const files: string[] = [];
    const taken = new Set<string>();
    for (const [leaf, common, content, choice, kind] of steps) {
      const path = folders[choice % folders.length] + leaf;
      if (taken.has(pathKey(path))) continue;
      taken.add(pathKey(path));
      const target = files[choice % Math.max(1, files.length)];
      if (kind === 0) folders.push(`${path}/`);
      if (kind === 0) planned.push([{ ...common, kind: 'directory', path }]);
      else if (kind === 1)
        planned.push([
          { ...common, kind: 'symlink', path, target: leaf, mountPoint: choice % 2 === 0 },
        ]);
      else if (kind === 2) planned.push(whiteout(path));
      else if (kind === 3 && target !== undefined)
        planned.push([{ ...common, kind: 'hard-link', path, target }]);
      else {
        files.push(path);
        planned.push([
          { ...common, kind: 'file', path, size: content.length },
          Buffer.from(content),
        ]);
        // At the root, where layers have only Files, Hives and UtilityVM, A:stream is read as drive A, and refused.
        if (kind === 5 && !/^[a-z]$/i.test(path))
          planned.push(stream(path, 'stream', 'of the file'));
      }
    }
    return planned;
  });

describe('what was written', () => {
  test('is read back as it was, whatever the tree', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async planned => {
        const { blob } = await writeLayer(planned);
        expect(await readAll(blob)).toEqual(planned);
      }),
      { numRuns: 150 },
    );
  });
});

describe('layers of other writers', () => {
  test('GNU tar with long names, BuildKit with trailing slashes', async () => {
    const script = `
import io, sys, tarfile
t = tarfile.open(fileobj=sys.stdout.buffer, mode='w|', format=tarfile.GNU_FORMAT)
d = tarfile.TarInfo('./Files/'); d.type = tarfile.DIRTYPE; t.addfile(d)
f = tarfile.TarInfo('Files/' + 'n' * 150); f.size = 2; t.addfile(f, io.BytesIO(b'hi'))
l = tarfile.TarInfo('Files/link'); l.type = tarfile.LNKTYPE; l.linkname = 'Files/' + 'n' * 150; t.addfile(l)
t.close()`;
    const tar = execFileSync('python3', ['-c', script]);
    expect(
      (await readAll(tar)).map(([{ kind, path }, content]) => [kind, path, content?.toString()]),
    ).toEqual([
      ['directory', 'Files', undefined],
      ['file', `Files/${'n'.repeat(150)}`, 'hi'],
      ['hard-link', 'Files/link', undefined],
    ]);
  });

  test('a ustar prefix, a security descriptor as SDDL, and no closing blocks', async () => {
    const pax = new Map([['MSWINDOWS.sd', 'O:BAG:SYD:(A;;FA;;;BA)']]);
    const header = encodeTarHeader(member({ path: 'notepad.exe', pax }));
    const main = header.subarray(1024);
    main.write('Files/Windows', 345, 'latin1');
    const [[entry] = []] = await readAll(Buffer.concat([header.subarray(0, 1024), resummed(main)]));
    expect(entry).toMatchObject({ path: 'Files/Windows/notepad.exe', kind: 'file' });
    expect(entry?.securityDescriptor?.byteLength).toBeGreaterThan(40);
  });

  test('gzip of several members is one tar', async () => {
    const { blob } = await writeLayer([dir('Files'), file('Files/a', 'content')]);
    const members = Buffer.concat([gzipSync(blob.subarray(0, 700)), gzipSync(blob.subarray(700))]);
    const tar = await bytesOf(
      decompress(pieces(members, 100), 'application/vnd.docker.image.rootfs.diff.tar.gzip', digest),
    );
    expect(tar.equals(blob)).toBe(true);
  });
});

function member(change: Partial<TarHeader> & { path: string }): TarHeader {
  return { type: 'file', mode: 0, size: 0, modified: 0n, pax: new Map(), ...change };
}

/** A header block after a change, with its checksum made right again. */
function resummed(block: Buffer): Buffer {
  block.write('        ', 148, 'latin1');
  const sum = block.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function changed(header: Buffer, offset: number, text: string): Buffer {
  const block = Buffer.from(header);
  block.write(text, block.length - 512 + offset, 'latin1');
  resummed(block.subarray(block.length - 512));
  return block;
}

const plain = encodeTarHeader(member({ path: 'Files/a' }));
const end = Buffer.alloc(1024);

describe('a hostile or damaged layer is refused', () => {
  test.each<[string, Uint8Array, string]>([
    [
      'a path with ..',
      encodeTarHeader(member({ path: 'Files/../../etc/passwd' })),
      'leads out of the layer',
    ],
    ['an absolute path', encodeTarHeader(member({ path: '/etc/passwd' })), 'its path is absolute'],
    ['a drive letter', encodeTarHeader(member({ path: 'C:/Windows' })), 'drive letter'],
    ['a path relative to a drive', encodeTarHeader(member({ path: 'A:stream' })), 'drive letter'],
    ['a backslash', encodeTarHeader(member({ path: 'Files\\..\\x' })), 'backslash'],
    [
      'a NUL in a PAX path',
      encodeTarHeader(member({ path: 'a', pax: new Map([['path', 'Files/a\0b']]) })),
      'NUL',
    ],
    [
      'a file below a file',
      Buffer.concat([plain, encodeTarHeader(member({ path: 'files/A/b' }))]),
      'below something that is no directory',
    ],
    [
      'a file below a link that leads out',
      Buffer.concat([
        encodeTarHeader(member({ path: 'Files/out', type: 'symlink', linkPath: '/etc' })),
        encodeTarHeader(member({ path: 'Files/out/x/passwd' })),
      ]),
      'below something that is no directory',
    ],
    [
      'a file that takes the place of a directory',
      Buffer.concat([encodeTarHeader(member({ path: 'Files/a/b' })), plain]),
      'has entries below it',
    ],
    [
      'a stream of a stream',
      encodeTarHeader(member({ path: 'Files/a:b:c' })),
      'no stream name can be',
    ],
    [
      'a colon inside a path',
      encodeTarHeader(member({ path: 'Files:x/b' })),
      'no stream name can be',
    ],
    [
      'an endless path',
      encodeTarHeader(member({ path: 'd/'.repeat(2000) + 'x' })),
      'nested deeper',
    ],
    [
      'a whiteout of nothing',
      encodeTarHeader(member({ path: 'Files/.wh.' })),
      'without a valid name',
    ],
    [
      'a whiteout that leads out',
      encodeTarHeader(member({ path: 'Files/.wh...' })),
      'without a valid name',
    ],
    [
      'a hard link out of the layer',
      encodeTarHeader(member({ path: 'a', type: 'hard-link', linkPath: '../../b' })),
      'hard link target',
    ],
    ['a device', changed(plain, 156, '3'), 'neither file, directory nor link'],
    ['a sparse entry', changed(plain, 156, 'S'), 'sparse'],
    [
      'a PAX sparse entry',
      encodeTarHeader(member({ path: 'a', pax: new Map([['GNU.sparse.major', '1']]) })),
      'sparse',
    ],
    [
      'a wrong checksum',
      Buffer.concat([plain.subarray(0, 100), Buffer.from('7'), plain.subarray(101)]),
      'checksum is wrong',
    ],
    ['a size that is no number', changed(plain, 124, 'x'), 'its size is malformed'],
    ['a negative size', changed(plain, 124, '\xff'.repeat(12)), 'its size is malformed'],
    [
      'a size beyond all disks',
      changed(plain, 124, `\x80${'\xff'.repeat(11)}`),
      'its size is malformed',
    ],
    [
      'an absurd PAX size',
      encodeTarHeader(member({ path: 'a', pax: new Map([['size', '9'.repeat(30)]]) })),
      'its size is malformed',
    ],
    [
      'malformed attributes',
      encodeTarHeader(member({ path: 'a', pax: new Map([['MSWINDOWS.fileattr', '-1']]) })),
      'fileattr is malformed',
    ],
    [
      'a malformed descriptor',
      encodeTarHeader(member({ path: 'a', pax: new Map([['MSWINDOWS.rawsd', '!!']]) })),
      'rawsd is malformed',
    ],
    [
      'a malformed SDDL',
      encodeTarHeader(member({ path: 'a', pax: new Map([['MSWINDOWS.sd', 'X:?']]) })),
      'sd is malformed',
    ],
    [
      'a malformed time',
      encodeTarHeader(member({ path: 'a', pax: new Map([['mtime', 'noon']]) })),
      'mtime is malformed',
    ],
    ['malformed PAX records', changedPax('99 a=b\n'), 'PAX records are malformed'],
    ['a PAX record without a key', changedPax('5 =b\n'), 'PAX records are malformed'],
    [
      'oversized PAX records',
      changed(encodeTarHeader(member({ path: 'a', size: 2 ** 21 })), 156, 'x'),
      'metadata has more than',
    ],
    ['an archive that ends in a header', plain.subarray(0, 300), 'ends inside a header'],
    [
      'an archive that ends in content',
      Buffer.concat([encodeTarHeader(member({ path: 'a', size: 900 })), Buffer.alloc(512)]),
      'ends 388 bytes before',
    ],
    [
      'an archive that ends in padding',
      Buffer.concat([encodeTarHeader(member({ path: 'a', size: 9 })), Buffer.alloc(9)]),
      'ends inside padding',
    ],
    [
      'something after the end',
      Buffer.concat([plain, end, Buffer.from('more')]),
      'follows the end',
    ],
    [
      'two files of one name',
      Buffer.concat([plain, encodeTarHeader(member({ path: 'FILES/A' })), end]),
      'two entries of this name',
    ],
  ])('%s', async (_, tar, problem) => {
    await expect(readAll(tar)).rejects.toMatchObject(
      failureCode('layer-malformed', { digest, problem: expect.stringContaining(problem) }),
    );
  });

  test('naming the layer, the place and the entry', async () => {
    const tar = Buffer.concat([plain, encodeTarHeader(member({ path: 'Files/../x' }))]);
    await expect(readAll(tar)).rejects.toMatchObject({
      failure: { digest, offset: 1024, entry: 'Files/../x' },
      message: `Layer ${digest} cannot be read: Files/../x: its path leads out of the layer (..) (at byte 1024 of its tar).`,
    });
  });

  test('when it holds more bytes or entries than the caller allows', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const read = async () => {
      const tar = decompress(pieces(bomb), 'application/vnd.oci.image.layer.v1.tar+gzip', digest);
      for await (const _ of readLayer(tar, { digest, maxBytes: 5_000_000 }));
    };
    await expect(read()).rejects.toMatchObject({
      failure: { problem: expect.stringContaining('5000000 bytes') },
    });
    const { blob } = await writeLayer([dir('Files'), file('Files/a', ''), file('Files/b', '')]);
    await expect(readAll(blob, { maxEntries: 2 })).rejects.toMatchObject({
      failure: { problem: 'it has more than 2 entries' },
    });
    await expect(readAll(blob, { maxMetadata: 15 })).rejects.toMatchObject({
      failure: { problem: 'its metadata takes more than 15 bytes' },
    });
  });

  test('when one directory is repeated without end', async () => {
    const again = encodeTarHeader(member({ path: 'Files', type: 'directory' }));
    const tar = Buffer.concat(Array.from({ length: 20 }, () => again));
    expect((await readAll(tar)).length).toBe(20);
    await expect(readAll(tar, { maxEntries: 19 })).rejects.toMatchObject({
      failure: { problem: 'it has more than 19 entries' },
    });
  });

  test.each(['gzip', 'zstd'] as const)(
    'when its %s data is cut off or damaged',
    async compression => {
      const { blob, written } = await writeLayer(
        [dir('Files'), file('Files/a', 'x'.repeat(5000))],
        compression,
      );
      const { mediaType } = written.descriptor;
      const broken = Buffer.from(blob).fill(0x55, 20, 60);
      for (const bad of [blob.subarray(0, blob.length - 20), broken]) {
        await expect(bytesOf(decompress(pieces(bad), mediaType, digest))).rejects.toMatchObject(
          failureCode('layer-malformed', {
            problem: expect.stringContaining(`its ${compression} data is damaged`),
          }),
        );
      }
    },
  );

  test('never with anything but a failure, whatever byte is changed', async () => {
    const { blob } = await writeLayer([
      dir('Files'),
      file('Files/ä', 'content'),
      symlink('Files/s', 'x'),
      hardLink('Files/h', 'Files/ä'),
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: blob.length - 1 }),
        fc.nat({ max: 255 }),
        async (at, value) => {
          const tar = Buffer.from(blob);
          tar[at] = value;
          const outcome = await readAll(tar).catch((error: unknown) => error);
          if (!Array.isArray(outcome))
            expect(outcome).toMatchObject(failureCode('layer-malformed'));
        },
      ),
      { numRuns: 500 },
    );
  });
});

function changedPax(records: string): Buffer {
  const header = encodeTarHeader(member({ path: 'a', pax: new Map([['k', 'v'.repeat(40)]]) }));
  header.fill(0, 512, 1024);
  header.write(records, 512, 'latin1');
  return header;
}

test('a stopped read lets go of its source', async () => {
  const { blob } = await writeLayer([dir('Files'), file('Files/a', Buffer.alloc(100_000))]);
  let closed = false;
  const source = async function* () {
    try {
      yield* pieces(blob, 1000);
    } finally {
      closed = true;
    }
  };
  const seen: LayerEntry[] = [];
  for await (const { entry } of readLayer(source(), { digest })) {
    seen.push(entry);
    break;
  }
  expect([seen.length, closed]).toEqual([1, true]);
});
