import { sddlToBinary } from '../../../shared/windows/security-descriptor.ts';
import type { LayerEntry, Nanoseconds } from './entry.ts';
import { whiteoutPrefix } from './entry-header.ts';
import type { LayerFault } from './layer-fault.ts';
import { memberPath, pathProblem } from './member-path.ts';
import type { PaxRecords } from './pax-records.ts';
import { parsePaxTime } from './pax-time.ts';
import type { TarMember } from './tar-reader.ts';

const second = 1_000_000_000n;
const directoryAttribute = 0x10;
const xattrPrefix = 'MSWINDOWS.xattr.';
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** More distinct descriptors than any layer has; beyond it they are simply not shared. */
const internLimit = 10_000;

/** Turns tar members into layer entries. Equal security descriptors share their memory. */
export function createEntryParser(fault: LayerFault): (member: TarMember) => LayerEntry {
  const descriptors = new Map<string, Uint8Array>();
  return member => {
    const refuse = (problem: string) => fault(problem, member.offset, member.path);
    const checked = checkedPath(member, refuse);
    const descriptor = member.pax.get('MSWINDOWS.rawsd') ?? member.pax.get('MSWINDOWS.sd');
    let securityDescriptor = descriptor === undefined ? undefined : descriptors.get(descriptor);
    if (descriptor !== undefined && securityDescriptor === undefined) {
      securityDescriptor = decodeDescriptor(member.pax, refuse);
      if (descriptors.size < internLimit) descriptors.set(descriptor, securityDescriptor);
    }
    return entryOf(member, checked, securityDescriptor, refuse);
  };
}

type Refuse = (problem: string) => Error;
type CheckedPath = { readonly path: string; readonly streamName?: string };

function checkedPath({ path, pax }: TarMember, refuse: Refuse): CheckedPath {
  for (const key of pax.keys()) {
    if (key.startsWith('GNU.sparse.')) throw refuse('sparse entries of GNU tar are not supported');
  }
  const checked = memberPath(path);
  if (checked.kind === 'refused') throw refuse(checked.problem);
  return checked;
}

function entryOf(
  member: TarMember,
  { path, streamName }: CheckedPath,
  securityDescriptor: Uint8Array | undefined,
  refuse: Refuse,
): LayerEntry {
  const isDirectory =
    member.typeFlag === '5' || (member.typeFlag === '0' && member.path.endsWith('/'));
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.startsWith(whiteoutPrefix) && !isDirectory) return whiteout(path, name, refuse);
  const common = {
    path,
    ...metadata(member, isDirectory, refuse),
    ...(securityDescriptor && { securityDescriptor }),
  };
  if (isDirectory && streamName === undefined) return { ...common, kind: 'directory' };
  switch (member.typeFlag) {
    case '0':
    case '7':
      return streamName === undefined
        ? { ...common, kind: 'file', size: member.size }
        : { ...common, kind: 'stream', streamName, size: member.size };
    case '1':
      return { ...common, kind: 'hard-link', target: hardLinkTarget(member.linkPath, refuse) };
    case '2':
      return {
        ...common,
        kind: 'symlink',
        target: symlinkTarget(member.linkPath, refuse),
        mountPoint: member.pax.has('MSWINDOWS.mountpoint'),
      };
    case 'S':
      throw refuse('sparse entries of GNU tar are not supported');
    default:
      throw refuse(
        `it is neither file, directory nor link (type ${JSON.stringify(member.typeFlag)})`,
      );
  }
}

function whiteout(path: string, name: string, refuse: Refuse): LayerEntry {
  const removed = name.slice(whiteoutPrefix.length);
  const parent = path.slice(0, path.length - name.length);
  const problem = pathProblem(parent + removed);
  if (removed === '' || problem !== undefined)
    throw refuse('it deletes a file without a valid name');
  return { kind: 'whiteout', path: parent + removed, attributes: 0, modified: 0n };
}

function hardLinkTarget(linkPath: string, refuse: Refuse): string {
  const target = memberPath(linkPath);
  if (target.kind === 'plain') return target.path;
  const problem = target.kind === 'stream' ? 'its path has a ":"' : target.problem;
  throw refuse(`its hard link target ${JSON.stringify(linkPath)} is refused: ${problem}`);
}

function symlinkTarget(linkPath: string, refuse: Refuse): string {
  if (linkPath === '' || linkPath.includes('\0')) throw refuse('its link target is malformed');
  return linkPath;
}

function metadata({ pax, modified }: TarMember, isDirectory: boolean, refuse: Refuse) {
  const accessed = time(pax, 'atime', refuse);
  const changed = time(pax, 'ctime', refuse);
  const created = time(pax, 'LIBARCHIVE.creationtime', refuse);
  const extendedAttributes = xattrs(pax, refuse);
  return {
    attributes: attributes(pax, refuse) ?? (isDirectory ? directoryAttribute : 0),
    modified: time(pax, 'mtime', refuse) ?? BigInt(modified) * second,
    ...(accessed !== undefined && { accessed }),
    ...(changed !== undefined && { changed }),
    ...(created !== undefined && { created }),
    ...(extendedAttributes && { extendedAttributes }),
  };
}

function attributes(pax: PaxRecords, refuse: Refuse): number | undefined {
  const text = pax.get('MSWINDOWS.fileattr');
  if (text === undefined) return undefined;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= 0xffff_ffff)) throw refuse('its MSWINDOWS.fileattr is malformed');
  return value;
}

function time(pax: PaxRecords, key: string, refuse: Refuse): Nanoseconds | undefined {
  const text = pax.get(key);
  if (text === undefined) return undefined;
  const value = parsePaxTime(text);
  // What does not fit 64 bits of nanoseconds (before 1677, after 2262) is no time of a file.
  if (value === undefined || BigInt.asIntN(64, value) !== value)
    throw refuse(`its ${key} is malformed`);
  return value;
}

function xattrs(pax: PaxRecords, refuse: Refuse): Map<string, Uint8Array> | undefined {
  let found: Map<string, Uint8Array> | undefined;
  for (const [key, value] of pax) {
    if (!key.startsWith(xattrPrefix)) continue;
    found ??= new Map();
    found.set(key.slice(xattrPrefix.length), decodeBase64(value, key, refuse));
  }
  return found;
}

function decodeDescriptor(pax: PaxRecords, refuse: Refuse): Uint8Array {
  const raw = pax.get('MSWINDOWS.rawsd');
  if (raw !== undefined) return decodeBase64(raw, 'MSWINDOWS.rawsd', refuse);
  try {
    return sddlToBinary(pax.get('MSWINDOWS.sd') ?? '');
  } catch {
    throw refuse('its MSWINDOWS.sd is malformed');
  }
}

function decodeBase64(text: string, key: string, refuse: Refuse): Uint8Array {
  if (!base64.test(text)) throw refuse(`its ${key} is malformed`);
  return Buffer.from(text, 'base64');
}
