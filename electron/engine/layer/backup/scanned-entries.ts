import { AppError } from '../../../../shared/failure.ts';
import type { LayerEntry } from '../entry.ts';
import { entryFieldsOf, type BasicInfo } from './basic-info.ts';
import type { ScannedStreams, StreamContent } from './scan-streams.ts';

/** An entry, and where its content lies. */
export interface ScannedEntry {
  readonly entry: LayerEntry;
  readonly content?: StreamContent;
}

const directoryAttribute = 0x10;

/**
 * The entries that a file or directory becomes: itself, then its alternate data streams, in the order of go-winio's
 * backuptar. Fails with `reparse-unsupported`.
 */
export function scannedEntries(
  path: string,
  info: BasicInfo,
  streams: ScannedStreams,
): readonly ScannedEntry[] {
  const { modified, accessed, changed } = entryFieldsOf(info);
  const alternates = streams.alternates.map(content => {
    const { streamName, size } = content;
    const times = { attributes: 0, modified, accessed, changed };
    const entry = { ...times, kind: 'stream', path, streamName, size } as const;
    return { entry, content };
  });
  return [mainEntry(path, info, streams), ...alternates];
}

function mainEntry(path: string, info: BasicInfo, streams: ScannedStreams): ScannedEntry {
  const { securityDescriptor, extendedAttributes, reparse, data } = streams;
  const common = {
    path,
    ...entryFieldsOf(info),
    ...(securityDescriptor && { securityDescriptor }),
    ...(extendedAttributes && { extendedAttributes }),
  };
  if (reparse) {
    if (reparse.kind === 'other') {
      throw new AppError({ code: 'reparse-unsupported', path, tag: reparse.tag });
    }
    const { target, mountPoint } = reparse;
    return { entry: { ...common, kind: 'symlink', target, mountPoint } };
  }
  if ((info.attributes & directoryAttribute) !== 0)
    return { entry: { ...common, kind: 'directory' } };
  const content = data ?? { size: 0, parts: [] };
  return { entry: { ...common, kind: 'file', size: content.size }, content };
}
