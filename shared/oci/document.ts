import { AppError } from '../failure.ts';
import { imageConfigSchema, type ImageConfig } from './config.ts';
import type { Descriptor } from './descriptor.ts';
import type { Digest } from './digest.ts';
import { readJson, type Reading } from './json.ts';
import { indexSchema, manifestSchema, type Index, type Manifest } from './manifest.ts';
import { isIndex, isManifest } from './media-types.ts';

/** Reads a manifest that `descriptor` names. Throws image-invalid with the digest and the field. */
export function parseManifest(text: string, descriptor: Descriptor): Manifest {
  const { digest, mediaType } = descriptor;
  if (!isManifest(mediaType)) {
    throw invalid(digest, 'mediaType', `is ${mediaType}, not an image manifest`);
  }
  const manifest = valueOf(readJson(manifestSchema, text), digest);
  checkUnambiguous(manifest, descriptor, 'manifests');
  return manifest;
}

/** Reads an index that `descriptor` names. Throws image-invalid with the digest and the field. */
export function parseIndex(text: string, descriptor: Descriptor): Index {
  const { digest, mediaType } = descriptor;
  if (!isIndex(mediaType)) {
    throw invalid(digest, 'mediaType', `is ${mediaType}, not an image index`);
  }
  const index = valueOf(readJson(indexSchema, text), digest);
  checkUnambiguous(index, descriptor, 'layers');
  return index;
}

/** Reads an image config. Throws image-invalid with the digest and the field. */
export function parseImageConfig(text: string, digest: Digest): ImageConfig {
  return valueOf(readJson(imageConfigSchema, text), digest);
}

/** The failure of a document that breaks its specification; `field` is a path such as `layers[2].size`. */
export function invalid(digest: Digest, field: string, problem: string): AppError {
  return new AppError({ code: 'image-invalid', digest, field, problem });
}

/**
 * A document must not be readable as manifest and as index at once, and must be of the type that its descriptor
 * says: otherwise two readers see two images under one digest (CVE-2021-41190).
 */
function checkUnambiguous(
  document: Manifest | Index,
  { digest, mediaType }: Descriptor,
  foreignField: 'manifests' | 'layers',
): void {
  if (foreignField in document) {
    throw invalid(digest, foreignField, `does not belong into ${mediaType}`);
  }
  if (document.mediaType === undefined || document.mediaType === mediaType) return;
  throw invalid(digest, 'mediaType', `is ${document.mediaType}, but expected ${mediaType}`);
}

function valueOf<T>(reading: Reading<T>, digest: Digest): T {
  if (reading.kind === 'value') return reading.value;
  throw invalid(digest, reading.field, reading.problem);
}
