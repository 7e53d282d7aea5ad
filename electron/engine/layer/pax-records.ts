/** Records of a PAX extended header. Values are text: paths, decimal numbers, base64. */
export type PaxRecords = ReadonlyMap<string, string>;

const newline = 0x0a;
const space = 0x20;

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
  const records = new Map<string, string>();
  let start = 0;
  while (start < body.length) {
    const end = recordEnd(body, start);
    const keyStart = body.indexOf(space, start) + 1;
    const equals = body.indexOf('=', keyStart);
    if (end === undefined || equals < keyStart + 1 || equals >= end) return undefined;
    records.set(
      body.toString('utf8', keyStart, equals),
      body.toString('utf8', equals + 1, end - 1),
    );
    start = end;
  }
  return records;
}

function recordEnd(body: Buffer, start: number): number | undefined {
  const digitsEnd = body.indexOf(space, start);
  const digits = body.toString('latin1', start, Math.min(Math.max(digitsEnd, start), start + 8));
  if (!/^[1-9]\d*$/.test(digits) || digitsEnd !== start + digits.length) return undefined;
  const end = start + Number(digits);
  return end <= body.length && end > digitsEnd + 1 && body[end - 1] === newline ? end : undefined;
}
