import type { Bytes } from '../../../../../electron/engine/content/bytes.ts';
import {
  backupFault,
  type BackupSource,
} from '../../../../../electron/engine/layer/backup/backup-source.ts';
import { createByteReader } from '../../../../../electron/engine/layer/byte-reader.ts';

/** Backup streams that come as bytes, in whatever pieces; `path` names them in failures. */
export function bytesSource(bytes: Bytes, path: string): BackupSource & AsyncDisposable {
  const reader = createByteReader(bytes);
  return {
    get offset() {
      return reader.offset;
    },
    takeSome: count => reader.takeSome(count),
    async skip(count) {
      for (let left = count; left > 0;) {
        const piece = await reader.takeSome(left);
        if (!piece) throw backupFault(path, reader.offset, 'they are cut off');
        left -= piece.byteLength;
      }
    },
    fault: problem => backupFault(path, reader.offset, problem),
    [Symbol.asyncDispose]: () => reader.close(),
  };
}
