import { posix } from 'node:path';
import { sddlToBinary } from '../../../shared/windows/security-descriptor.ts';
import { trustedInstaller } from '../../../shared/windows/sid.ts';
import { once, type Bytes } from '../content/bytes.ts';
import type { LayerEntry, Nanoseconds } from '../layer/entry.ts';

/** An entry of a layer with its content, which can be read once. */
export interface SampleEntry {
  readonly entry: LayerEntry;
  readonly content?: Bytes;
}

/** Win32 file attributes (winnt.h, FILE_ATTRIBUTE_*). */
export const attributes = {
  readOnly: 0x1,
  hidden: 0x2,
  system: 0x4,
  directory: 0x10,
  archive: 0x20,
  reparsePoint: 0x4_00,
  notIndexed: 0x20_00,
} as const;

const installer = `O:${trustedInstaller}G:${trustedInstaller}`;

/** Who owns and may change what. Windows' own files belong to TrustedInstaller, everybody reads them. */
export const securityDescriptors = {
  windowsFile: sddlToBinary(
    `${installer}D:PAI(A;;0x1200a9;;;SY)(A;;0x1200a9;;;BA)(A;;0x1200a9;;;BU)(A;;FA;;;${trustedInstaller})(A;;0x1200a9;;;AC)`,
  ),
  windowsDirectory: sddlToBinary(
    `${installer}D:PAI(A;CI;FA;;;${trustedInstaller})(A;OICIIO;GA;;;CO)(A;;0x1301bf;;;SY)(A;OICIIO;GA;;;SY)(A;;0x1301bf;;;BA)(A;OICIIO;GA;;;BA)(A;;0x1200a9;;;BU)(A;OICIIO;GXGR;;;BU)`,
  ),
  system: sddlToBinary('O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)'),
  junction: sddlToBinary('O:SYG:SYD:PAI(D;;CC;;;WD)(A;;0x1200a9;;;WD)(A;;FA;;;SY)(A;;FA;;;BA)'),
  shared: sddlToBinary('O:BAG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)'),
  user: sddlToBinary(
    'O:S-1-5-93-2-2G:S-1-5-93-2-2D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;S-1-5-93-2-2)',
  ),
} as const;
type SecurityName = keyof typeof securityDescriptors;

/** What an entry has besides its place and content. */
export interface Traits {
  /** Attributes beyond those that its kind has anyway. */
  readonly attributes?: number;
  readonly security?: SecurityName;
}

/** Collects the entries of a layer; directories that lead to a file come by themselves. */
export interface SampleTree {
  directory(path: string, traits?: Traits): void;
  file(path: string, content: Uint8Array, traits?: Traits): void;
  hardLink(path: string, target: string): void;
  /** `target` is a Windows path. A junction is a link of NTFS to a directory, as `mklink /J` makes it. */
  link(path: string, target: string, kind: 'junction' | 'directory' | 'file'): void;
  stream(path: string, streamName: string, content: Uint8Array): void;
  whiteout(path: string): void;
  /** In an order in which every entry stands after what it needs. */
  entries(): SampleEntry[];
}

type Collected = LayerEntry & { readonly bytes?: Uint8Array };

/** Starts a layer whose files were made at `time`. */
export function createSampleTree(time: Nanoseconds): SampleTree {
  const collected = new Map<string, Collected>();

  function common(path: string, security: SecurityName) {
    return {
      path,
      ...timesOf(time, collected.size),
      securityDescriptor: securityDescriptors[security],
    };
  }
  function directory(path: string, traits: Traits = {}): void {
    if (path === '.' || (collected.has(path) && traits.security === undefined)) return;
    directory(posix.dirname(path));
    const security = traits.security ?? 'windowsDirectory';
    const bits = attributes.directory | (traits.attributes ?? 0);
    collected.set(path, { kind: 'directory', ...common(path, security), attributes: bits });
  }
  function add(entry: Collected): void {
    directory(posix.dirname(entry.path));
    collected.set(
      entry.kind === 'stream' ? `${entry.path}:${entry.streamName}` : entry.path,
      entry,
    );
  }
  return {
    directory,
    file(path, bytes, { attributes: more = 0, security = 'windowsFile' } = {}) {
      const bits = attributes.archive | more;
      const size = bytes.length;
      add({ kind: 'file', ...common(path, security), attributes: bits, size, bytes });
    },
    hardLink(path, target) {
      const bits = collected.get(target)?.attributes ?? attributes.archive;
      add({ kind: 'hard-link', ...common(path, 'windowsFile'), attributes: bits, target });
    },
    link(path, target, kind) {
      const mountPoint = kind === 'junction';
      const hiding = mountPoint ? attributes.hidden | attributes.system | attributes.notIndexed : 0;
      const ofKind = kind === 'file' ? attributes.archive : attributes.directory;
      const bits = attributes.reparsePoint | hiding | ofKind;
      add({ kind: 'symlink', ...common(path, 'junction'), attributes: bits, target, mountPoint });
    },
    stream(path, streamName, bytes) {
      const size = bytes.length;
      add({ kind: 'stream', path, ...timesOf(time, 0), attributes: 0, streamName, size, bytes });
    },
    whiteout: path => {
      collected.set(path, { kind: 'whiteout', path, modified: time, attributes: 0 });
    },
    entries: () => [...collected.values()].sort(inTarOrder).map(asSample),
  };
}

/** Windows counts in steps of 100 ns; entries differ a little, as files do that were unpacked one by one. */
function timesOf(time: Nanoseconds, index: number) {
  const modified = time + BigInt(index) * 1_234_567_800n;
  const later = modified + 5_000_000_100n;
  return { modified, created: modified, accessed: later, changed: later };
}

const ranks = { whiteout: 0, directory: 1, file: 1, stream: 1, symlink: 1, 'hard-link': 2 };

/** What is gone first, as Windows has it; hard links last, as their targets must stand before them. */
function inTarOrder(one: Collected, other: Collected): number {
  const byRank = ranks[one.kind] - ranks[other.kind];
  if (byRank !== 0) return byRank;
  const [mine, theirs] = [sortKey(one), sortKey(other)];
  return mine < theirs ? -1 : Number(mine > theirs);
}

/** Lets a directory stand before what is in it, and a stream right after its file. */
function sortKey(entry: Collected): string {
  const path = entry.path.replaceAll('/', '\0').toUpperCase();
  return entry.kind === 'stream' ? `${path}\0\0${entry.streamName}` : path;
}

function asSample({ bytes, ...entry }: Collected): SampleEntry {
  return bytes === undefined ? { entry } : { entry, content: once(bytes) };
}

// eslint-disable-next-line typescript/require-await -- a stream of one chunk
