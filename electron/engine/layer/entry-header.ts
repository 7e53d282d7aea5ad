import { posix } from 'node:path';
import type { LayerEntry, Nanoseconds } from './entry.ts';
import { formatPaxTime } from './pax-time.ts';
import { encodeTarHeader, type TarHeader, type TarType } from './tar-header.ts';

/** Marks a whiteout: `.wh.NAME` beside where NAME was (image-spec layer.md; hcsshim ociwclayer). */
export const whiteoutPrefix = '.wh.';

// File type bits in the mode, as go-winio's backuptar and BuildKit write them. The permission bits mean
// nothing to Windows; a hard link has 0644 and no type (hcsshim ociwclayer/export.go).
const directoryMode = 0o040000;
const regularMode = 0o100000;
const symlinkMode = 0o120000;
const hardLinkMode = 0o644;

const directoryAttribute = 0x10;

/** Encodes the tar header (with its PAX header) of an entry. Content and padding follow it. */
export function encodeEntryHeader(entry: LayerEntry): Buffer {
  const path = tarPath(entry);
  switch (entry.kind) {
    case 'whiteout':
      return encodeTarHeader({
        path,
        type: 'file',
        mode: 0,
        size: 0,
        modified: 0n,
        pax: new Map(),
      });
    case 'stream':
      return encodeTarHeader({
        ...common(entry, 'file', regularMode),
        path,
        size: entry.size,
        pax: times(entry),
      });
    case 'file':
      return encodeTarHeader({ ...common(entry, 'file', regularMode), size: entry.size });
    case 'directory':
      return encodeTarHeader(common(entry, 'directory', directoryMode));
    case 'hard-link':
      return encodeTarHeader({
        ...common(entry, 'hard-link', hardLinkMode),
        linkPath: entry.target,
      });
    case 'symlink':
      return encodeTarHeader(symlinkHeader(entry));
  }
}

/** The name an entry has in the tar: `path`, `path:stream` or `.wh.NAME`. */
export function tarPath(entry: LayerEntry): string {
  if (entry.kind === 'stream') return `${entry.path}:${entry.streamName}`;
  if (entry.kind !== 'whiteout') return entry.path;
  return posix.join(posix.dirname(entry.path), whiteoutPrefix + posix.basename(entry.path));
}

// A link to a directory has both type bits, as backuptar sets one after the other.
function symlinkHeader(entry: Extract<LayerEntry, { kind: 'symlink' }>): TarHeader {
  const mode =
    (entry.attributes & directoryAttribute) === 0 ? symlinkMode : symlinkMode | directoryMode;
  const header = common(entry, 'symlink', mode);
  const pax = entry.mountPoint
    ? new Map([...header.pax, ['MSWINDOWS.mountpoint', '1']])
    : header.pax;
  return { ...header, linkPath: entry.target, pax };
}

function common(entry: LayerEntry, type: TarType, mode: number): TarHeader {
  return { path: entry.path, type, mode, size: 0, modified: entry.modified, pax: paxOf(entry) };
}

function paxOf(entry: LayerEntry): Map<string, string> {
  const pax = times(entry);
  pax.set('MSWINDOWS.fileattr', String(entry.attributes >>> 0));
  putTime(pax, 'LIBARCHIVE.creationtime', entry.created);
  if (entry.securityDescriptor) pax.set('MSWINDOWS.rawsd', base64(entry.securityDescriptor));
  for (const [name, value] of entry.extendedAttributes ?? []) {
    pax.set(`MSWINDOWS.xattr.${name}`, base64(value));
  }
  return pax;
}

// An alternate data stream carries these and nothing else (backuptar, WriteTarFileFromBackupStream).
function times(entry: LayerEntry): Map<string, string> {
  const pax = new Map<string, string>();
  putTime(pax, 'atime', entry.accessed);
  putTime(pax, 'ctime', entry.changed);
  return pax;
}

function putTime(pax: Map<string, string>, key: string, time: Nanoseconds | undefined): void {
  if (time !== undefined) pax.set(key, formatPaxTime(time));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
