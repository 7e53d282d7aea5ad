import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes `SHA256SUMS` into `dir` for files that stand there, in the form that `sha256sum --check` reads. */
export async function writeChecksums(dir: string, names: readonly string[]): Promise<void> {
  const lines: string[] = [];
  for (const name of names.toSorted()) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path.join(dir, name)))
      hash.update(chunk as Uint8Array);
    lines.push(`${hash.digest('hex')}  ${name}\n`);
  }
  await writeFile(path.join(dir, 'SHA256SUMS'), lines.join(''));
}
