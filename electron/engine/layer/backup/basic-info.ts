import type { LayerEntry } from '../entry.ts';
import { fileTimeOf, nanosecondsOf, type FileTime } from './file-time.ts';

/** FILE_BASIC_INFO: attributes, and times in units of 100 ns since 1601. */
export interface BasicInfo {
  readonly attributes: number;
  readonly creationTime: FileTime;
  readonly lastAccessTime: FileTime;
  readonly lastWriteTime: FileTime;
  readonly changeTime: FileTime;
}

/**
 * What Windows is told of an entry. Times that the layer lacks are that of the last write; go-winio has 1754 in the
 * place of absent access and change times. Undefined where a time is none that a file can have.
 */
export function basicInfoOf(entry: LayerEntry): BasicInfo | undefined {
  const { attributes, modified, created, accessed, changed } = entry;
  const lastWriteTime = fileTimeOf(modified);
  const creationTime = fileTimeOf(created ?? modified);
  const lastAccessTime = fileTimeOf(accessed ?? modified);
  const changeTime = fileTimeOf(changed ?? modified);
  const isWhole =
    lastWriteTime !== undefined &&
    creationTime !== undefined &&
    lastAccessTime !== undefined &&
    changeTime !== undefined;
  return isWhole
    ? { attributes, creationTime, lastAccessTime, lastWriteTime, changeTime }
    : undefined;
}

/** The part of an entry that Windows' basic information gives. */
export type BasicEntryFields = Pick<LayerEntry, 'attributes' | 'modified'> &
  Required<Pick<LayerEntry, 'accessed' | 'changed' | 'created'>>;

/** The other direction of `basicInfoOf`. */
export function entryFieldsOf(info: BasicInfo): BasicEntryFields {
  return {
    attributes: info.attributes,
    modified: nanosecondsOf(info.lastWriteTime),
    accessed: nanosecondsOf(info.lastAccessTime),
    changed: nanosecondsOf(info.changeTime),
    created: nanosecondsOf(info.creationTime),
  };
}
