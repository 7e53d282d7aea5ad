import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isIndex } from '../../../shared/oci/media-types.ts';
import { parsePlatform } from '../../../shared/oci/platform.ts';
import { parseReference } from '../../../shared/oci/reference.ts';
import type { BlobReader } from '../../engine/content/blob-store.ts';
import { collected } from '../../engine/content/bytes.ts';
import { listImages } from '../../engine/image/select-image.ts';
import type { ConnectionFlags } from '../../engine/remote/connection-settings.ts';
import { createDocumentCache, type DocumentCache } from '../../engine/remote/document-cache.ts';
import { readManifest } from '../../engine/remote/read-manifest.ts';
import { remoteReader } from '../../engine/remote/remote-reader.ts';
import { chooseImages } from '../../engine/transfer/offer.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { thisHost } from '../../engine/catalogue/host.ts';
import { withRegistries, type Connected } from './registries.ts';

export interface ManifestFlags extends ConnectionFlags {
  readonly platform?: string;
  /** Exactly the text that the digest is of. */
  readonly raw?: boolean;
  readonly json?: boolean;
  /** Asks the registry also where the store has the image. */
  readonly remote?: boolean;
}

/** `layerwright manifest`: the manifest or index of an image of the store or of a registry. */
export async function manifest(
  context: CommandContext,
  reference: string,
  flags: ManifestFlags,
): Promise<number> {
  const { signal, terminal } = context;
  const found = await withRegistries(context, flags, async connected => {
    const stored = flags.remote === true ? undefined : await nameInStore(connected, reference);
    const named = parseReference(
      reference.startsWith('sha256:') ? `store@${reference}` : reference,
    );
    const cache = createDocumentCache();
    const reader =
      stored === undefined
        ? remoteReader({ client: connected.client, store: connected.store.blobs, cache }, named)
        : connected.store.blobs;
    const top = stored ?? (await remoteTop(connected, reference, cache, signal));
    const { platform } = flags;
    const wanted =
      platform === undefined ? top : await chosen(reader, { reference, top, platform }, signal);
    const text = await textOf(reader, wanted, signal);
    const { digest, mediaType, size } = wanted;
    return { digest, mediaType, size, text, isStored: stored !== undefined };
  });
  if (flags.raw === true) terminal.raw(found.text);
  else if (flags.json === true) {
    const { text, ...facts } = found;
    terminal.json({ ...facts, document: JSON.parse(text) as unknown });
  } else {
    terminal.note(`${found.mediaType} ${found.digest}, ${found.size} bytes`);
    if (found.isStored) terminal.note('from the store; --remote asks the registry');
    terminal.line(JSON.stringify(JSON.parse(found.text), undefined, 2));
  }
  return exitCodes.ok;
}

/** What the registry has; the answer is kept, so that it is not asked for twice. */
async function remoteTop(
  { client }: Connected,
  reference: string,
  cache: DocumentCache,
  signal: AbortSignal,
): Promise<Descriptor> {
  const { digest, mediaType, size, text } = await readManifest(reference, client, signal);
  cache.put(digest, Buffer.from(text, 'utf8'));
  return { digest, mediaType, size };
}

async function nameInStore(
  { store }: Connected,
  reference: string,
): Promise<Descriptor | undefined> {
  try {
    return await store.names.resolve(reference);
  } catch (error) {
    const isMissing = error instanceof AppError && error.failure.code === 'image-missing';
    if (isMissing && !reference.startsWith('sha256:')) return undefined;
    throw error;
  }
}

/** The image of an index that is for a platform. Throws `no-image-fits`. */
async function chosen(
  reader: BlobReader,
  { reference, top, platform }: { reference: string; top: Descriptor; platform: string },
  signal: AbortSignal,
): Promise<Descriptor> {
  const { digest, mediaType, size } = top;
  const candidates = await listImages(reader, { digest, mediaType, size }, signal);
  const offer = { reference, isIndex: isIndex(mediaType), candidates };
  const choice = { kind: 'platform', platform: parsePlatform(platform), host: thisHost() } as const;
  const [image] = chooseImages(offer, choice).images;
  return image?.descriptor ?? { digest, mediaType, size };
}

async function textOf(reader: BlobReader, blob: Descriptor, signal: AbortSignal): Promise<string> {
  return (await collected(reader.read(blob, signal))).toString('utf8');
}
