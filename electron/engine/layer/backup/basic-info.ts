import { AppError } from '../../../../shared/failure.ts';
import type { LayerEntry, Nanoseconds } from '../entry.ts';
import { tarPath } from '../entry-header.ts';
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
 * place of absent access and change times. Fails with `layer-entry-refused` where a time is none that a file can have.
 */
export function basicInfoOf(entry: LayerEntry): BasicInfo {
  const time = (value: Nanoseconds | undefined) => {
    const fileTime = fileTimeOf(value ?? entry.modified);
    if (fileTime !== undefined) return fileTime;
    const problem = 'one of its times lies outside of what Windows can hold';
    throw new AppError({ code: 'layer-entry-refused', path: tarPath(entry), problem });
  };
  return {
    attributes: entry.attributes,
    creationTime: time(entry.created),
    lastAccessTime: time(entry.accessed),
    lastWriteTime: time(undefined),
    changeTime: time(entry.changed),
  };
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
