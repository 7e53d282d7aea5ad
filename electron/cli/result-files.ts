import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { BuildResult } from '../../shared/ipc/build-events.ts';
import type { Descriptor } from '../../shared/oci/descriptor.ts';
import { replaceFile } from '../engine/content/file-system.ts';

/** The files that a build is asked to write about its result. */
export interface ResultFiles {
  readonly iidfile?: string;
  readonly metadataFile?: string;
}

/** Writes them; the metadata has the keys that `docker buildx build --metadata-file` writes. Throws AppError `disk-full` or `file-system`. */
export async function writeResultFiles(
  { iidfile, metadataFile }: ResultFiles,
  cwd: string,
  descriptor: Descriptor,
  result: BuildResult,
): Promise<void> {
  if (iidfile !== undefined) await write(cwd, iidfile, result.manifestDigest);
  if (metadataFile === undefined) return;
  const metadata = {
    'containerimage.descriptor': descriptor,
    'containerimage.digest': result.manifestDigest,
    'containerimage.config.digest': result.configDigest,
    ...(result.tags.length === 0 ? {} : { 'image.name': result.tags.join(',') }),
  };
  await write(cwd, metadataFile, `${JSON.stringify(metadata, undefined, 2)}\n`);
}

async function write(cwd: string, file: string, text: string): Promise<void> {
  const target = path.resolve(cwd, file);
  await replaceFile(target, `${target}.${randomUUID()}.tmp`, text);
}
