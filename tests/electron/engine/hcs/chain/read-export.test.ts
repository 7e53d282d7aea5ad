import { link, lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readExport } from '../../../../../electron/engine/hcs/chain/read-export.ts';
import {
  encodeStreamHeader,
  plainHeader,
  type StreamKind,
} from '../../../../../electron/engine/layer/backup/backup-stream.ts';
import { encodeReparsePoint } from '../../../../../electron/engine/layer/backup/reparse-point.ts';
import type { LayerEntry } from '../../../../../electron/engine/layer/entry.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import { bytesOf, dir, failureCode, file } from '../../layer/support.ts';
import { createFolderFiles } from './folder-files.ts';
import { createBench } from './support.ts';

const malformed = failureCode('export-malformed');
const unreadable = failureCode('backup-stream-malformed', { path: 'Files/App/new.txt' });

/** A folder as Windows exports it; a key that ends in `/` is a directory. */
type Exported = Readonly<Record<string, Buffer | string>>;

const directory = attributes(0x10);
const plain: Exported = {
  'tombstones.txt': '\ufeffVersion 1.0\r\n\\App\\old\r\n',
  'Files/': '',
  'Files.$wcidirs$': directory,
  'Files/App/': '',
  'Files/App.$wcidirs$': directory,
  'Files/App/new.txt': Buffer.concat([attributes(0x20), stream('data', 'new')]),
  'Hives/': '',
  'Hives/System_Delta': 'regf',
};

describe('an export', () => {
  test('is listed with parents first, and what a folder deletes right after it', async () => {
    expect(await list(plain)).toEqual([
      'directory Files',
      'directory Files/App',
      'whiteout Files/App/old',
      'file Files/App/new.txt = new',
      'directory Hives',
      'file Hives/System_Delta = regf',
    ]);
  });

  test('deletes also in folders that it does not list, and whatever the case of their names', async () => {
    const tombstones = '\ufeffVersion 1.0\n\\APP\\old\n\\Elsewhere\\gone\n';
    const listed = await list({ ...plain, 'tombstones.txt': tombstones });
    expect(listed.filter(entry => entry.startsWith('whiteout'))).toEqual([
      'whiteout Files/APP/old',
      'whiteout Files/Elsewhere/gone',
    ]);
    expect(listed.indexOf('whiteout Files/APP/old')).toBe(
      listed.indexOf('directory Files/App') + 1,
    );
  });

  test('leaves out the recycle bin, and takes times of the top from the hive of the step', async () => {
    const exportDir = await write({
      ...plain,
      'Files/$RECYCLE.BIN/': '',
      'Files/$RECYCLE.BIN/broken': 'x',
    });
    const files = createFolderFiles();
    const hive = path.join(exportDir, 'Hives/System_Delta');
    const info = await files.basicInfo(hive);
    await files.setBasicInfo(hive, { ...info, lastWriteTime: 133_444_736_000_000_000n });
    const found: LayerEntry[] = [];
    for await (const { entry } of readExport(exportDir, files)) found.push(entry);
    expect(found.map(entry => entry.path)).not.toContain('Files/$RECYCLE.BIN/broken');
    const time = 1_700_000_000_000_000_000n;
    for (const entry of found.filter(each => each.path === 'Files' || each.path === 'Hives')) {
      expect(entry).toMatchObject({ modified: time, created: time, accessed: time });
    }
  });

  test('names a file once, and its further names as links to that', async () => {
    const exportDir = await write(plain);
    const at = (name: string) => path.join(exportDir, 'Files/App', name);
    await link(at('new.txt'), at('another.txt'));
    expect(await listFolder(exportDir)).toEqual(
      expect.arrayContaining([
        'file Files/App/another.txt = new',
        'hard-link Files/App/new.txt -> Files/App/another.txt',
      ]),
    );
  });

  test('names a link that has several names as a link each time', async () => {
    const target = encodeReparsePoint({ target: 'C:\\x', mountPoint: false }) ?? Buffer.alloc(0);
    const reparse = Buffer.concat([attributes(0x420), stream('reparse', target)]);
    const exportDir = await write({ ...plain, 'Files/App/new.txt': reparse });
    const at = (name: string) => path.join(exportDir, 'Files/App', name);
    await link(at('new.txt'), at('another.txt'));
    expect(await listFolder(exportDir)).toEqual(
      expect.arrayContaining(['symlink Files/App/another.txt', 'symlink Files/App/new.txt']),
    );
  });
});

describe('an export is refused', () => {
  test.each<[string, Exported, object]>([
    ['without its list of deletions', { 'tombstones.txt': '-' }, malformed],
    ['of another version', { 'tombstones.txt': '\ufeffVersion 2.0\n' }, malformed],
    ['without the mark of its encoding', { 'tombstones.txt': 'Version 1.0\n' }, malformed],
    ['that deletes outside', { 'tombstones.txt': '\ufeffVersion 1.0\n\\..\\x\n' }, malformed],
    ['that deletes a stream', { 'tombstones.txt': '\ufeffVersion 1.0\n\\a:b\n' }, malformed],
    ['that deletes relative to nothing', { 'tombstones.txt': '\ufeffVersion 1.0\nx\n' }, malformed],
    ['that lacks what is known of a folder', { 'Files/App.$wcidirs$': '-' }, malformed],
    ['with a file without attributes', { 'Files/App/new.txt': '' }, malformed],
    ['with a file that ends in its attributes', { 'Files/App/new.txt': 'abc' }, unreadable],
    ['with a file that says it is a folder', { 'Files/App/new.txt': directory }, malformed],
    [
      'with a folder that says it is a file',
      { 'Files/App.$wcidirs$': attributes(0x20) },
      malformed,
    ],
    ['with something else at its top', { 'sandbox.vhdx': 'x' }, malformed],
    [
      'with streams that are damaged',
      { 'Files/App/new.txt': Buffer.concat([attributes(0x20), Buffer.alloc(19)]) },
      unreadable,
    ],
    [
      'with a reparse point that layers have no form for',
      {
        'Files/App/new.txt': Buffer.concat([
          attributes(0x420),
          stream('reparse', '\x1b\0\0\x80\0\0\0\0'),
        ]),
      },
      failureCode('reparse-unsupported', { path: 'Files/App/new.txt' }),
    ],
  ])('%s', async (_, change, expected) => {
    const exported = { ...plain, ...change };
    const kept = Object.entries(exported).filter(([, content]) => content !== '-');
    await expect(list(Object.fromEntries(kept))).rejects.toMatchObject(expected);
  });
});

describe('adopting an export', () => {
  test('leaves nothing after a cancel at any moment', async () => {
    const { chains, layer, folders } = await createBench();
    const base = await layer([dir('Files'), file('Files/kept', 'kept')]);
    const { chainId: parentChainId } = await chains.materialize([base]);
    const before = await folders();
    for (const stopAt of [1, 2, 3, 5]) {
      const stagedDir = await write(plain);
      const controller = new AbortController();
      let seen = 0;
      const onProgress = () => {
        seen += 1;
        if (seen === stopAt) controller.abort();
      };
      const step = { stagedDir, parentChainId, diffId: base.diffId };
      const work = chains.adopt(step, { onProgress, signal: controller.signal });
      await expect(work).rejects.toMatchObject(failureCode('cancelled'));
      expect(await folders()).toEqual(before);
      await expect(lstat(stagedDir)).rejects.toThrow('ENOENT');
    }
  });

  test('keeps what the export deletes and brings anew', async () => {
    const { chains, layer } = await createBench();
    const base = await layer([dir('Files'), file('Files/kept', 'kept')]);
    const { chainId: parentChainId } = await chains.materialize([base]);
    const tombstones = '\ufeffVersion 1.0\n\\App\\NEW.txt\n\\kept\n';
    const stagedDir = await write({ ...plain, 'tombstones.txt': tombstones });
    const { layerDirsNearestFirst } = await chains.adopt({
      stagedDir,
      parentChainId,
      diffId: base.diffId,
    });
    const at = path.join(layerDirsNearestFirst[0] ?? '', 'Files/App/new.txt');
    expect(await readFile(at, 'utf8')).toBe('new');
  });
});

async function list(exported: Exported): Promise<readonly string[]> {
  return await listFolder(await write(exported));
}

async function listFolder(exportDir: string): Promise<readonly string[]> {
  const listed: string[] = [];
  for await (const { entry, content } of readExport(exportDir, createFolderFiles())) {
    const text = content ? ` = ${String(await bytesOf(content))}` : '';
    const target = entry.kind === 'hard-link' ? ` -> ${entry.target}` : '';
    listed.push(`${entry.kind} ${entry.path}${target}${text}`);
  }
  return listed;
}

async function write(exported: Exported): Promise<string> {
  const exportDir = path.join(await tempDir(), 'export');
  await rm(exportDir, { recursive: true, force: true });
  await mkdir(exportDir);
  for (const [name, content] of Object.entries(exported)) {
    const native = path.join(exportDir, name);
    if (name.endsWith('/')) await mkdir(native, { recursive: true });
    else await writeFile(native, content);
  }
  return exportDir;
}

function attributes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function stream(kind: StreamKind, content: string | Buffer): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  return Buffer.concat([encodeStreamHeader(plainHeader(kind, bytes.byteLength)), bytes]);
}
