import { open } from 'node:fs/promises';
import type { Bytes } from '../../content/bytes.ts';
import { withFailure } from '../../content/file-system.ts';
import { takeExactly, type BackupSource } from '../../layer/backup/backup-source.ts';
import type { BackupFiles, BasicInfo } from '../host.ts';
import { gathered, type NewFile, type StreamTarget } from './entry-sink.ts';
import { attributesSize } from './staged-names.ts';
import { malformed } from './tombstones.ts';

/**
 * Makes a file of the staged form: attributes, then the backup streams that are written. It has the times of what it
 * stands for, but none of its attributes, which would get in the way of whoever reads or deletes it.
 */
export async function stagedFile(
  { path, info }: NewFile,
  files: Pick<BackupFiles, 'setBasicInfo'>,
): Promise<StreamTarget> {
  const handle = await withFailure('create', path, () => open(path, 'w'));
  const head = Buffer.alloc(attributesSize);
  head.writeUInt32LE(info.attributes >>> 0);
  let written = false;
  return {
    async write(streams) {
      for await (const chunk of gathered(written ? streams : joined(head, streams))) {
        await withFailure('write', path, () => handle.writeFile(chunk));
      }
      written = true;
    },
    async close() {
      await handle.close();
      await files.setBasicInfo(path, { ...info, attributes: 0 });
    },
  };
}

async function* joined(head: Uint8Array, rest: Bytes): Bytes {
  yield head;
  yield* rest;
}

/** What is known of a staged file, out of the 4 bytes that `source` begins with and the times of the file. */
export async function readStagedInfo(
  source: BackupSource,
  path: string,
  files: Pick<BackupFiles, 'basicInfo'>,
): Promise<BasicInfo> {
  const attributes = await takeExactly(source, attributesSize);
  if (!attributes) throw malformed(path, 'it has no attributes');
  return { ...(await files.basicInfo(path)), attributes: attributes.readUInt32LE() };
}
