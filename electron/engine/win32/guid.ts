const pattern = /^\{?([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\}?$/i;

/** The 16 bytes of a GUID structure (guiddef.h): its first three fields are little endian, the rest is as written. */
export function guidBytes(guid: string): Uint8Array {
  const fields = pattern.exec(guid);
  if (!fields) throw new TypeError(`not a GUID: ${JSON.stringify(guid)}`);
  const [, data1 = '', data2 = '', data3 = '', ...rest] = fields;
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Number.parseInt(data1, 16), true);
  view.setUint16(4, Number.parseInt(data2, 16), true);
  view.setUint16(6, Number.parseInt(data3, 16), true);
  bytes.set(Buffer.from(rest.join(''), 'hex'), 8);
  return bytes;
}

/** The bare GUID in lower case, as the documents of HCS have it. */
export function guidText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  const tail = Buffer.from(bytes.subarray(8, 16)).toString('hex');
  const head = [
    hex(view.getUint32(0, true), 8),
    hex(view.getUint16(4, true), 4),
    hex(view.getUint16(6, true), 4),
  ];
  return [...head, tail.slice(0, 4), tail.slice(4)].join('-');
}
