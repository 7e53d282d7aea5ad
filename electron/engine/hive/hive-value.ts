/** Types of registry values (winnt.h, REG_*). */
export const valueTypes = {
  none: 0,
  sz: 1,
  expandSz: 2,
  binary: 3,
  dword: 4,
  dwordBigEndian: 5,
  link: 6,
  multiSz: 7,
  resourceList: 8,
  fullResourceDescriptor: 9,
  resourceRequirementsList: 10,
  qword: 11,
} as const;

const typeNames: readonly string[] = [
  'REG_NONE',
  'REG_SZ',
  'REG_EXPAND_SZ',
  'REG_BINARY',
  'REG_DWORD',
  'REG_DWORD_BIG_ENDIAN',
  'REG_LINK',
  'REG_MULTI_SZ',
  'REG_RESOURCE_LIST',
  'REG_FULL_RESOURCE_DESCRIPTOR',
  'REG_RESOURCE_REQUIREMENTS_LIST',
  'REG_QWORD',
];

/** A value of a key, as it stands in the hive. The name of a key's default value is empty. */
export interface HiveValue {
  readonly name: string;
  /** One of `valueTypes`, or another number: programs may use their own. */
  readonly type: number;
  readonly data: Uint8Array;
}

/** What the data of a value means. Data that does not have the form of its type is binary. */
export type ValueContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'number'; readonly number: bigint }
  | { readonly kind: 'binary'; readonly data: Uint8Array };

/** `REG_SZ` and so on, or the number in hexadecimal. */
export function valueTypeName(type: number): string {
  return typeNames[type] ?? `0x${type.toString(16)}`;
}

/** Reads the data of a value by its type. */
export function valueContent({ type, data }: HiveValue): ValueContent {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const binary: ValueContent = { kind: 'binary', data };
  switch (type) {
    case valueTypes.sz:
    case valueTypes.expandSz:
    case valueTypes.link:
      return data.length % 2 === 0 ? { kind: 'text', text: firstText(data) } : binary;
    case valueTypes.multiSz:
      return data.length % 2 === 0 ? { kind: 'texts', texts: allTexts(data) } : binary;
    case valueTypes.dword:
      return data.length === 4 ? number(view.getUint32(0, true)) : binary;
    case valueTypes.dwordBigEndian:
      return data.length === 4 ? number(view.getUint32(0)) : binary;
    case valueTypes.qword:
      return data.length === 8 ? number(view.getBigUint64(0, true)) : binary;
    default:
      return binary;
  }
}

function number(value: number | bigint): ValueContent {
  return { kind: 'number', number: BigInt(value) };
}

/** A text ends at its NUL, which may be missing. */
function firstText(data: Uint8Array): string {
  const text = decodeUtf16(data);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** A list of texts ends with an empty one. */
function allTexts(data: Uint8Array): string[] {
  const texts = decodeUtf16(data).split('\0');
  const end = texts.indexOf('');
  return end < 0 ? texts : texts.slice(0, end);
}

export function textValue(name: string, text: string): HiveValue {
  return { name, type: valueTypes.sz, data: encodeUtf16(`${text}\0`) };
}

/** A text in which Windows replaces `%NAME%` when it is read. */
export function expandableValue(name: string, text: string): HiveValue {
  return { name, type: valueTypes.expandSz, data: encodeUtf16(`${text}\0`) };
}

export function textsValue(name: string, texts: readonly string[]): HiveValue {
  const data = encodeUtf16(`${texts.map(text => `${text}\0`).join('')}\0`);
  return { name, type: valueTypes.multiSz, data };
}

/** `value` is an unsigned 32 bit number. */
export function dwordValue(name: string, value: number): HiveValue {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setUint32(0, value, true);
  return { name, type: valueTypes.dword, data };
}

/** `value` is an unsigned 64 bit number. */
export function qwordValue(name: string, value: bigint): HiveValue {
  const data = new Uint8Array(8);
  new DataView(data.buffer).setBigUint64(0, value, true);
  return { name, type: valueTypes.qword, data };
}

export function binaryValue(name: string, data: Uint8Array): HiveValue {
  return { name, type: valueTypes.binary, data };
}

/** UTF-16 in little endian, without a mark. Lone surrogates stay as they are. */
export function encodeUtf16(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le');
}

function decodeUtf16(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf16le');
}
