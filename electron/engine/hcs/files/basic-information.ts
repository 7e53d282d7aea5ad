import type { BasicInfo } from '../../layer/backup/basic-info.ts';
import type { Kernel32 } from '../../win32/kernel32.ts';
import type { Handle } from '../../win32/parameter.ts';

/** FileBasicInfo of FILE_INFO_BY_HANDLE_CLASS (minwinbase.h). */
const fileBasicInfo = 0;

/** FILE_BASIC_INFO (winbase.h): four times in units of 100 ns since 1601, then the attributes; padded to 8 bytes. */
const basicInformationSize = 40;

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

export async function readBasicInfo(kernel32: Kernel32, file: Handle): Promise<BasicInfo> {
  const bytes = new Uint8Array(basicInformationSize);
  await kernel32.getFileInformation(file, fileBasicInfo, bytes, bytes.length);
  return readBasicInformation(bytes);
}

export async function setBasicInfo(
  kernel32: Kernel32,
  file: Handle,
  info: BasicInfo,
): Promise<void> {
  const bytes = basicInformationBytes(info);
  await kernel32.setFileInformation(file, fileBasicInfo, bytes, bytes.length);
}
