import { isAscii } from './decode-text.ts';

/** Records of a PAX extended header. Values are text: paths, decimal numbers, base64. */
export type PaxRecords = ReadonlyMap<string, string>;

const newline = 0x0a;
const zero = 0x30;

/** Encodes records as `<length> <key>=<value>\n`, sorted by key so that equal records give equal bytes. */
export function encodePaxRecords(records: PaxRecords): Buffer {
  const keys = [...records.keys()].sort(byCodeUnit);
  return Buffer.from(keys.map(key => paxRecord(key, records.get(key) ?? '')).join(''), 'utf8');
}

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

// The length counts its own digits, so a longer number can make the record longer once more.
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const restLength = Buffer.byteLength(rest);
  let length = restLength + String(restLength).length;
  if (restLength + String(length).length > length) length += 1;
  return `${length}${rest}`;
}

/** Decodes the body of a PAX header, or gives undefined if a record is malformed. The last of equal keys wins. */
export function parsePaxRecords(body: Buffer): Map<string, string> | undefined {
  const encoding = isAscii(body, 0, body.byteLength) ? 'latin1' : 'utf8';
  // Lengths count bytes, and in this form a character is a byte.
  const bytes = body.toString('latin1');
  const records = new Map<string, string>();
  for (let start = 0; start < bytes.length;) {
    const keyStart = bytes.indexOf(' ', start) + 1;
    const end = recordEnd(bytes, start, keyStart);
    const equals = bytes.indexOf('=', keyStart);
    if (end === undefined || equals < keyStart + 1 || equals >= end) return undefined;
    // Not cut out of `bytes`: a value that is kept would keep the whole body.
    records.set(
      encoding === 'latin1'
        ? bytes.slice(keyStart, equals)
        : body.toString('utf8', keyStart, equals),
      body.toString(encoding, equals + 1, end - 1),
    );
    start = end;
  }
  return records;
}

/** Most digits of a length: a header of this size is refused before it is read. */
const maxDigits = 8;

function recordEnd(bytes: string, start: number, keyStart: number): number | undefined {
  if (keyStart < start + 2 || keyStart > start + 1 + maxDigits) return undefined;
  let length = 0;
  for (let at = start; at < keyStart - 1; at++) {
    const digit = bytes.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return undefined;
    length = length * 10 + digit;
  }
  const end = start + length;
  const isRecord = bytes.charCodeAt(start) !== zero && end > keyStart && end <= bytes.length;
  return isRecord && bytes.charCodeAt(end - 1) === newline ? end : undefined;
}
