import { open } from 'node:fs/promises';
import type { Bytes } from '../../content/bytes.ts';
import { withFailure } from '../../content/file-system.ts';
import type { BackupFiles } from '../host.ts';
import { gathered, type NewFile, type StreamTarget } from './entry-sink.ts';
import { attributesSize } from './staged-names.ts';

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
