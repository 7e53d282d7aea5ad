/** A stretch of the file and where it stands in memory. */
export interface PeSection {
  readonly name: string;
  readonly address: number;
  readonly fileOffset: number;
  readonly size: number;
}

/** The headers of a program or library, as numbers (Microsoft, "PE Format"). */
export interface PeHeaders {
  readonly machine: number;
  readonly characteristics: number;
  /** Seconds since 1970; of reproducible builds it is a hash and no time. */
  readonly linked: number;
  /** PE32+, for 64 bits. */
  readonly isWide: boolean;
  readonly imageBase: bigint;
  readonly headersSize: number;
  readonly subsystem: number;
  /** Address and size of each data directory. */
  readonly directories: readonly (readonly [address: number, size: number])[];
  /** Those that are in the bytes; `statedSections` tells how many there should be. */
  readonly sections: readonly PeSection[];
  readonly statedSections: number;
}

/** A header that cannot be followed. */
export class PeDamage extends Error {}

/** Positions in `directories`. */
export const directories = { imports: 1, delayedImports: 13, clr: 14 } as const;
/** Bit of `characteristics` (IMAGE_FILE_DLL). */
export const isLibraryBit = 0x20_00;
/** Bytes of the DOS header, which tells where the others are. */
export const dosHeaderSize = 64;
/** Bytes of signature and COFF header. */
export const coffEnd = 24;
const sectionSize = 40;

/** Where the headers start, from the first bytes of a file; undefined for other files. Throws PeDamage. */
export function peStart(first: Uint8Array): number | undefined {
  if (first[0] !== 0x4d || first[1] !== 0x5a) return undefined;
  if (first.length < dosHeaderSize) throw new PeDamage('the file ends within its first header');
  return viewOf(first).getUint32(0x3c, true);
}

/** Bytes from the signature to the end of the section table; undefined for a program of DOS or 16-bit Windows. */
export function headersLength(coff: Uint8Array): number | undefined {
  if (Buffer.from(coff.subarray(0, 4)).toString('latin1') !== 'PE\0\0') return undefined;
  if (coff.length < coffEnd) throw new PeDamage('the file ends within its header');
  const view = viewOf(coff);
  return coffEnd + view.getUint16(20, true) + sectionSize * view.getUint16(6, true);
}

/** Reads the headers from the signature on. Throws PeDamage where they are cut off or make no sense. */
export function parsePeHeaders(bytes: Uint8Array): PeHeaders {
  const view = viewOf(bytes);
  const optionalSize = view.getUint16(20, true);
  if (bytes.length < coffEnd + optionalSize)
    throw new PeDamage('the file ends within its optional header');
  const optional = viewOf(bytes.subarray(coffEnd, coffEnd + optionalSize));
  const isWide = magicOf(optional) === 0x2_0b;
  if (optionalSize < (isWide ? 112 : 96)) throw new PeDamage('its optional header is too short');
  const statedSections = view.getUint16(6, true);
  return {
    machine: view.getUint16(4, true),
    characteristics: view.getUint16(22, true),
    linked: view.getUint32(8, true),
    isWide,
    imageBase: isWide ? optional.getBigUint64(24, true) : BigInt(optional.getUint32(28, true)),
    headersSize: optional.getUint32(60, true),
    subsystem: optional.getUint16(68, true),
    directories: readDirectories(optional, isWide),
    sections: readSections(bytes.subarray(coffEnd + optionalSize), statedSections),
    statedSections,
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

function readSections(table: Uint8Array, stated: number): PeSection[] {
  const view = viewOf(table);
  const count = Math.min(stated, Math.floor(table.length / sectionSize));
  return Array.from({ length: count }, (_, index) => {
    const start = sectionSize * index;
    return {
      name: nameOf(table.subarray(start, start + 8)),
      address: view.getUint32(start + 12, true),
      size: view.getUint32(start + 16, true),
      fileOffset: view.getUint32(start + 20, true),
    };
  });
}

// Eight bytes, zero-padded; whatever else stands in them is shown as Latin-1.
function nameOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').split('\0', 1)[0] ?? '';
}

/** The bytes as numbers. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
