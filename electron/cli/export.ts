import type { NamedImage } from '../engine/content/image-names.ts';
import type { Store } from '../engine/content/store.ts';
import { exportOciArchive } from '../engine/image/export-archive.ts';
import { exportDockerArchive } from '../engine/image/export-docker-archive.ts';
import { exportLayout } from '../engine/image/export-layout.ts';
import type { Output } from './output-option.ts';

const exporters = {
  'oci-archive': exportOciArchive,
  'docker-archive': exportDockerArchive,
  'oci-layout': exportLayout,
};

/** Writes images of the store to where `output` says. */
export async function exportTo(
  store: Store,
  named: readonly NamedImage[],
  { dest, format }: Output,
  signal: AbortSignal,
): Promise<void> {
  using _ = await store.lock.shared(signal);
  await exporters[format](store.blobs, named, dest, { signal });
}
