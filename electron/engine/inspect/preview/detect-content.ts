import type { DetectedContent } from '../../../../shared/ipc/layer-views.ts';
import { describePe } from '../pe/pe-words.ts';

/** Bytes from the start of a file that `detectContent` looks at. */
export const detectionLength = 16 * 1024;

type Signature = readonly [start: readonly number[], found: DetectedContent];

const latin1 = (text: string): number[] => [...Buffer.from(text, 'latin1')];
const image = (mediaType: string): DetectedContent => ({ kind: 'image', mediaType });
const archive = (format: string): DetectedContent => ({ kind: 'archive', format });

const signatures: readonly Signature[] = [
  [latin1('\u0089PNG\r\n\u001a\n'), image('image/png')],
  [[0xff, 0xd8, 0xff], image('image/jpeg')],
  [latin1('GIF87a'), image('image/gif')],
  [latin1('GIF89a'), image('image/gif')],
  [[0, 0, 1, 0], image('image/x-icon')],
  [latin1('regf'), { kind: 'hive' }],
  [latin1('PK\u0003\u0004'), archive('zip')],
  [latin1('MSCF'), archive('cab')],
  [[0x1f, 0x8b], archive('gzip')],
  [[0x28, 0xb5, 0x2f, 0xfd], archive('zstd')],
  [latin1("7z\u00bc\u00af'\u001c"), archive('7z')],
  [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], archive('msi or other compound file')],
  [latin1('MSWIM\0\0\0'), archive('wim')],
];

/** What the first `detectionLength` bytes of a file (fewer where it is shorter) say that it is. Names play no part. */
export function detectContent(start: Uint8Array): DetectedContent {
  if (start.byteLength === 0) return { kind: 'empty' };
  const pe = describePe(start);
  if (pe) return pe;
  const known = signatures.find(([bytes]) => startsWith(start, bytes));
  if (known) return known[1];
  if (isBitmap(start)) return image('image/bmp');
  if (isWebp(start)) return image('image/webp');
  return textOf(start) ?? { kind: 'binary' };
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return bytes.byteLength >= start.length && start.every((byte, at) => bytes[at] === byte);
}

// "BM" alone begins many a text; the four bytes after the size are reserved and zero.
function isBitmap(bytes: Uint8Array): boolean {
  return startsWith(bytes, latin1('BM')) && bytes.byteLength > 14 && isZero(bytes.subarray(6, 10));
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every(byte => byte === 0);
}

function isWebp(bytes: Uint8Array): boolean {
  return startsWith(bytes, latin1('RIFF')) && startsWith(bytes.subarray(8), latin1('WEBP'));
}

/** Windows writes much of its text as UTF-16, with a byte order mark or without. */
function textOf(bytes: Uint8Array): DetectedContent | undefined {
  if (startsWith(bytes, [0xff, 0xfe])) return { kind: 'text', encoding: 'utf-16le' };
  if (startsWith(bytes, [0xfe, 0xff])) return { kind: 'text', encoding: 'utf-16be' };
  if (isText(bytes, 'utf-8')) return { kind: 'text', encoding: 'utf-8' };
  const even = bytes.subarray(0, bytes.byteLength & ~1);
  const looksWide =
    even.byteLength >= 4 &&
    even.filter((byte, at) => at % 2 === 1 && byte === 0).length > even.byteLength / 3;
  return looksWide && isText(even, 'utf-16le') ? { kind: 'text', encoding: 'utf-16le' } : undefined;
}

function isText(bytes: Uint8Array, encoding: 'utf-8' | 'utf-16le'): boolean {
  try {
    // `stream` forgives a character that the end cuts off.
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    // eslint-disable-next-line no-control-regex -- control characters that no text has; ESC colours logs
    return !/[\0-\u0008\u000e-\u001a\u001c-\u001f]/.test(text);
  } catch {
    return false;
  }
}
