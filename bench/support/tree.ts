import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import path from 'node:path';

const noise = randomBytes(1 << 20);
const words = 'layer chain registry manifest windows container digest blob hive stream'.split(' ');

/** Content that compresses about as well as programs do: three parts of text to one of noise. */
function block(seed: number, size: number): Buffer {
  const text = Buffer.from(
    Array.from({ length: 64 }, (_, at) => words[(seed * 7 + at * at) % words.length]).join(' '),
  );
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 1024) {
    noise.copy(
      bytes,
      at,
      (seed * 977 + at) % (noise.length - 256),
      ((seed * 977 + at) % (noise.length - 256)) + 256,
    );
    text.copy(bytes, at + 256, 0, 384);
    text.copy(bytes, at + 640, 64, 448);
  }
  return bytes;
}

/** Writes `files` files of together `totalBytes` below `dir`, a hundred to a folder; one file is written as a stream. */
export async function makeTree(dir: string, files: number, totalBytes: number): Promise<void> {
  const size = Math.floor(totalBytes / files);
  for (let index = 0; index < files; index++) {
    const folder = path.join(dir, `d${Math.floor(index / 100)}`);
    if (index % 100 === 0) await mkdir(folder, { recursive: true });
    const file = path.join(folder, `file${index}.bin`);
    if (size <= 1 << 24) await writeFile(file, block(index, size));
    else await writeLarge(file, size);
  }
}

async function writeLarge(file: string, size: number): Promise<void> {
  const out = createWriteStream(file);
  const chunk = 1 << 22;
  for (let at = 0; at < size; at += chunk) {
    if (!out.write(block(at / chunk, Math.min(chunk, size - at)))) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}
