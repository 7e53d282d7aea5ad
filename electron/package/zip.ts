import { createWriteStream } from 'node:fs';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** The first time that a zip archive can hold: the same files make the same archive. */
const time = new Date(1980, 0, 1);

/** Writes the files of `dir` into the new archive `file`, below one folder, sorted by name and without times. */
export async function zipFolder(dir: string, file: string, folder: string): Promise<void> {
  const zip = new ZipFile();
  const names = (await readdir(dir, { recursive: true })).map(name =>
    name.split(path.sep).join('/'),
  );
  for (const name of names.toSorted()) {
    const stats = await lstat(path.join(dir, name));
    if (!stats.isFile()) continue;
    const mode = (stats.mode & 0o111) === 0 ? 0o100_644 : 0o100_755;
    zip.addFile(path.join(dir, name), `${folder}/${name}`, {
      mtime: time,
      mode,
      forceDosTimestamp: true,
    });
  }
  zip.end();
  const aside = `${file}.partial`;
  try {
    await pipeline(zip.outputStream, createWriteStream(aside));
    await rename(aside, file);
  } finally {
    await rm(aside, { force: true });
  }
}
