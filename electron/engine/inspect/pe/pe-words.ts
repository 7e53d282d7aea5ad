import type { DetectedContent } from '../../../../shared/ipc/layer-views.ts';
import {
  coffEnd,
  directories,
  headersLength,
  isLibraryBit,
  parsePeHeaders,
  PeDamage,
  peStart,
  type PeHeaders,
} from './pe-headers.ts';

type PeHeader = Extract<DetectedContent, { kind: 'pe' }>;

// Microsoft, "PE Format": machine types, subsystems, characteristics.
const machines = new Map([
  [0x14c, 'x86'],
  [0x8664, 'x64'],
  [0xaa64, 'ARM64'],
  [0x1c0, 'ARM'],
  [0x1c4, 'ARMv7 Thumb-2'],
  [0x200, 'Itanium'],
  [0x5032, 'RISC-V 32'],
  [0x5064, 'RISC-V 64'],
]);
const subsystems = new Map([
  [1, 'native driver'],
  [2, 'Windows GUI'],
  [3, 'Windows console'],
  [7, 'POSIX console'],
  [9, 'Windows CE'],
  [10, 'EFI application'],
  [11, 'EFI boot service driver'],
  [12, 'EFI runtime driver'],
  [16, 'Windows boot application'],
]);
/** What the headers of an EXE or DLL say in words, from its first bytes; undefined if it is none or they are cut off. */
export function describePe(first: Uint8Array): PeHeader | undefined {
  const headers = headersIn(first);
  if (!headers) return undefined;
  const { machine, subsystem, linked } = headers;
  return {
    kind: 'pe',
    machine: machines.get(machine) ?? `machine 0x${machine.toString(16)}`,
    bits: headers.isWide ? 64 : 32,
    library: (headers.characteristics & isLibraryBit) !== 0,
    subsystem: subsystems.get(subsystem) ?? `subsystem ${subsystem}`,
    managed: (headers.directories[directories.clr]?.[0] ?? 0) !== 0,
    linked: new Date(linked * 1000).toISOString(),
    sections: headers.sections.map(({ name }) => name),
  };
}

function headersIn(first: Uint8Array): PeHeaders | undefined {
  try {
    const start = peStart(first);
    const bytes = start === undefined ? undefined : first.subarray(start);
    if (!bytes || headersLength(bytes.subarray(0, coffEnd)) === undefined) return undefined;
    return parsePeHeaders(bytes);
  } catch (error) {
    if (error instanceof PeDamage) return undefined;
    throw error;
  }
}
