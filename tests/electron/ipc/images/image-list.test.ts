import { expect, test } from 'vitest';
import { writeDocument } from '../../../../electron/engine/content/document-blob.ts';
import { changeIndexFile } from '../../../../electron/engine/content/image-names.ts';
import { openStore } from '../../../../electron/engine/content/store.ts';
import { listStoreImages } from '../../../../electron/ipc/images/image-list.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { tempDir } from '../../../support/temp-dir.ts';

test('a name of another tool that is no reference is listed as it is, and hides no others', async () => {
  await using store = await openStore(await tempDir());
  const rootfs = { type: 'layers', diff_ids: [] };
  const parts = { architecture: 'amd64', os: 'windows', rootfs };
  const config = await writeDocument(store.blobs, mediaTypes.ociConfig, parts);
  const manifest = { schemaVersion: 2, config, layers: [] };
  const image = await writeDocument(store.blobs, mediaTypes.ociManifest, manifest);
  await store.names.set('acme/app:1', image);
  const annotations = { 'org.opencontainers.image.ref.name': 'Some Name!' };
  await changeIndexFile(store.dir, entries => [...entries, { ...image, annotations }]);

  const images = await listStoreImages(store);

  expect(images.map(({ reference }) => reference)).toEqual(['acme/app:1', 'Some Name!']);
});
