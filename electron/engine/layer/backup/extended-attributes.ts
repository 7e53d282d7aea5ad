const entryHeader = 8;
const maxNameLength = 0xff;
const maxValueLength = 0xffff;

/** The extended attributes of a file by name; values are raw bytes. */
export type ExtendedAttributes = ReadonlyMap<string, Uint8Array>;

/** Why these attributes have no form on a Windows disk, or undefined. */
export function attributesProblem(attributes: ExtendedAttributes): string | undefined {
  for (const [name, value] of attributes) {
    const length = Buffer.byteLength(name);
    if (length === 0 || length > maxNameLength) {
      return `an extended attribute has a name of ${length} bytes`;
    }
    if (value.byteLength > maxValueLength) {
      return `the extended attribute ${name} has ${value.byteLength} bytes`;
    }
  }
  return undefined;
}

/**
 * A list of FILE_FULL_EA_INFORMATION (MS-FSCC 2.4.16), each padded to four bytes, the last one too, as go-winio writes
 * it. Attributes that `attributesProblem` refuses are a bug of the caller.
 */
export function encodeExtendedAttributes(attributes: ExtendedAttributes): Buffer {
  const parts = [...attributes].map(([text, value], index) => {
    const name = Buffer.from(text);
    const size = entryHeader + name.byteLength + 1 + value.byteLength;
    const padded = (size + 3) & ~3;
    const bytes = Buffer.alloc(padded);
    bytes.writeUInt32LE(index === attributes.size - 1 ? 0 : padded, 0);
    bytes.writeUInt8(name.byteLength, 5);
    bytes.writeUInt16LE(value.byteLength, 6);
    name.copy(bytes, entryHeader);
    bytes.set(value, entryHeader + name.byteLength + 1);
    return bytes;
  });
  return Buffer.concat(parts);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads such a list; undefined where it is damaged. Flags are lost: a layer has no place for them. */
export function decodeExtendedAttributes(bytes: Buffer): Map<string, Uint8Array> | undefined {
  const attributes = new Map<string, Uint8Array>();
  for (let at = 0; at < bytes.byteLength;) {
    if (bytes.byteLength - at < entryHeader) return undefined;
    const next = bytes.readUInt32LE(at);
    const nameEnd = at + entryHeader + bytes.readUInt8(at + 5);
    const valueEnd = nameEnd + 1 + bytes.readUInt16LE(at + 6);
    const isBeyond = valueEnd > bytes.byteLength || (next !== 0 && at + next < valueEnd);
    const name = isBeyond ? undefined : decodeName(bytes.subarray(at + entryHeader, nameEnd));
    if (name === undefined) return undefined;
    attributes.set(name, Buffer.from(bytes.subarray(nameEnd + 1, valueEnd)));
    if (next === 0) break;
    at += next;
  }
  return attributes;
}

function decodeName(bytes: Uint8Array): string | undefined {
  try {
    const name = utf8.decode(bytes);
    return name === '' ? undefined : name;
  } catch {
    return undefined;
  }
}
