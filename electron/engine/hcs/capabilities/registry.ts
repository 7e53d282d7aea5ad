import { win32Failure } from '../../win32/failures.ts';
import type { Advapi32 } from '../../win32/advapi32.ts';
import { textUntilNul } from '../../win32/wide-text.ts';

/** HKEY_LOCAL_MACHINE, sign-extended as winreg.h has it. */
const localMachine = 0xffff_ffff_8000_0002n;
/** RRF_RT_REG_SZ, RRF_RT_REG_DWORD. */
const text = 0x2;
const number = 0x10;

/** A value of the registry of this machine. Fails with `windows-api`. */
export function readText(advapi32: Advapi32, key: string, value: string): string {
  return textUntilNul(read(advapi32, key, value, text));
}

export function readNumber(advapi32: Advapi32, key: string, value: string): number {
  return read(advapi32, key, value, number).readUInt32LE(0);
}

function read(advapi32: Advapi32, key: string, value: string, type: number): Buffer {
  const data = Buffer.alloc(512);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length, 0);
  const error = advapi32.regGetValue(localMachine, key, value, type, data, size);
  if (error !== 0) throw win32Failure('RegGetValueW', error, `${key}\\${value}`);
  return data;
}
