import type { Nanoseconds } from '../layer/entry.ts';
import { attributes, securityDescriptors, type SampleEntry } from './sample-tree.ts';
import { mixedContent } from './seeded-bytes.ts';

/** Files that make a layer as large as one likes. */
export interface Bulk {
  /** Total size of their content in bytes. */
  readonly sizeBytes: number;
  readonly fileCount: number;
}

const folder = 'Files/ProgramData/Bulk';
const filesPerFolder = 500;

/**
 * Yields the files one by one, all but the last of the same size; nothing is held in memory.
 * Throws RangeError where there is no file or a negative size.
 */
export function* bulkFiles(bulk: Bulk, time: Nanoseconds): Iterable<SampleEntry> {
  if (!(bulk.fileCount >= 1 && bulk.sizeBytes >= 0)) throw new RangeError('bulk needs a file');
  const usual = Math.floor(bulk.sizeBytes / bulk.fileCount);
  const last = bulk.sizeBytes - usual * (bulk.fileCount - 1);
  yield directory(folder, time);
  for (let index = 0; index < bulk.fileCount; index++) {
    const subfolder = `${folder}/${String(Math.floor(index / filesPerFolder)).padStart(4, '0')}`;
    if (index % filesPerFolder === 0) yield directory(subfolder, time);
    const path = `${subfolder}/${String(index).padStart(6, '0')}.bin`;
    const size = index === bulk.fileCount - 1 ? last : usual;
    const entry = {
      kind: 'file',
      path,
      modified: time,
      created: time,
      attributes: attributes.archive,
      securityDescriptor: securityDescriptors.shared,
      size,
    } as const;
    yield { entry, content: mixedContent(path, size) };
  }
}

function directory(path: string, time: Nanoseconds): SampleEntry {
  const entry = {
    kind: 'directory',
    path,
    modified: time,
    created: time,
    attributes: attributes.directory,
    securityDescriptor: securityDescriptors.shared,
  } as const;
  return { entry };
}
