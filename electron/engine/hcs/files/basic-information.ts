import type { BasicInfo } from '../../layer/backup/basic-info.ts';

/** FILE_BASIC_INFO (winbase.h): four times in units of 100 ns since 1601, then the attributes; padded to 8 bytes. */
export const basicInformationSize = 40;

export function basicInformationBytes(info: BasicInfo): Uint8Array {
  const bytes = Buffer.alloc(basicInformationSize);
  bytes.writeBigInt64LE(info.creationTime, 0);
  bytes.writeBigInt64LE(info.lastAccessTime, 8);
  bytes.writeBigInt64LE(info.lastWriteTime, 16);
  bytes.writeBigInt64LE(info.changeTime, 24);
  bytes.writeUInt32LE(info.attributes, 32);
  return bytes;
}

export function readBasicInformation(bytes: Uint8Array): BasicInfo {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, basicInformationSize);
  return {
    creationTime: view.readBigInt64LE(0),
    lastAccessTime: view.readBigInt64LE(8),
    lastWriteTime: view.readBigInt64LE(16),
    changeTime: view.readBigInt64LE(24),
    attributes: view.readUInt32LE(32),
  };
}
