import { z } from 'zod';
import { AppError } from '../../../../../shared/failure.ts';
import { digestSchema, type Descriptor } from '../../../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../../../shared/oci/digest.ts';
import { readJson } from '../../../../../shared/oci/json.ts';
import { layerLimit, manifestSchema, type Manifest } from '../../../../../shared/oci/manifest.ts';
import { compressionOf, isForeign, mediaTypes } from '../../../../../shared/oci/media-types.ts';
import { digestOf } from '../../../content/verified.ts';
import type {
  ArtifactManifest,
  ArtifactPlace,
  OutgoingArtifact,
} from '../../../image/artifact-place.ts';
import type { StepOutcome } from '../outcome.ts';

/** The format is described in docs/cache.md. */
export const cacheArtifactType = 'application/vnd.layerwright.cache.v1';
const cacheConfigType = 'application/vnd.layerwright.cache.config.v1+json';
const mostRecords = 10_000;

const configSchema = z.object({
  version: z.literal(1),
  records: z
    .array(
      z.object({
        key: z.string().regex(/^[0-9a-f]{64}$/),
        /** In ms since 1970. */
        builtAt: z.int().nonnegative(),
        /** Absent where the step changed no file. */
        layer: z.object({ digest: digestSchema, diffId: digestSchema }).optional(),
      }),
    )
    .max(mostRecords),
});

/** A step of a build that others can have. */
export interface SharedStep {
  readonly stepKey: string;
  readonly builtAt: number;
  readonly outcome: StepOutcome;
}

/** What a cache claims that a step made. Nothing of it is checked yet but the form. */
export interface OfferedStep {
  readonly builtAt: number;
  readonly layer?: { readonly descriptor: Descriptor; readonly diffId: Digest };
}

/** Makes the artifact. Steps beyond what a manifest can hold are left out, the last ones first. */
export function encodeCache(steps: readonly SharedStep[]): OutgoingArtifact {
  const layers = new Map<Digest, Descriptor>();
  const records = [];
  for (const { stepKey, builtAt, outcome } of steps.slice(0, mostRecords)) {
    const { layer } = outcome;
    if (layer && layers.size < layerLimit) {
      const { digest, mediaType, size } = layer.descriptor;
      layers.set(digest, { mediaType, digest, size });
    }
    if (layer && !layers.has(layer.descriptor.digest)) continue;
    const named = layer && { digest: layer.descriptor.digest, diffId: layer.diffId };
    records.push({ key: stepKey, builtAt, ...(named ? { layer: named } : {}) });
  }
  const config = documentOf(cacheConfigType, { version: 1, records });
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType: cacheArtifactType,
    config: config.descriptor,
    layers: [...layers.values()],
  };
  const document = documentOf(mediaTypes.ociManifest, manifest);
  return { manifest: document, config, layers: manifest.layers };
}

function documentOf(mediaType: string, value: object): ArtifactManifest {
  const bytes = Buffer.from(JSON.stringify(value));
  return { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, bytes };
}

/** Tells whether what a place holds is a cache, so that nothing else is written over. */
export function isCache({ bytes }: ArtifactManifest): boolean {
  const reading = readJson(manifestSchema, Buffer.from(bytes).toString());
  return reading.kind === 'value' && reading.value.artifactType === cacheArtifactType;
}

/** Reads what a place offers, by key. Undefined where nothing is there. Throws `cache-invalid` and as the place does. */
export async function readCache(
  place: ArtifactPlace,
  shown: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, OfferedStep> | undefined> {
  const manifest = await place.manifest(signal);
  if (!manifest) return undefined;
  const { artifactType, config, layers } = valueOf(
    readJson(manifestSchema, Buffer.from(manifest.bytes).toString()),
    shown,
  );
  if (artifactType !== cacheArtifactType || config.mediaType !== cacheConfigType) {
    throw invalid(shown, 'it is not a cache that Layerwright wrote');
  }
  const { records } = valueOf(readJson(configSchema, await place.document(config, signal)), shown);
  const known = new Map(layers.map(layer => [layer.digest, layer]));
  return new Map(
    records.map(({ key, builtAt, layer }): [string, OfferedStep] => {
      if (!layer) return [key, { builtAt }];
      const descriptor = plainLayer(known.get(layer.digest), shown);
      return [key, { builtAt, layer: { descriptor, diffId: layer.diffId } }];
    }),
  );
}

/** A layer as we write them: no addresses of elsewhere, nothing that only looks like a layer. */
function plainLayer(layer: Descriptor | undefined, shown: string): Descriptor {
  if (!layer) throw invalid(shown, 'a record names a layer that the manifest does not have');
  const { digest, mediaType, size } = layer;
  if (compressionOf(mediaType) === undefined || isForeign(mediaType)) {
    throw invalid(shown, `${mediaType} is not the type of a layer`);
  }
  return { mediaType, digest, size };
}

function valueOf<T>(reading: ReturnType<typeof readJson<T>>, shown: string): T {
  if (reading.kind === 'value') return reading.value;
  throw invalid(shown, `${reading.field}: ${reading.problem}`);
}

function invalid(place: string, problem: string): AppError {
  return new AppError({ code: 'cache-invalid', place, problem });
}
