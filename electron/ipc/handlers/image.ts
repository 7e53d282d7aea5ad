import { stat } from 'node:fs/promises';
import { isDigest } from '../../../shared/oci/digest.ts';
import { canonicalReference } from '../../../shared/oci/reference.ts';
import { previewRemoval } from '../../engine/content/garbage.ts';
import { removeImageWithDerived } from '../../engine/image/remove-image.ts';
import { exportOciArchive } from '../../engine/image/export-archive.ts';
import { exportDockerArchive } from '../../engine/image/export-docker-archive.ts';
import { exportLayout } from '../../engine/image/export-layout.ts';
import { importImages } from '../../engine/image/import-images.ts';
import type { OnProgress } from '../../engine/image/progress.ts';
import { writeSampleImages } from '../../engine/sample/write-samples.ts';
import { cachedBlobs } from '../../engine/storage/cache-holdings.ts';
import type { HandlersFor } from '../answer.ts';
import type { EventSink } from '../event-hub.ts';
import type { Grants } from '../grants.ts';
import { findImage, imageDetail, type ImageSources } from '../images/image-detail.ts';
import { listStoreImages, shownName } from '../images/image-list.ts';

interface ImageParts extends ImageSources {
  readonly grants: Grants;
  readonly events: EventSink;
}

type ImageChannel =
  | 'image.list'
  | 'image.detail'
  | 'image.tag'
  | 'image.removePreview'
  | 'image.remove'
  | TransferChannel;
type TransferChannel = 'image.save' | 'image.load' | 'image.makeSamples';

/** The images of the store. */
export function imageHandlers(parts: ImageParts): HandlersFor<ImageChannel> {
  const { store, events } = parts;
  return {
    'image.list': async (_input, signal) => await listStoreImages(store, signal),
    'image.detail': async ({ reference }, signal) => await imageDetail(parts, reference, signal),
    'image.tag': async ({ source, target }, signal) => {
      await store.names.set(target, await store.names.resolve(source), signal);
      events.emit('images.changed', null);
      return null;
    },
    'image.removePreview': async ({ reference }, signal) => {
      const { freed } = await previewRemoval(store, reference, await cachedBlobs(store), signal);
      const { layersBaseFirst } = await findImage(store, reference, signal);
      const gone = new Set(freed.map(blob => blob.digest));
      const stays = layersBaseFirst.filter(({ descriptor }) => !gone.has(descriptor.digest));
      return {
        reference,
        freedBytes: sizeOf(freed),
        freedBlobs: freed.length,
        sharedLayers: stays.length,
      };
    },
    'image.remove': async ({ reference }, signal) => {
      const { freed } = await removeImageWithDerived(
        store,
        reference,
        await cachedBlobs(store),
        signal,
      );
      events.emit('images.changed', null);
      return { freedBytes: sizeOf(freed) };
    },
    ...transferHandlers(parts),
  };
}

const exporters = {
  'oci-archive': exportOciArchive,
  'docker-archive': exportDockerArchive,
  'oci-layout': exportLayout,
} as const;

/** What takes a while: it tells how far it is, and can be cancelled. */
function transferHandlers({
  store,
  grants,
  events,
  indexes,
}: ImageParts): HandlersFor<TransferChannel> {
  return {
    'image.save': async ({ reference, file, format }, signal) => {
      const place = await grants.check(file);
      const descriptor = await store.names.resolve(reference);
      const image = isDigest(reference)
        ? { descriptor }
        : { reference: canonicalReference(reference), descriptor };
      const progress = progressOf(events, `save ${reference}`, `Saving ${reference}`);
      await progress.around(async onProgress =>
        exporters[format](store.blobs, [image], place, { onProgress, signal }),
      );
      return { file, bytes: (await stat(place)).size };
    },
    'image.load': async ({ file }, signal) => {
      const place = await grants.check(file);
      const progress = progressOf(events, `load ${file}`, `Loading ${file}`);
      const images = await progress.around(async onProgress =>
        importImages(store, place, { onProgress, signal, tap: indexes }),
      );
      events.emit('images.changed', null);
      return { references: images.map(shownName) };
    },
    'image.makeSamples': async (_input, signal) => {
      const task = 'make samples';
      const label = 'Making sample base images';
      const references = await writeSampleImages(
        store,
        {
          indexes,
          onProgress: ({ imagesDone: current, imagesTotal: total }) =>
            events.emit('task.progress', {
              task,
              label,
              current,
              total,
              unit: 'files',
              done: false,
            }),
        },
        signal,
      ).finally(() => {
        events.emit('task.progress', { task, label, current: 0, unit: 'files', done: true });
        events.emit('images.changed', null);
      });
      return { references };
    },
  };
}

/** Tells the progress of one transfer, and its end whatever happens. */
function progressOf(events: EventSink, task: string, label: string) {
  const tell = (current: number, done: boolean, total?: number): void =>
    events.emit('task.progress', {
      task,
      label,
      current,
      ...(total === undefined ? {} : { total }),
      unit: 'bytes',
      done,
    });
  return {
    async around<T>(work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
      try {
        return await work(({ current, total }) => tell(current, false, total));
      } finally {
        tell(0, true);
      }
    },
  };
}

function sizeOf(blobs: readonly { readonly size: number }[]): number {
  return blobs.reduce((sum, { size }) => sum + size, 0);
}
