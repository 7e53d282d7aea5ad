import type { DetectedContent } from '../../../../shared/ipc/layer-views.ts';

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
const isLibrary = 0x2000;
const pe32 = 0x10b;
const pe32plus = 0x20b;
const clrDirectory = 14;
const sectionSize = 40;
const maxSections = 96;

/** Reads the headers of an EXE or DLL from its first bytes; undefined if it is none or they are cut off. */
export function readPeHeader(bytes: Uint8Array): PeHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 0x40 || view.getUint16(0, true) !== 0x5a4d) return undefined;
  const start = view.getUint32(0x3c, true);
  const optional = start + 24;
  if (optional + 96 > view.byteLength || view.getUint32(start, true) !== 0x4550) return undefined;
  const format = view.getUint16(optional, true);
  if (format !== pe32 && format !== pe32plus) return undefined;
  const machine = view.getUint16(start + 4, true);
  const subsystem = view.getUint16(optional + 68, true);
  const linked = view.getUint32(start + 8, true);
  return {
    kind: 'pe',
    machine: machines.get(machine) ?? `machine 0x${machine.toString(16)}`,
    bits: format === pe32 ? 32 : 64,
    library: (view.getUint16(start + 22, true) & isLibrary) !== 0,
    subsystem: subsystems.get(subsystem) ?? `subsystem ${subsystem}`,
    managed: hasClrHeader(view, optional, format),
    linked: new Date(linked * 1000).toISOString(),
    sections: sectionNames(view, start, optional),
  };
}

function hasClrHeader(view: DataView, optional: number, format: number): boolean {
  const directories = optional + (format === pe32 ? 96 : 112);
  const at = directories + clrDirectory * 8;
  if (at + 8 > view.byteLength) return false;
  const count = view.getUint32(directories - 4, true);
  return count > clrDirectory && view.getUint32(at, true) !== 0;
}

function sectionNames(view: DataView, start: number, optional: number): string[] {
  const count = Math.min(view.getUint16(start + 6, true), maxSections);
  const table = optional + view.getUint16(start + 20, true);
  const names: string[] = [];
  for (let at = table; names.length < count && at + sectionSize <= view.byteLength;) {
    names.push(nameAt(view, at));
    at += sectionSize;
  }
  return names;
}

// Eight bytes, zero-padded; whatever else stands in them is shown as Latin-1.
function nameAt(view: DataView, at: number): string {
  const bytes = Buffer.from(view.buffer, view.byteOffset + at, 8);
  return bytes.toString('latin1').replace(/\0+$/, '');
}
