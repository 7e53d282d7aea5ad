import type {
  GarbageReason,
  HoldingKind,
  KeptReason,
  RepairAction,
  StorageItem,
  StoreFault,
} from '../../../shared/ipc/storage-views.ts';
import { shortDigest, type Digest } from '../../../shared/oci/digest.ts';
import { formatBytes } from '../../components/format.ts';
import { visible } from '../../components/visible.ts';

export interface KindWords {
  readonly label: string;
  /** What it is, in a sentence. */
  readonly purpose: string;
}

export const kindWords: Readonly<Record<HoldingKind, KindWords>> = {
  images: { label: 'Images', purpose: 'Images that you built, loaded or pulled.' },
  bases: {
    label: 'Base images',
    purpose: 'Images that others are built on, and those of known publishers.',
  },
  'build-cache': {
    label: 'Build cache',
    purpose: 'What steps of builds made, so that they need not run again.',
  },
  'layer-cache': {
    label: 'Unpacked layers',
    purpose: 'Layers that somebody looked into. They are unpacked again when needed.',
  },
  'layer-index': {
    label: 'Indexes of layers',
    purpose: 'What is in each layer, so that it opens at once. They are made again when needed.',
  },
  downloads: {
    label: 'Unfinished downloads',
    purpose: 'Parts of blobs. The next pull goes on where they end.',
  },
  builds: { label: 'Logs of builds', purpose: 'Events and logs of past builds.' },
  drafts: { label: 'Unsaved text', purpose: 'Text that you typed and did not save yet.' },
  windows: {
    label: 'Windows layers and disks',
    purpose: 'What RUN steps unpacked and wrote on this host.',
  },
  loose: { label: 'Blobs nothing needs', purpose: 'Left over from images that are gone.' },
  aside: { label: 'Being written', purpose: 'What builds and transfers are writing now.' },
  other: { label: 'App data', purpose: 'Settings, databases and the sample project.' },
};

const reasonWords: Readonly<Record<GarbageReason, string>> = {
  unused: 'nothing needs it',
  age: 'not used for long',
  count: 'newer ones are there',
  size: 'the store is too large',
  asked: 'chosen by you',
};

export function wordsOfReason(reason: GarbageReason): string {
  return reasonWords[reason];
}

const keptWords: Readonly<Record<KeptReason, string>> = {
  running: 'of a build that runs',
  unsaved: 'not saved yet',
  'in-use': 'in use',
};

/** What is to be said of an item besides its size; often nothing. */
export function stateOf({ kept, unused }: StorageItem): string {
  if (kept !== undefined) return keptWords[kept];
  return unused ? 'not needed' : '';
}

/** What is wrong, in a sentence. */
export function faultText(fault: StoreFault): string {
  switch (fault.kind) {
    case 'blob-damaged':
      return `${blobText(fault)} is damaged${neededBy(fault)}.`;
    case 'blob-missing':
      return `${blobText(fault)} is missing${neededBy(fault)}.`;
    case 'document-invalid':
      return `${short(fault.digest)} makes no sense${neededBy(fault)}: ${visible(fault.problem)}`;
    case 'layer-mismatch':
      return `The layer ${short(fault.digest)} ${visible(fault.problem)}${neededBy(fault)}.`;
    case 'cache-damaged':
      return `A cache is damaged: ${visible(fault.path)}: ${visible(fault.problem)}`;
    case 'history-damaged':
      return `The history is damaged: ${visible(fault.path)}: ${visible(fault.problem)}`;
    case 'stray-file':
      return `${visible(fault.path)} is not a blob.`;
  }
}

/** What a repair did, in a sentence. */
export function actionText(action: RepairAction): string {
  switch (action.kind) {
    case 'fetched':
      return `Fetched ${short(action.digest)} from ${visible(action.from)}.`;
    case 'blob-removed':
      return `Removed the damaged blob ${short(action.digest)}.`;
    case 'image-removed':
      return `Removed one image of ${visible(action.of)} (${short(action.digest)}); its others stay.`;
    case 'name-dropped':
      return `Dropped ${visible(action.reference)}, which cannot be completed.`;
    case 'file-removed':
      return `Removed ${visible(action.path)}.`;
    case 'file-set-aside':
      return `Set ${visible(action.path)} aside as ${visible(action.to)}.`;
  }
}

function blobText({ digest, size }: { readonly digest: Digest; readonly size: number }): string {
  return `The blob ${short(digest)} (${formatBytes(size)})`;
}

function short(digest: Digest): string {
  return shortDigest(digest);
}

function neededBy({ neededBy: names }: { readonly neededBy: readonly string[] }): string {
  if (names.length === 0) return '; nothing needs it';
  return `; ${names.map(visible).join(', ')} ${names.length === 1 ? 'needs' : 'need'} it`;
}
