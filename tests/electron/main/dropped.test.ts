import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { meaningOfDrop } from '../../../electron/main/dropped.ts';
import { newTempDir } from '../../support/temp-dir.ts';

let dir: string;
beforeEach(async () => {
  dir = await newTempDir();
});
afterEach(async () => await rm(dir, { recursive: true, force: true }));

test('a folder stands for itself', async () => {
  expect(await meaningOfDrop(dir)).toEqual({ kind: 'project', dir });
});

test.each(['Dockerfile', 'Dockerfile.web', 'web.dockerfile', '.dockerignore', 'Containerfile'])(
  '%s stands for its folder, and is the file that was meant',
  async file => {
    await writeFile(path.join(dir, file), 'FROM scratch\n');
    expect(await meaningOfDrop(path.join(dir, file))).toEqual({ kind: 'project', dir, file });
  },
);

test.each(['shop.tar', 'shop.TAR.GZ', 'shop.tgz', 'shop.oci', 'shop.ociarchive'])(
  '%s stands for the images in it',
  async name => {
    const file = path.join(dir, name);
    await writeFile(file, '');
    expect(await meaningOfDrop(file)).toEqual({ kind: 'archive', file });
  },
);

test('any other file is refused with what could be dropped instead', async () => {
  const file = path.join(dir, 'app.exe');
  await writeFile(file, 'MZ');
  const refused = { failure: { code: 'drop-refused', path: file } };
  await expect(meaningOfDrop(file)).rejects.toMatchObject(refused);
});

test('what is gone by then says so', async () => {
  await mkdir(path.join(dir, 'sub'));
  const gone = meaningOfDrop(path.join(dir, 'sub', 'Dockerfile'));
  await expect(gone).rejects.toMatchObject({ failure: { code: 'file-system', errno: 'ENOENT' } });
});
