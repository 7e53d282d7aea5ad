import type { ProgramArchitecture } from '../../../../shared/ipc/inspect-views.ts';
import type { RandomBytes } from './random-bytes.ts';

/** What the headers of a program or library say. */
export interface PeFacts {
  readonly architecture: ProgramArchitecture;
  readonly isLibrary: boolean;
  /** Has a CLR header. */
  readonly managed: boolean;
  readonly subsystem: string;
  readonly imports: readonly { readonly library: string; readonly delayed: boolean }[];
}

/** A file with a PE header, one whose header cannot be followed, or another file. */
export type PeReading =
  | { readonly kind: 'pe'; readonly facts: PeFacts }
  | { readonly kind: 'damaged'; readonly problem: string }
  | { readonly kind: 'none' };

/** A stretch of the file and where it stands in memory. */
export interface PeSection {
  readonly name: string;
  readonly address: number;
  readonly fileOffset: number;
  readonly size: number;
}

/** Thrown within this file only. */
class PeDamage extends Error {}

// Numbers, names and layouts: Microsoft, "PE Format".
const machines: Readonly<Record<number, ProgramArchitecture>> = {
  0x1_4c: 'x86',
  0x86_64: 'amd64',
  0x1_c0: 'arm',
  0x1_c4: 'arm',
  0xaa_64: 'arm64',
};
const subsystems: Readonly<Record<number, string>> = {
  1: 'native',
  2: 'window',
  3: 'console',
  9: 'Windows CE',
  10: 'EFI',
  11: 'EFI',
  12: 'EFI',
  13: 'EFI',
  16: 'boot',
};
const directories = { imports: 1, delayedImports: 13, clr: 14 } as const;
/** More than any linker makes; a hostile table ends here. */
const mostLibraries = 1024;
const longestName = 260;

/** Reads what a file imports. Never fails on what stands in the file. */
export async function readPe(bytes: RandomBytes): Promise<PeReading> {
  try {
    const headers = await readHeaders(bytes);
    return headers ? { kind: 'pe', facts: await factsOf(bytes, headers) } : { kind: 'none' };
  } catch (error) {
    if (error instanceof PeDamage) return { kind: 'damaged', problem: error.message };
    throw error;
  }
}

/** The sections of a PE file; none for other and for damaged files. */
export async function readPeSections(bytes: RandomBytes): Promise<readonly PeSection[]> {
  try {
    return (await readHeaders(bytes))?.sections ?? [];
  } catch (error) {
    if (error instanceof PeDamage) return [];
    throw error;
  }
}

interface PeHeaders {
  readonly machine: number;
  readonly characteristics: number;
  readonly isWide: boolean;
  readonly imageBase: bigint;
  readonly headersSize: number;
  readonly subsystem: number;
  /** Address and size of each data directory. */
  readonly directories: readonly (readonly [address: number, size: number])[];
  readonly sections: readonly PeSection[];
}

async function readHeaders(bytes: RandomBytes): Promise<PeHeaders | undefined> {
  const start = await bytes.read(0, 64);
  if (start[0] !== 0x4d || start[1] !== 0x5a) return undefined;
  if (start.length < 64) throw new PeDamage('the file ends within its first header');
  const peAt = viewOf(start).getUint32(0x3c, true);
  const signature = await bytes.read(peAt, 4);
  // A program for DOS or 16-bit Windows.
  if (Buffer.from(signature).toString('latin1') !== 'PE\0\0') return undefined;
  const coff = viewOf(await exactly(bytes, peAt + 4, 20, 'the file ends within its header'));
  const optionalAt = peAt + 24;
  const optionalSize = coff.getUint16(16, true);
  const optional = viewOf(
    await exactly(bytes, optionalAt, optionalSize, 'the file ends within its optional header'),
  );
  const isWide = magicOf(optional) === 0x2_0b;
  if (optionalSize < (isWide ? 112 : 96)) throw new PeDamage('its optional header is too short');
  return {
    machine: coff.getUint16(0, true),
    characteristics: coff.getUint16(18, true),
    isWide,
    imageBase: isWide ? optional.getBigUint64(24, true) : BigInt(optional.getUint32(28, true)),
    headersSize: optional.getUint32(60, true),
    subsystem: optional.getUint16(68, true),
    directories: readDirectories(optional, isWide),
    sections: await readSections(bytes, optionalAt + optionalSize, coff.getUint16(2, true)),
  };
}

function magicOf(optional: DataView): number {
  const magic = optional.byteLength < 2 ? 0 : optional.getUint16(0, true);
  if (magic === 0x1_0b || magic === 0x2_0b) return magic;
  throw new PeDamage(`its optional header has the unknown kind 0x${magic.toString(16)}`);
}

function readDirectories(optional: DataView, isWide: boolean): (readonly [number, number])[] {
  const start = isWide ? 112 : 96;
  const stated = optional.getUint32(start - 4, true);
  const count = Math.min(stated, 16, Math.floor((optional.byteLength - start) / 8));
  return Array.from({ length: count }, (_, index) => {
    const at = start + 8 * index;
    return [optional.getUint32(at, true), optional.getUint32(at + 4, true)] as const;
  });
}

async function readSections(bytes: RandomBytes, at: number, count: number): Promise<PeSection[]> {
  const table = await exactly(bytes, at, 40 * count, 'the file ends within its table of sections');
  const view = viewOf(table);
  return Array.from({ length: count }, (_, index) => {
    const start = 40 * index;
    return {
      name:
        Buffer.from(table.subarray(start, start + 8))
          .toString('latin1')
          .split('\0', 1)[0] ?? '',
      address: view.getUint32(start + 12, true),
      size: view.getUint32(start + 16, true),
      fileOffset: view.getUint32(start + 20, true),
    };
  });
}

async function factsOf(bytes: RandomBytes, headers: PeHeaders): Promise<PeFacts> {
  const clr = await readClrFlags(bytes, headers);
  const architecture = machines[headers.machine] ?? 'other';
  return {
    architecture: isAnyCpu(headers, clr) ? 'any-cpu' : architecture,
    isLibrary: (headers.characteristics & 0x20_00) !== 0,
    managed: clr !== undefined,
    subsystem: subsystems[headers.subsystem] ?? `${headers.subsystem}`,
    imports: [
      ...(await readImports(bytes, headers)),
      ...(await readDelayedImports(bytes, headers)),
    ],
  };
}

/** COMIMAGE_FLAGS of a managed file (ECMA-335, II.25.3.3.1). */
const clrFlags = { ilOnly: 0x1, requires32Bit: 0x2, prefers32Bit: 0x2_00_00 } as const;

function isAnyCpu(headers: PeHeaders, flags: number | undefined): boolean {
  if (flags === undefined || headers.isWide || machines[headers.machine] !== 'x86') return false;
  // With both bits it only prefers 32 bits.
  const requires = (flags & clrFlags.requires32Bit) !== 0 && (flags & clrFlags.prefers32Bit) === 0;
  return (flags & clrFlags.ilOnly) !== 0 && !requires;
}

async function readClrFlags(bytes: RandomBytes, headers: PeHeaders): Promise<number | undefined> {
  const [address = 0, size = 0] = headers.directories[directories.clr] ?? [];
  if (address === 0 || size === 0) return undefined;
  const header = await exactly(bytes, offsetOf(headers, address), 20, 'its CLR header is cut off');
  return viewOf(header).getUint32(16, true);
}

async function readImports(bytes: RandomBytes, headers: PeHeaders) {
  const [address = 0] = headers.directories[directories.imports] ?? [];
  return await readLibraries(bytes, headers, { address, size: 20, delayed: false }, entry =>
    entry.getUint32(12, true),
  );
}

async function readDelayedImports(bytes: RandomBytes, headers: PeHeaders) {
  const [address = 0] = headers.directories[directories.delayedImports] ?? [];
  return await readLibraries(bytes, headers, { address, size: 32, delayed: true }, entry => {
    const name = entry.getUint32(4, true);
    // Without the first bit, as old linkers wrote it, addresses are absolute.
    const isRelative = (entry.getUint32(0, true) & 1) !== 0 || name === 0;
    return isRelative ? name : Number(BigInt(name) - headers.imageBase);
  });
}

interface LibraryTable {
  readonly address: number;
  /** Of one entry, in bytes. */
  readonly size: number;
  readonly delayed: boolean;
}

async function readLibraries(
  bytes: RandomBytes,
  headers: PeHeaders,
  { address, size, delayed }: LibraryTable,
  nameAddressOf: (entry: DataView) => number,
): Promise<PeFacts['imports'][number][]> {
  const found = new Map<string, PeFacts['imports'][number]>();
  const end = address === 0 ? 0 : mostLibraries;
  for (let index = 0; index < end; index++) {
    const at = offsetOf(headers, address) + index * size;
    const nameAddress = nameAddressOf(
      viewOf(await exactly(bytes, at, size, 'its import table is cut off')),
    );
    if (nameAddress === 0) break;
    const library = await readName(bytes, offsetOf(headers, nameAddress));
    found.set(library.toUpperCase(), { library, delayed });
  }
  return [...found.values()];
}

async function readName(bytes: RandomBytes, at: number): Promise<string> {
  const text = Buffer.from(await bytes.read(at, longestName)).toString('latin1');
  const end = text.indexOf('\0');
  // eslint-disable-next-line no-control-regex -- names are printable ASCII
  if (end <= 0 || /[^\x20-\x7e]/.test(text.slice(0, end))) {
    throw new PeDamage('its import table names no library');
  }
  return text.slice(0, end);
}

/** Where an address of memory stands in the file. */
function offsetOf({ sections, headersSize }: PeHeaders, address: number): number {
  const section = sections.find(
    each => address >= each.address && address < each.address + each.size,
  );
  if (section) return section.fileOffset + address - section.address;
  if (address >= 0 && address < headersSize) return address;
  throw new PeDamage(`address 0x${address.toString(16)} is not in the file`);
}

async function exactly(
  bytes: RandomBytes,
  offset: number,
  length: number,
  problem: string,
): Promise<Uint8Array> {
  const read = await bytes.read(offset, length);
  if (read.length < length) throw new PeDamage(problem);
  return read;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
