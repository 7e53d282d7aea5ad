import type {
  GarbageReason,
  HoldingKind,
  RepairAction,
  StoreFault,
} from '../../../shared/ipc/storage-views.ts';
import { formatBytes, shortDigest } from '../text/units.ts';

export const kindWords: Readonly<Record<HoldingKind, string>> = {
  images: 'images',
  bases: 'base images',
  'build-cache': 'build cache',
  'layer-cache': 'unpacked layers',
  'layer-index': 'indexes of layers',
  downloads: 'unfinished downloads',
  builds: 'logs of builds',
  drafts: 'unsaved text',
  windows: 'Windows layers and disks',
  loose: 'blobs that nothing needs',
  aside: 'being written',
  other: 'settings, databases, sample',
};

export const reasonWords: Readonly<Record<GarbageReason, string>> = {
  unused: 'nothing needs it',
  age: 'not used for long',
  count: 'newer ones are there',
  size: 'the store is too large',
  asked: 'chosen',
};

/** One line for what is wrong. */
export function faultLine(fault: StoreFault): string {
  switch (fault.kind) {
    case 'blob-damaged':
      return `damaged: ${shortDigest(fault.digest)} (${formatBytes(fault.size)})${neededBy(fault)}`;
    case 'blob-missing':
      return `missing: ${shortDigest(fault.digest)} (${formatBytes(fault.size)})${neededBy(fault)}`;
    case 'document-invalid':
      return `invalid: ${shortDigest(fault.digest)}: ${fault.problem}${neededBy(fault)}`;
    case 'layer-mismatch':
      return `wrong layer: ${shortDigest(fault.digest)}: ${fault.problem}${neededBy(fault)}`;
    case 'cache-damaged':
      return `damaged cache: ${fault.path}: ${fault.problem}`;
    case 'history-damaged':
      return `damaged history: ${fault.path}: ${fault.problem}`;
    case 'stray-file':
      return `not a blob: ${fault.path}`;
  }
}

/** One line for what a repair did. */
export function actionLine(action: RepairAction): string {
  switch (action.kind) {
    case 'fetched':
      return `fetched ${shortDigest(action.digest)} from ${action.from}`;
    case 'blob-removed':
      return `removed the damaged blob ${shortDigest(action.digest)}`;
    case 'image-removed':
      return `removed the image ${shortDigest(action.digest)} of ${action.of}; its other images stay`;
    case 'name-dropped':
      return `dropped ${action.reference}, which cannot be completed (was ${action.digest})`;
    case 'file-removed':
      return `removed ${action.path}`;
    case 'file-set-aside':
      return `set ${action.path} aside as ${action.to}`;
  }
}

function neededBy({ neededBy: names }: { readonly neededBy: readonly string[] }): string {
  return names.length === 0 ? ', needed by nothing' : `, needed by ${names.join(', ')}`;
}
