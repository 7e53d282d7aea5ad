import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import { readJson, type Reading } from '../../../shared/oci/json.ts';
import { layoutSchema } from '../../../shared/oci/layout.ts';
import { indexSchema, type Index } from '../../../shared/oci/manifest.ts';
import { mediaTypes } from '../../../shared/oci/media-types.ts';
import { errnoOf, withFailure } from './file-system.ts';

/** Far more than any store needs, in bytes. */
const indexLimit = 64 * 1024 * 1024;

/** The content of `oci-layout` (image-spec image-layout.md). */
export const layoutMarker = '{"imageLayoutVersion":"1.0.0"}';

export const emptyIndex: Index = {
  schemaVersion: 2,
  mediaType: mediaTypes.ociIndex,
  manifests: [],
};

/** Tells whether a folder is an image layout that we can read. Throws store-version or store-damaged where it is another. */
export async function hasLayout(dir: string): Promise<boolean> {
  const path = join(dir, 'oci-layout');
  const text = await readSmallFile(path);
  if (text === undefined) return false;
  checkLayoutVersion(text, path);
  return true;
}

/** Checks the text of an `oci-layout` file; `path` is for the message. */
export function checkLayoutVersion(text: string, path: string): void {
  const { imageLayoutVersion } = valueOf(readJson(layoutSchema, text), path);
  if (!imageLayoutVersion.startsWith('1.0.')) {
    throw new AppError({ code: 'store-version', path, version: imageLayoutVersion });
  }
}

/** Reads the `index.json` of a layout. Throws store-damaged where it is missing or malformed. */
export async function readIndexFile(dir: string): Promise<Index> {
  const index = await findIndexFile(dir);
  if (index !== undefined) return index;
  const path = join(dir, 'index.json');
  throw new AppError({ code: 'store-damaged', path, problem: 'the file is missing' });
}

/** Like `readIndexFile`, but gives undefined where the file is missing. */
export async function findIndexFile(dir: string): Promise<Index | undefined> {
  const path = join(dir, 'index.json');
  const text = await readSmallFile(path);
  return text === undefined ? undefined : parseIndexFile(text, path);
}

/** Reads the text of an `index.json`; `path` is for the message. */
export function parseIndexFile(text: string, path: string): Index {
  return valueOf(readJson(indexSchema, text), path);
}

async function readSmallFile(path: string): Promise<string | undefined> {
  return withFailure('read', path, async () => {
    try {
      const { size } = await stat(path);
      if (size <= indexLimit) return await readFile(path, 'utf8');
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw error;
    }
    throw new AppError({ code: 'store-damaged', path, problem: `larger than ${indexLimit} bytes` });
  });
}

function valueOf<T>(reading: Reading<T>, path: string): T {
  if (reading.kind === 'value') return reading.value;
  const problem = `${reading.field}: ${reading.problem}`;
  throw new AppError({ code: 'store-damaged', path, problem });
}
