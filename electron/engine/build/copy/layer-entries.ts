import type { LayerEntry, Nanoseconds } from '../../layer/entry.ts';
import type { FileNode, LinkNode, SourceNode } from '../sources/source-tree.ts';
import type { Change } from './change-set.ts';
import { volumeFolder } from './image-files.ts';

/** An entry of the layer, and where the content of a file comes from. */
export interface ContentEntry {
  readonly entry: LayerEntry;
  readonly content?: FileNode;
}

/** Descriptors of what is new. */
export interface NewDescriptors {
  readonly directory: Uint8Array;
  readonly file: Uint8Array;
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

/** How the entries of a layer are made. */
export interface EntryOptions {
  readonly times: TimePolicy;
  readonly descriptors: NewDescriptors;
  /** The `Files` entry of the image, which keeps what it has. */
  readonly root?: LayerEntry;
}

/**
 * The entries of a layer in tar order, as BuildKit's cross-build lays them out: `Hives`, `Files`, then all that
 * changes. Folders of the image keep everything they had.
 */
export function* layerEntries(
  changes: readonly Change[],
  options: EntryOptions,
): Generator<ContentEntry> {
  const { time } = options.times;
  yield { entry: { ...bare('Hives', time), kind: 'directory' } };
  const { root } = options;
  yield {
    entry: root?.kind === 'directory' ? root : { ...bare(volumeFolder, time), kind: 'directory' },
  };
  for (const change of changes) yield entryOf(change, options);
}

function entryOf(change: Change, { times, descriptors }: EntryOptions): ContentEntry {
  switch (change.kind) {
    case 'kept-folder':
      return { entry: change.entry };
    case 'folder': {
      const common = bare(`${volumeFolder}/${change.path}`, timeOf(change.node, times));
      return { entry: { ...common, kind: 'directory', securityDescriptor: descriptors.directory } };
    }
    case 'content': {
      const common = bare(`${volumeFolder}/${change.path}`, timeOf(change.node, times));
      const { node } = change;
      if (node.kind === 'symlink') return { entry: linkEntry(common, node, descriptors) };
      const file = { ...common, attributes: archive, securityDescriptor: descriptors.file };
      return { entry: { ...file, kind: 'file', size: node.size }, content: node };
    }
  }
}

/** Windows tells links to folders from links to files, and separates with `\`. */
function linkEntry(common: Bare, node: LinkNode, descriptors: NewDescriptors): LayerEntry {
  return {
    ...common,
    kind: 'symlink',
    attributes: reparsePoint | (node.leadsToFolder ? directory : 0),
    target: node.target.replaceAll('/', '\\'),
    mountPoint: false,
    securityDescriptor: node.leadsToFolder ? descriptors.directory : descriptors.file,
  };
}

type Bare = Pick<LayerEntry, 'path' | 'attributes' | 'modified' | 'created'>;

function bare(path: string, time: Nanoseconds): Bare {
  return { path, attributes: directory, modified: time, created: time };
}

function timeOf(node: SourceNode | undefined, { time, keep }: TimePolicy): Nanoseconds {
  if (!keep || !node) return time;
  return keep.latest !== undefined && node.modified > keep.latest ? keep.latest : node.modified;
}
