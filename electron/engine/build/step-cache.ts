import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { descriptorSchema, digestSchema, type Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { BlobReader } from '../content/blob-store.ts';

/** A layer that a step made. Sizes in bytes. */
export interface StepLayerRecord {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
  readonly uncompressedSize: number;
  /** How many files, folders and links it holds. */
  readonly files: number;
}

/** What a step made: a layer, or no change at all. */
export type StepOutcome = { readonly layer?: StepLayerRecord };

/** Remembers what steps made, by a key of everything that decides about it. */
export interface StepCache {
  get(key: string, signal?: AbortSignal): Promise<StepOutcome | undefined>;
  /** Never fails a build: what is not remembered is made again. */
  put(key: string, outcome: StepOutcome): Promise<void>;
}

/** Change this whenever the same inputs would give another layer than before. */
const formatVersion = 1;

const recordSchema = z.object({
  layer: z
    .object({
      descriptor: descriptorSchema,
      diffId: digestSchema,
      uncompressedSize: z.int().nonnegative(),
      files: z.int().nonnegative(),
    })
    .optional(),
});

/** Makes a key of what decides about a step's outcome. */
export function stepKey(parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([formatVersion, ...parts]))
    .digest('hex');
}

/** A cache of one small file per key in `dir`; a record whose blob is gone, or that is damaged, does not count. */
export function createStepCache(dir: string, blobs: BlobReader): StepCache {
  const fileOf = (key: string) => path.join(dir, `${key}.json`);
  return {
    async get(key, signal) {
      const outcome = await readRecord(fileOf(key));
      if (!outcome?.layer) return outcome;
      return (await blobs.has(outcome.layer.descriptor, signal)) ? outcome : undefined;
    },
    async put(key, outcome) {
      const aside = `${fileOf(key)}.${randomUUID()}.tmp`;
      try {
        await mkdir(dir, { recursive: true });
        await writeFile(aside, JSON.stringify(outcome));
        await rename(aside, fileOf(key));
      } catch {
        await rm(aside, { force: true });
      }
    },
  };
}

/** Remembers nothing, for `--no-cache`. */
export const noStepCache: StepCache = { get: async () => undefined, put: async () => undefined };

async function readRecord(file: string): Promise<StepOutcome | undefined> {
  try {
    const parsed = recordSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (!parsed.success) return undefined;
    const { layer } = parsed.data;
    return layer ? { layer } : {};
  } catch {
    // No such record, or one that a crash cut off.
    return undefined;
  }
}
