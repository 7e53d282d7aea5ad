import { link, lstat, mkdir, open, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { bytesSource } from '../../layer/backup/bytes-source.ts';
import {
  encodeStreamHeader,
  type StreamHeader,
} from '../../../../../electron/engine/layer/backup/backup-stream.ts';
import { readStreams } from '../../../../../electron/engine/layer/backup/read-streams.ts';
import type { BackupFiles, BasicInfo } from '../../../../../electron/engine/hcs/host.ts';
import { bytesOf, pieces } from '../../layer/support.ts';

/** What a POSIX folder cannot hold of a Windows file. */
interface Extra {
  info: BasicInfo;
  /** All but the data, in the order in which they were written. */
  readonly streams: { readonly header: StreamHeader; readonly content: Buffer }[];
}

/** Backup files in ordinary folders; what these cannot hold is kept in memory by the identity of the file. */
export interface FolderFiles extends BackupFiles {
  /** Puts a file in the form of backup streams in the place of what is there. */
  restore(path: string, streams: Buffer): Promise<void>;
  /** The streams beside the data. */
  streamsOf(path: string): Promise<readonly { header: StreamHeader; content: Buffer }[]>;
}

const directory = 0x10;
const archive = 0x20;

export function createFolderFiles(): FolderFiles {
  const extras = new Map<string, Extra>();
  async function extraOf(path: string): Promise<Extra> {
    const stats = await lstat(path, { bigint: true });
    // The number of a file that is gone may come again.
    const key = `${stats.ino}:${stats.birthtimeNs}`;
    const known = extras.get(key);
    if (known) return known;
    const time = stats.mtimeNs / 100n + 116_444_736_000_000_000n;
    const times = {
      creationTime: time,
      lastAccessTime: time,
      lastWriteTime: time,
      changeTime: time,
    };
    const extra = {
      info: { attributes: stats.isDirectory() ? directory : archive, ...times },
      streams: [],
    };
    extras.set(key, extra);
    return extra;
  }
  async function setInfo(path: string, info: BasicInfo): Promise<void> {
    const extra = await extraOf(path);
    const attributes = info.attributes === 0 ? extra.info.attributes : info.attributes;
    extra.info = { ...info, attributes };
  }
  async function restore(path: string, streams: Buffer): Promise<void> {
    const extra = await extraOf(path);
    await using source = bytesSource(pieces(streams), path);
    for await (const { header, content } of readStreams(source)) {
      const bytes = await bytesOf(content());
      if (header.kind === 'data') await writeFile(path, bytes);
      else extra.streams.push({ header, content: bytes });
    }
  }
  return {
    async create(path, kind) {
      const isThere = await lstat(path).catch(() => undefined);
      if (kind === 'file') await (await open(path, 'wx')).close();
      else if (!isThere) await mkdir(path);
      const chunks: Buffer[] = [];
      return {
        write: bytes => Promise.resolve(void chunks.push(Buffer.from(bytes))),
        setBasicInfo: info => setInfo(path, info),
        close: () => restore(path, Buffer.concat(chunks)),
      };
    },
    async *read(path, withSecurity) {
      const { streams } = await extraOf(path);
      const wanted = streams.filter(({ header }) => withSecurity || header.kind !== 'security');
      for (const { header, content } of wanted.filter(each => !isAlternate(each.header))) {
        yield Buffer.concat([encodeStreamHeader(header), content]);
      }
      if ((await lstat(path)).isFile()) {
        const data = await readFile(path);
        const header = {
          kind: 'data',
          attributes: 0,
          size: data.byteLength,
          name: '',
          position: 0,
        } as const;
        yield Buffer.concat([encodeStreamHeader(header), data]);
      }
      for (const { header, content } of wanted.filter(each => isAlternate(each.header))) {
        yield Buffer.concat([encodeStreamHeader(header), content]);
      }
    },
    basicInfo: async path => (await extraOf(path)).info,
    setBasicInfo: setInfo,
    hardLink: (path, target) => link(target, path),
    async remove(path) {
      const stats = await lstat(path).catch(() => undefined);
      if (!stats) return;
      await (stats.isDirectory() ? rmdir(path) : rm(path));
    },
    restore,
    streamsOf: async path => (await extraOf(path)).streams,
  };
}

function isAlternate({ kind }: StreamHeader): boolean {
  return kind === 'alternate-data';
}
