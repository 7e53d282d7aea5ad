import {
  directorySecurityDescriptor,
  fileSecurityDescriptor,
} from '../../../../shared/windows/security-descriptor.ts';
import type { LayerEntry, Nanoseconds } from '../../layer/entry.ts';
import type { FileNode, LinkNode, SourceNode } from '../sources/source-tree.ts';
import type { Change } from './change-set.ts';
import { volumeFolder } from './image-files.ts';

/** An entry of the layer, and where the content of a file comes from. */
export interface ContentEntry {
  readonly entry: LayerEntry;
  readonly content?: FileNode;
}

/** Which times the entries get. */
export interface TimePolicy {
  /** The image's time, for everything that has no other. */
  readonly time: Nanoseconds;
  /** Keep a file's own time, but none that is later than `latest`. */
  readonly keep?: { readonly latest?: Nanoseconds };
}

// Win32 file attributes.
const directory = 0x10;
const archive = 0x20;
const reparsePoint = 0x400;

/**
 * The entries of a layer in tar order, as BuildKit's cross-build lays them out: `Hives`, `Files`, then all that
 * changes. New things get the descriptors of `windows-layers`; folders of the image keep everything they had.
 */
export function* layerEntries(
  changes: readonly Change[],
  times: TimePolicy,
  root?: LayerEntry,
): Generator<ContentEntry> {
  yield { entry: { ...bare('Hives', times.time), kind: 'directory' } };
  yield {
    entry:
      root?.kind === 'directory' ? root : { ...bare(volumeFolder, times.time), kind: 'directory' },
  };
  for (const change of changes) yield entryOf(change, times);
}

function entryOf(change: Change, times: TimePolicy): ContentEntry {
  switch (change.kind) {
    case 'kept-folder':
      return { entry: change.entry };
    case 'folder':
      return { entry: newDirectory(change.path, timeOf(change.node, times)) };
    case 'content':
      return change.node.kind === 'file'
        ? {
            entry: newFile(change.path, change.node, timeOf(change.node, times)),
            content: change.node,
          }
        : { entry: newLink(change.path, change.node, timeOf(change.node, times)) };
  }
}

function newDirectory(path: string, time: Nanoseconds): LayerEntry {
  const common = bare(`${volumeFolder}/${path}`, time);
  return { ...common, kind: 'directory', securityDescriptor: directorySecurityDescriptor };
}

function newFile(path: string, { size }: FileNode, time: Nanoseconds): LayerEntry {
  const common = { ...bare(`${volumeFolder}/${path}`, time), attributes: archive };
  return { ...common, kind: 'file', size, securityDescriptor: fileSecurityDescriptor };
}

/** Windows tells links to folders from links to files, and separates with `\`. */
function newLink(path: string, node: LinkNode, time: Nanoseconds): LayerEntry {
  return {
    ...bare(`${volumeFolder}/${path}`, time),
    kind: 'symlink',
    attributes: reparsePoint | (node.leadsToFolder ? directory : 0),
    target: node.target.replaceAll('/', '\\'),
    mountPoint: false,
    securityDescriptor: node.leadsToFolder ? directorySecurityDescriptor : fileSecurityDescriptor,
  };
}

function bare(path: string, time: Nanoseconds): Omit<LayerEntry & { kind: 'directory' }, 'kind'> {
  return { path, attributes: directory, modified: time, created: time };
}

function timeOf(node: SourceNode | undefined, { time, keep }: TimePolicy): Nanoseconds {
  if (!keep || !node) return time;
  return keep.latest !== undefined && node.modified > keep.latest ? keep.latest : node.modified;
}
