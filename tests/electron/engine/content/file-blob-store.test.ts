import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../../electron/engine/content/store.ts';
import {
  bytesOf,
  collect,
  describeBytes,
  failureFrom,
  filesBelow,
  listBlobs,
  newDir,
  newStore,
  textOf,
} from './helpers.ts';

const hello = describeBytes('hello');

describe('the blobs on disk', () => {
  test('lie read-only where the image layout wants them, with nothing left beside them', async () => {
    const store = await newStore();
    await store.blobs.write(hello, bytesOf('hello'));
    await failureFrom(store.blobs.write(describeBytes('other'), bytesOf('wrong')));
    const { mode } = await stat(store.blobs.path(hello.digest));
    expect([await filesBelow(store.dir), mode & 0o777]).toEqual([
      [`blobs/sha256/${hello.digest.slice(7)}`, 'index.json', 'oci-layout'],
      0o444,
    ]);
  });

  test('are removed when they turn out damaged, so that they can be fetched again', async () => {
    const store = await newStore();
    await store.blobs.write(hello, bytesOf('hello'));
    const path = store.blobs.path(hello.digest);
    await rm(path);
    await writeFile(path, 'hellO');
    expect((await failureFrom(collect(store.blobs.read(hello)))).code).toBe('blob-mismatch');
    expect(await store.blobs.has(hello)).toBe(false);
    await store.blobs.write(hello, bytesOf('hello'));
    expect(await textOf(store.blobs.read(hello))).toBe('hello');
  });

  test('are written again when the file was cut off', async () => {
    const store = await newStore();
    await store.blobs.write(hello, bytesOf('hello'));
    const path = store.blobs.path(hello.digest);
    await chmod(path, 0o644);
    await truncate(path, 2);
    expect(await store.blobs.has(hello)).toBe(false);
    await store.blobs.write(hello, bytesOf('hello'));
    expect(await textOf(store.blobs.read(hello))).toBe('hello');
  });

  test('never give the last chunk of damaged content', async () => {
    const store = await newStore();
    const content = Buffer.alloc(2_500_000, 'x');
    const blob = describeBytes(content);
    await store.blobs.write(blob, bytesOf(content));
    const path = store.blobs.path(blob.digest);
    await rm(path);
    await writeFile(path, Buffer.alloc(2_500_000, 'y'));
    let given = 0;
    const read = async () => {
      for await (const chunk of store.blobs.read(blob)) given += chunk.byteLength;
    };
    expect([(await failureFrom(read())).code, given < 2_500_000]).toEqual(['blob-mismatch', true]);
  });

  test('can be read in any order', async () => {
    const store = await newStore();
    await store.blobs.write(hello, bytesOf('hello'));
    await using blob = await store.blobs.openTrusted(hello);
    const parts = [await blob.read(3, 10), await blob.read(0, 2), await blob.read(9, 1)];
    expect(parts.map(part => Buffer.from(part).toString())).toEqual(['lo', 'he', '']);
    const missing = await failureFrom(store.blobs.openTrusted(describeBytes('missing')));
    expect(missing.code).toBe('blob-missing');
  });

  test('are listed with their sizes', async () => {
    const store = await newStore();
    await store.blobs.write(hello, bytesOf('hello'));
    await writeFile(join(store.dir, 'blobs', 'sha256', 'stray'), 'stray');
    expect(await listBlobs(store)).toEqual([{ digest: hello.digest, size: 5 }]);
  });

  test('report the operation, the path and the error code of a file that cannot be read', async () => {
    const store = await newStore();
    const path = store.blobs.path(hello.digest);
    await mkdir(path);
    expect(await failureFrom(collect(store.blobs.read(hello)))).toEqual({
      code: 'file-system',
      operation: 'read',
      path,
      errno: 'EISDIR',
    });
  });

  test('cannot be kept below a file', async () => {
    const dir = await newDir();
    await writeFile(join(dir, 'file'), '');
    const failure = await failureFrom(openStore(join(dir, 'file', 'store')));
    expect(failure).toMatchObject({ code: 'file-system', errno: 'ENOTDIR' });
  });
});

const isRoot = process.getuid?.() === 0;
const noTmpfs = 'mounting a small tmpfs needs root';

describe('a full disk', () => {
  // CI runs as root, so there a missing tmpfs is a failure, not a skip.
  test.skipIf(!isRoot && process.env['CI'] === undefined)(
    `is told as such, and leaves no part of the blob (${noTmpfs})`,
    async () => {
      const dir = await newDir();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', dir]);
      onTestFinished(() => void execFileSync('umount', [dir]));
      await using store = await openStore(join(dir, 'store'));
      const content = Buffer.alloc(4 << 20, 'x');
      const blob = describeBytes(content);
      const failure = await failureFrom(store.blobs.write(blob, bytesOf(content)));
      expect([failure.code, await filesBelow(store.dir)]).toEqual([
        'disk-full',
        ['index.json', 'oci-layout'],
      ]);
      await store.blobs.write(hello, bytesOf('hello'));
      expect(await textOf(store.blobs.read(hello))).toBe('hello');
    },
  );

  test.skipIf(!isRoot && process.env['CI'] === undefined)(
    `leaves the old index.json when the new one does not fit (${noTmpfs})`,
    async () => {
      const dir = await newDir();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir]);
      onTestFinished(() => void execFileSync('umount', [dir]));
      await using store = await openStore(join(dir, 'store'));
      await store.names.set('hello', hello);
      const filler = join(dir, 'filler');
      await writeFile(filler, Buffer.alloc(1 << 20)).catch(() => undefined);
      expect(await failureFrom(store.names.set('other', hello))).toMatchObject({
        code: 'disk-full',
      });
      expect((await store.names.list()).map(image => image.reference)).toEqual([
        'docker.io/library/hello:latest',
      ]);
      expect((await readdir(store.dir)).includes('index.json.new')).toBe(false);
    },
  );
});
