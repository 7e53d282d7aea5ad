import type { ProgramArchitecture } from '../../../../shared/ipc/inspect-views.ts';
import {
  coffEnd,
  directories,
  dosHeaderSize,
  headersLength,
  isLibraryBit,
  parsePeHeaders,
  PeDamage,
  peStart,
  viewOf,
  type PeHeaders,
  type PeSection,
} from './pe-headers.ts';
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

async function readHeaders(bytes: RandomBytes): Promise<PeHeaders | undefined> {
  const peAt = peStart(await bytes.read(0, dosHeaderSize));
  const length = peAt === undefined ? undefined : headersLength(await bytes.read(peAt, coffEnd));
  if (peAt === undefined || length === undefined) return undefined;
  const headers = parsePeHeaders(await bytes.read(peAt, length));
  if (headers.sections.length === headers.statedSections) return headers;
  throw new PeDamage('the file ends within its table of sections');
}

async function factsOf(bytes: RandomBytes, headers: PeHeaders): Promise<PeFacts> {
  const clr = await readClrFlags(bytes, headers);
  const architecture = machines[headers.machine] ?? 'other';
  return {
    architecture: isAnyCpu(headers, clr) ? 'any-cpu' : architecture,
    isLibrary: (headers.characteristics & isLibraryBit) !== 0,
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
