import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

interface Member {
  readonly dir: string;
  /** Below `dir`, with `/`. */
  readonly name: string;
  readonly mode: number | undefined;
}

/** Writes a member of an archive below `dir`; refuses a name that leads elsewhere. */
export async function writeMember(
  { dir, name, mode }: Member,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const file = path.join(dir, name);
  if (path.relative(dir, file).startsWith('..'))
    throw new Error(`${name} leads out of its archive`);
  await mkdir(path.dirname(file), { recursive: true });
  const executable = ((mode ?? 0) & 0o111) === 0 ? 0o644 : 0o755;
  await pipeline(content, createWriteStream(file, { mode: executable }));
}
