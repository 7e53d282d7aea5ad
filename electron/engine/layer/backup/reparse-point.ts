/** What a symbolic link or junction holds. */
export interface ReparseTarget {
  /** As a person writes it: `C:\folder`, `..\other`, `\\?\Volume{...}\`. */
  readonly target: string;
  /** A junction or a mounted volume. */
  readonly mountPoint: boolean;
}

/** Reparse data that was understood, or the tag of one that layers have no form for; undefined where it is damaged. */
export type DecodedReparse =
  | ({ readonly kind: 'link' } & ReparseTarget)
  | { readonly kind: 'other'; readonly tag: number }
  | undefined;

const mountPointTag = 0xa000_0003;
const symlinkTag = 0xa000_000c;
/** Tag, length and a reserved field; the length counts what follows (REPARSE_DATA_BUFFER, MS-FSCC 2.1.2). */
const headSize = 8;
/** Offsets and lengths of the two names. */
const namesSize = 8;
const flagsSize = 4;
const relativeFlag = 1;
/** MAXIMUM_REPARSE_DATA_BUFFER_SIZE. */
export const maxReparseSize = 16 * 1024;

/**
 * The REPARSE_DATA_BUFFER of a link as go-winio writes it: first the name for the kernel, then that for people, each
 * with a NUL behind it that is not counted. Undefined where the target is too long for one.
 */
export function encodeReparsePoint({ target, mountPoint }: ReparseTarget): Buffer | undefined {
  const { ntPath, isRelative } = ntPathOf(target);
  const substitute = Buffer.from(`${ntPath}\0`, 'utf16le');
  const print = Buffer.from(`${target}\0`, 'utf16le');
  const namesAt = headSize + namesSize + (mountPoint ? 0 : flagsSize);
  const size = namesAt + substitute.byteLength + print.byteLength;
  if (size > maxReparseSize) return undefined;
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32LE(mountPoint ? mountPointTag : symlinkTag, 0);
  bytes.writeUInt16LE(size - headSize, 4);
  bytes.writeUInt16LE(0, 8);
  bytes.writeUInt16LE(substitute.byteLength - 2, 10);
  bytes.writeUInt16LE(substitute.byteLength, 12);
  bytes.writeUInt16LE(print.byteLength - 2, 14);
  if (!mountPoint) bytes.writeUInt32LE(isRelative ? relativeFlag : 0, 16);
  substitute.copy(bytes, namesAt);
  print.copy(bytes, namesAt + substitute.byteLength);
  return bytes;
}

/** The path that the object manager follows. A path without a drive or server is taken from the link itself. */
function ntPathOf(target: string): { readonly ntPath: string; readonly isRelative: boolean } {
  if (target.startsWith('\\\\?\\')) return absolute(`\\??\\${target.slice(4)}`);
  if (target.startsWith('\\\\')) return absolute(`\\??\\UNC\\${target.slice(2)}`);
  if (/^[A-Za-z]:/.test(target)) return absolute(`\\??\\${target}`);
  return { ntPath: target, isRelative: true };
}

function absolute(ntPath: string) {
  return { ntPath, isRelative: false };
}

/**
 * Reads a REPARSE_DATA_BUFFER. The target is the name for people, as in go-winio; where that is empty, as PowerShell
 * leaves it in junctions, it is the one for the kernel in the form that people write.
 */
export function decodeReparsePoint(bytes: Buffer): DecodedReparse {
  if (bytes.byteLength < headSize) return undefined;
  const tag = bytes.readUInt32LE(0);
  if (tag !== mountPointTag && tag !== symlinkTag) return { kind: 'other', tag };
  const mountPoint = tag === mountPointTag;
  const namesAt = headSize + namesSize + (mountPoint ? 0 : flagsSize);
  if (bytes.byteLength < namesAt) return undefined;
  const nameAt = (field: number): string | undefined => {
    const start = namesAt + bytes.readUInt16LE(field);
    const end = start + bytes.readUInt16LE(field + 2);
    return end > bytes.byteLength ? undefined : bytes.toString('utf16le', start, end);
  };
  const print = nameAt(headSize + 4);
  const substitute = nameAt(headSize);
  if (print === undefined || substitute === undefined) return undefined;
  const target = print === '' ? withoutNtPrefix(substitute) : print;
  return target === '' ? undefined : { kind: 'link', target, mountPoint };
}

function withoutNtPrefix(ntPath: string): string {
  if (!ntPath.startsWith('\\??\\')) return ntPath;
  const rest = ntPath.slice(4);
  if (/^[A-Za-z]:/.test(rest)) return rest;
  return /^UNC\\/i.test(rest) ? `\\\\${rest.slice(4)}` : `\\\\?\\${rest}`;
}
