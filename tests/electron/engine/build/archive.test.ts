import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pack, type Header } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { createSpool } from '../../../../electron/engine/build/archive/spool.ts';
import { isTarArchive, unpack } from '../../../../electron/engine/build/archive/unpack.ts';
import type { FileNode } from '../../../../electron/engine/build/sources/source-tree.ts';
import { folderTree, tempDir, writeFiles } from './folder.ts';

async function fileIn(dir: string, name: string): Promise<FileNode> {
  const node = await folderTree(dir).stat(name);
  if (node?.kind !== 'file') throw new Error(`${name} is no file`);
  return node;
}

async function unpacked(dir: string, name: string): Promise<Record<string, string>> {
  const spool = await createSpool(path.join(dir, `${name}.spool`));
  try {
    const result: Record<string, string> = {};
    for (const { path, node } of await unpack(await fileIn(dir, name), spool)) {
      if (node.kind !== 'file') {
        result[path] = node.kind === 'symlink' ? `-> ${node.target}` : node.kind;
        continue;
      }
      let text = '';
      for await (const chunk of node.read()) text += Buffer.from(chunk).toString();
      result[path] = text;
    }
    return result;
  } finally {
    await spool.close();
  }
}

async function tarOf(
  file: string,
  entries: readonly (Partial<Header> & { name: string; text?: string })[],
): Promise<void> {
  const archive = pack();
  for (const { text, ...header } of entries) archive.entry(header, text ?? '');
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk as Uint8Array);
  await writeFile(file, Buffer.concat(chunks));
}

const big = 'x'.repeat(700_000);

describe('ADD unpacks', () => {
  test.each([
    ['plain tar', 'cf', []],
    ['gzip', 'czf', []],
    ['bzip2', 'cjf', []],
    ['xz', 'cJf', []],
    ['zstd', 'cf', ['--zstd']],
  ])('%s, by content and whatever the name is', async (_, flags, more) => {
    await using temp = await tempDir();
    await writeFiles(temp.dir, {
      'in/a.txt': 'hello',
      'in/big.txt': big,
      'in/empty': null,
      'in/zero': '',
      'in/l': { link: 'a.txt' },
    });
    execFileSync('tar', [
      flags,
      path.join(temp.dir, 'archive.bin'),
      ...more,
      '-C',
      path.join(temp.dir, 'in'),
      '.',
    ]);
    expect(await isTarArchive(await fileIn(temp.dir, 'archive.bin'))).toBe(true);
    expect(await unpacked(temp.dir, 'archive.bin')).toEqual({
      'a.txt': 'hello',
      'big.txt': big,
      empty: 'directory',
      zero: '',
      l: '-> a.txt',
    });
  });

  test('hard links as further files, and leading slashes as nothing', async () => {
    await using temp = await tempDir();
    await tarOf(path.join(temp.dir, 'a.tar'), [
      { name: '/abs/one', text: '1' },
      { name: './two', type: 'link', linkname: '/abs/one' },
    ]);
    expect(await unpacked(temp.dir, 'a.tar')).toEqual({ 'abs/one': '1', two: '1' });
  });

  test('nothing that is no tar inside', async () => {
    await using temp = await tempDir();
    await writeFiles(temp.dir, {
      text: 'hello',
      'fake.tar': 'x'.repeat(2000),
      'fake.gz': '\u001f\u008b\u0008garbage',
      empty: '',
    });
    await writeFile(path.join(temp.dir, 'zeros'), Buffer.alloc(10_240));
    execFileSync('gzip', ['-k', path.join(temp.dir, 'text')]);
    for (const name of ['text', 'fake.tar', 'fake.gz', 'empty', 'zeros', 'text.gz']) {
      expect([name, await isTarArchive(await fileIn(temp.dir, name))]).toEqual([name, false]);
    }
  });

  test.each<[string, Partial<Header> & { name: string }, RegExp]>([
    ['an entry above the archive', { name: '../../etc/passwd' }, /leaves the archive/],
    ['an entry that climbs out in the middle', { name: 'a/../../b' }, /leaves the archive/],
    [
      'a link out of the archive',
      { name: 'l', type: 'symlink', linkname: '/etc' },
      /outside of the archive/,
    ],
    [
      'a link above the archive',
      { name: 'd/l', type: 'symlink', linkname: '../../x' },
      /leaves the archive/,
    ],
    [
      'a hard link to nothing',
      { name: 'l', type: 'link', linkname: 'nope' },
      /does not come before/,
    ],
    [
      'a device',
      { name: 'null', type: 'character-device', devmajor: 1, devminor: 3 },
      /character-device/,
    ],
    ['a pipe', { name: 'pipe', type: 'fifo' }, /fifo/],
  ])('%s: refused', async (_, entry, message) => {
    await using temp = await tempDir();
    await tarOf(path.join(temp.dir, 'evil.tar'), [{ name: 'ok', text: '1' }, entry]);
    await expect(unpacked(temp.dir, 'evil.tar')).rejects.toThrow(message);
  });

  test.each(['gzip', 'bzip2', 'xz', 'zstd'])(
    'a %s archive that is cut off: refused, with its name',
    async packing => {
      await using temp = await tempDir();
      await writeFile(
        path.join(temp.dir, 'noise'),
        Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919 + (i >> 3)) & 255)),
      );
      execFileSync('tar', [
        'cf',
        path.join(temp.dir, 'whole'),
        `--${packing}`,
        '-C',
        temp.dir,
        'noise',
      ]);
      const whole = await readFile(path.join(temp.dir, 'whole'));
      await writeFile(path.join(temp.dir, 'cut'), whole.subarray(0, whole.length - 40));
      await expect(unpacked(temp.dir, 'cut')).rejects.toMatchObject({
        failure: { code: 'unpack-failed', path: 'cut' },
      });
    },
  );
});
