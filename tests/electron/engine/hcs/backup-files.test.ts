import { access, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  basicInformationBytes,
  readBasicInformation,
} from '../../../../electron/engine/hcs/files/basic-information.ts';
import { nativePath } from '../../../../electron/engine/hcs/files/native-path.ts';
import { newHostPlace } from './host-place.ts';

const info = {
  attributes: 0x21,
  creationTime: 130_000_000_000_000_001n,
  lastAccessTime: 130_000_000_000_000_002n,
  lastWriteTime: 130_000_000_000_000_003n,
  changeTime: 130_000_000_000_000_004n,
};

/** A data stream (WIN32_STREAM_ID) of `text`. */
function dataStream(text: string): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt32LE(1, 0);
  header.writeBigUInt64LE(BigInt(text.length), 8);
  return Buffer.concat([header, Buffer.from(text)]);
}

describe('files of layers', () => {
  it('are written and read as backup streams, cut anywhere, with their times and attributes', async () => {
    const place = await newHostPlace();
    const { files } = place.host;
    const file = path.join(place.dir, 'file.txt');
    const opened = await files.create(file, 'file');
    await opened.setBasicInfo(info);
    const stream = dataStream('hello');
    for (const byte of stream) await opened.write(Uint8Array.of(byte));
    await opened.write(new Uint8Array());
    await opened.close();
    await opened.close();
    expect(await readFile(file, 'utf8')).toBe('hello');
    const chunks: Buffer[] = [];
    for await (const chunk of files.read(file, false)) chunks.push(Buffer.from(chunk));
    expect(Buffer.concat(chunks).includes(stream)).toBe(true);
    expect(await files.basicInfo(file)).toMatchObject({
      attributes: info.attributes,
      lastWriteTime: info.lastWriteTime,
    });
    expect(place.leaks()).toEqual({});
  });

  it('that are given up in the middle leave no context of BackupRead or BackupWrite', async () => {
    const place = await newHostPlace();
    const { files } = place.host;
    const file = path.join(place.dir, 'file.txt');
    const opened = await files.create(file, 'file');
    await opened.write(dataStream('hello').subarray(0, 22));
    await opened.close();
    for await (const _ of files.read(file, false)) break;
    expect(place.leaks()).toEqual({});
  });

  it('are closed where Windows refuses what is written', async () => {
    const place = await newHostPlace();
    const opened = await place.host.files.create(path.join(place.dir, 'file.txt'), 'file');
    place.doubles.fail({ api: 'BackupWrite', hresult: 0x8007_0070 });
    await expect(opened.write(dataStream('hello'))).rejects.toThrow('the disk is full');
    await opened.close();
    expect(place.leaks()).toEqual({});
  });

  it('are refused where there is one, while folders are taken as they are', async () => {
    const place = await newHostPlace();
    const { files } = place.host;
    const folder = path.join(place.dir, 'folder');
    for (let time = 0; time < 2; time += 1) await (await files.create(folder, 'directory')).close();
    const file = path.join(folder, 'file.txt');
    await (await files.create(file, 'file')).close();
    await expect(files.create(file, 'file')).rejects.toThrow('CreateFileW failed for');
    expect(place.leaks()).toEqual({});
  });

  it('are removed, read-only or not, and what is not there is no failure', async () => {
    const place = await newHostPlace();
    const { files } = place.host;
    const file = path.join(place.dir, 'file.txt');
    await (await files.create(file, 'file')).close();
    await files.setBasicInfo(file, info);
    const link = path.join(place.dir, 'link.txt');
    await files.hardLink(link, file);
    expect((await stat(link)).nlink).toBe(2);
    await files.remove(file);
    await files.remove(file);
    await expect(access(file)).rejects.toThrow('ENOENT');
    await files.remove(link);
    const folder = path.join(place.dir, 'folder');
    await (await files.create(folder, 'directory')).close();
    await files.remove(folder);
    await expect(access(folder)).rejects.toThrow('ENOENT');
    expect(place.leaks()).toEqual({});
  });
});

describe('FILE_BASIC_INFO', () => {
  it('has 40 bytes: four times, the attributes, padding', () => {
    const bytes = Buffer.from(basicInformationBytes(info));
    expect(bytes).toHaveLength(40);
    expect(bytes.readBigInt64LE(16)).toBe(info.lastWriteTime);
    expect(bytes.readBigUInt64LE(32)).toBe(0x21n);
    expect(readBasicInformation(bytes)).toEqual(info);
  });
});

describe('native paths', () => {
  it.each([
    [String.raw`C:\a\b`, String.raw`\\?\C:\a\b`],
    ['C:/a/b', String.raw`\\?\C:\a\b`],
    [String.raw`\\server\share\a`, String.raw`\\?\UNC\server\share\a`],
    [String.raw`\\?\C:\a`, String.raw`\\?\C:\a`],
    [String.raw`\\?\Volume{1}\a`, String.raw`\\?\Volume{1}\a`],
  ])('of %s have no limit of length on Windows', (given, expected) => {
    expect(nativePath(given, 'win32')).toBe(expected);
  });

  it('are as they are elsewhere', () => {
    expect(nativePath('/a/b', 'linux')).toBe('/a/b');
  });
});
