import { filler, noise, seedOf } from './seeded-bytes.ts';

/** What a PE file is to look like. Sizes in bytes. */
export interface PeFile {
  readonly architecture: 'amd64' | 'arm64';
  readonly isLibrary: boolean;
  /** Libraries by name, each with the function that is imported from it. */
  readonly imports: readonly (readonly [library: string, symbol: string])[];
  /** Makes files differ that are otherwise alike, such as two versions of one library. */
  readonly seed: string;
  /** Bytes behind the last section. */
  readonly overlaySize: number;
}

// The numbers are those of Microsoft's "PE Format".
const headerSize = 0x200;
const sectionAlignment = 0x1000;
const textAt = 0x1000;
const importsAt = 0x2000;
const importEntrySize = 20;
const peAt = 0x40;
const optionalAt = peAt + 24;
const optionalSize = 240;
const machines = { amd64: 0x86_64, arm64: 0xaa_64 };
const imageBase = 0x1_80_00_00_00n;

/** Writes a small PE32+ file that tools can read: one section of code, one with the import table. */
export function encodePeFile(file: PeFile): Uint8Array {
  const imports = encodeImports(file);
  const importsSize = roundUp(imports.length, headerSize);
  const text = noise(seedOf(file.seed), headerSize);
  const overlay = Buffer.concat([
    filler(Math.ceil(file.overlaySize / 2)),
    noise(seedOf(`${file.seed} overlay`), Math.floor(file.overlaySize / 2)),
  ]);
  const headers = encodeHeaders(file, importsSize);
  const padding = new Uint8Array(importsSize - imports.length);
  return Buffer.concat([headers, text, imports, padding, overlay]);
}

function encodeHeaders(file: PeFile, importsSize: number): Uint8Array {
  const bytes = Buffer.alloc(headerSize);
  bytes.write('MZ');
  bytes.writeUInt32LE(peAt, 0x3c);
  bytes.write('PE\0\0', peAt);
  const image = 0x00_02;
  const largeAddresses = 0x00_20;
  const library = 0x20_00;
  bytes.writeUInt16LE(machines[file.architecture], peAt + 4);
  bytes.writeUInt16LE(2, peAt + 6);
  bytes.writeUInt16LE(optionalSize, peAt + 20);
  bytes.writeUInt16LE(image | largeAddresses | (file.isLibrary ? library : 0), peAt + 22);
  writeOptionalHeader(bytes, file, importsSize);
  const sections = optionalAt + optionalSize;
  const [code, execute, data, read] = [0x20, 0x20_00_00_00, 0x40, 0x40_00_00_00];
  writeSection(bytes, sections, ['.text', textAt, headerSize, headerSize, code | execute | read]);
  writeSection(bytes, sections + 40, [
    '.idata',
    importsAt,
    importsSize,
    2 * headerSize,
    data | read,
  ]);
  return bytes;
}

function writeOptionalHeader(bytes: Buffer, file: PeFile, importsSize: number): void {
  const console = 3;
  bytes.writeUInt16LE(0x2_0b, optionalAt);
  bytes.writeUInt32LE(headerSize, optionalAt + 4);
  bytes.writeUInt32LE(importsSize, optionalAt + 8);
  bytes.writeUInt32LE(textAt, optionalAt + 16);
  bytes.writeUInt32LE(textAt, optionalAt + 20);
  bytes.writeBigUInt64LE(imageBase, optionalAt + 24);
  bytes.writeUInt32LE(sectionAlignment, optionalAt + 32);
  bytes.writeUInt32LE(headerSize, optionalAt + 36);
  bytes.writeUInt16LE(10, optionalAt + 40);
  bytes.writeUInt16LE(10, optionalAt + 48);
  bytes.writeUInt32LE(importsAt + roundUp(importsSize, sectionAlignment), optionalAt + 56);
  bytes.writeUInt32LE(headerSize, optionalAt + 60);
  bytes.writeUInt16LE(console, optionalAt + 68);
  for (const [index, size] of [0x10_00_00n, 0x10_00n, 0x10_00_00n, 0x10_00n].entries()) {
    bytes.writeBigUInt64LE(size, optionalAt + 72 + 8 * index);
  }
  bytes.writeUInt32LE(16, optionalAt + 108);
  const importDirectory = optionalAt + 112 + 8;
  bytes.writeUInt32LE(importsAt, importDirectory);
  bytes.writeUInt32LE((file.imports.length + 1) * importEntrySize, importDirectory + 4);
}

type Section = readonly [
  name: string,
  address: number,
  size: number,
  fileOffset: number,
  flags: number,
];

function writeSection(bytes: Buffer, at: number, section: Section): void {
  const [name, address, size, fileOffset, flags] = section;
  bytes.write(name, at, 'latin1');
  bytes.writeUInt32LE(size, at + 8);
  bytes.writeUInt32LE(address, at + 12);
  bytes.writeUInt32LE(size, at + 16);
  bytes.writeUInt32LE(fileOffset, at + 20);
  bytes.writeUInt32LE(flags >>> 0, at + 36);
}

/** The directory, then for each library its lookup table, address table, hint with symbol, and name. */
function encodeImports({ imports }: PeFile): Uint8Array {
  const directory = Buffer.alloc((imports.length + 1) * importEntrySize);
  const parts: Uint8Array[] = [directory];
  let at = directory.length;
  for (const [index, [library, symbol]] of imports.entries()) {
    const symbolEntry = Buffer.from(`\0\0${symbol}\0`, 'latin1');
    const tablesSize = 32;
    const symbolAt = importsAt + at + tablesSize;
    const tables = Buffer.alloc(tablesSize);
    tables.writeBigUInt64LE(BigInt(symbolAt), 0);
    tables.writeBigUInt64LE(BigInt(symbolAt), 16);
    const name = Buffer.from(`${library}\0`, 'latin1');
    const entry = index * importEntrySize;
    directory.writeUInt32LE(importsAt + at, entry);
    directory.writeUInt32LE(symbolAt + symbolEntry.length, entry + 12);
    directory.writeUInt32LE(importsAt + at + 16, entry + 16);
    const used = tablesSize + symbolEntry.length + name.length;
    const padding = Buffer.alloc(roundUp(used, 8) - used);
    parts.push(tables, symbolEntry, name, padding);
    at += used + padding.length;
  }
  return Buffer.concat(parts);
}

function roundUp(size: number, step: number): number {
  return Math.ceil(size / step) * step;
}
