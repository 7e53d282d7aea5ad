import { open, rm } from 'node:fs/promises';
import { AppError, explain } from '../../../../shared/failure.ts';
import type { Bytes } from '../../content/bytes.ts';
import { withFailure } from '../../content/file-system.ts';
import { bytesInMemory, openHiveFile, type HiveBytes } from '../../hive/hive-bytes.ts';
import type { HiveDamage } from '../../hive/hive-cells.ts';
import { openHive, type Hive } from '../../hive/hive-reader.ts';
import type { InspectedImage } from '../inspected-image.ts';
import type { HiveFile } from './hive-files.ts';

/** A hive file that was opened, or why it cannot be. */
export type OpenedHive = { readonly file: HiveFile } & (
  | { readonly hive: Hive; readonly damage: readonly HiveDamage[] }
  | { readonly problem: string }
);

/** Opens hive files, each once. Dispose it to remove what it has on disk. */
export interface OpenHives extends AsyncDisposable {
  open(file: HiveFile, signal?: AbortSignal): Promise<OpenedHive>;
}

/** Several times what the largest hives of a Windows image have. */
const largestHive = 512 * 1024 ** 2;
/** Larger ones stay on disk. */
const largestInMemory = 32 * 1024 ** 2;
/** Damages that are kept of one hive: the first ones say enough. */
const keptDamages = 100;

export function createOpenHives(image: InspectedImage): OpenHives {
  const opened = new Map<string, OpenedHive>();
  const resources = new AsyncDisposableStack();

  async function bytesOf(file: HiveFile, signal: AbortSignal | undefined): Promise<HiveBytes> {
    const content = image.content(file, undefined, signal);
    if (file.size <= largestInMemory) return bytesInMemory(await gathered(content, file.size));
    const path = await image.newScratchPath();
    resources.defer(() => rm(path, { force: true }));
    await spooled(content, path);
    return resources.use(openHiveFile(path, file.size));
  }
  async function openOne(file: HiveFile, signal: AbortSignal | undefined): Promise<OpenedHive> {
    if (file.size > largestHive) return { file, problem: `it is too large (${file.size} bytes)` };
    const bytes = await bytesOf(file, signal);
    const damage: HiveDamage[] = [];
    try {
      const hive = openHive(bytes, each => {
        const isKnown = damage.some(known => known.offset === each.offset);
        if (damage.length < keptDamages && !isKnown) damage.push(each);
      });
      return { file, hive, damage };
    } catch (error) {
      if (error instanceof AppError && error.failure.code === 'hive-invalid') {
        return { file, problem: explain(error.failure).message };
      }
      throw error;
    }
  }
  return {
    async open(file, signal) {
      const name = `${file.layerIndex}:${file.entryNumber}`;
      const known = opened.get(name);
      if (known) return known;
      const made = await openOne(file, signal);
      // Somebody else may have opened it meanwhile: keys are compared by the file they are of.
      const first = opened.get(name) ?? made;
      opened.set(name, first);
      return first;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function gathered(content: Bytes, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let done = 0;
  for await (const chunk of content) {
    bytes.set(chunk, done);
    done += chunk.byteLength;
  }
  return bytes.subarray(0, done);
}

async function spooled(content: Bytes, path: string): Promise<void> {
  await using file = await withFailure('create', path, () => open(path, 'wx'));
  for await (const chunk of content) {
    await withFailure('write', path, () => file.write(chunk));
  }
}
