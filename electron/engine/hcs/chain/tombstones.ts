import { open } from 'node:fs/promises';
import { AppError } from '../../../../shared/failure.ts';
import { errnoOf, fileFailure } from '../../content/file-system.ts';
import { memberPath } from '../../layer/member-path.ts';
import { filesFolder, nativePath, tombstonesFile } from './staged-names.ts';

const firstLine = '\ufeffVersion 1.0';
/** More than any step deletes one by one. */
const maxSize = 256 * 1024 ** 2;

/**
 * The paths inside the layer that an exported folder deletes. The file is UTF-8: a byte order mark and `Version 1.0`,
 * then one path below `Files` a line, each with a leading `\` (hcsshim readTombstones). Fails with `export-malformed`.
 */
export async function readTombstones(stagedDir: string): Promise<readonly string[]> {
  const file = nativePath(stagedDir, tombstonesFile);
  const [first, ...lines] = (await textOf(file)).split(/\r?\n/);
  if (first !== firstLine) throw malformed(file, 'it does not begin with its version');
  return lines.filter(line => line !== '').map(line => pathOf(file, line));
}

function pathOf(file: string, line: string): string {
  const checked = memberPath(line.slice(1).replaceAll('\\', '/'));
  if (!line.startsWith('\\') || checked.kind !== 'plain') {
    throw malformed(file, `${JSON.stringify(line)} is no path`);
  }
  return `${filesFolder}/${checked.path}`;
}

async function textOf(file: string): Promise<string> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    if (size > maxSize) throw malformed(file, `it has ${size} bytes`);
    return await handle.readFile('utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw malformed(file, 'it is missing');
    throw fileFailure(error, 'read', file);
  }
}

/** The failure of an export that does not look as we know it. */
export function malformed(path: string, problem: string): AppError {
  return new AppError({ code: 'export-malformed', path, problem });
}
