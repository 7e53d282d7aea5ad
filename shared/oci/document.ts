import type { z } from 'zod';
import { AppError } from '../failure.ts';
import { imageConfigSchema, type ImageConfig } from './config.ts';
import type { Descriptor } from './descriptor.ts';
import type { Digest } from './digest.ts';
import { indexSchema, manifestSchema, type Index, type Manifest } from './manifest.ts';
import { isIndex, isManifest } from './media-types.ts';

/** Reads a manifest that `descriptor` names. Throws image-invalid with the digest and the field. */
export function parseManifest(text: string, descriptor: Descriptor): Manifest {
  const { digest, mediaType } = descriptor;
  if (!isManifest(mediaType)) {
    throw invalid(digest, 'mediaType', `is ${mediaType}, not an image manifest`);
  }
  const value = parseJson(text, digest);
  checkUnambiguous(value, descriptor, 'manifests');
  return check(manifestSchema, value, digest);
}

/** Reads an index that `descriptor` names. Throws image-invalid with the digest and the field. */
export function parseIndex(text: string, descriptor: Descriptor): Index {
  const { digest, mediaType } = descriptor;
  if (!isIndex(mediaType)) {
    throw invalid(digest, 'mediaType', `is ${mediaType}, not an image index`);
  }
  const value = parseJson(text, digest);
  checkUnambiguous(value, descriptor, 'layers');
  return check(indexSchema, value, digest);
}

/** Reads an image config. Throws image-invalid with the digest and the field. */
export function parseImageConfig(text: string, digest: Digest): ImageConfig {
  return check(imageConfigSchema, parseJson(text, digest), digest);
}

/** The failure of a document that breaks its specification; `field` is a path such as `layers[2].size`. */
export function invalid(digest: Digest, field: string, problem: string): AppError {
  return new AppError({ code: 'image-invalid', digest, field, problem });
}

/**
 * A document must not be readable as manifest and as index at once, and must be of the type that its descriptor
 * says: otherwise two readers see two images under one digest (CVE-2021-41190).
 */
function checkUnambiguous(value: unknown, descriptor: Descriptor, foreignField: string): void {
  if (typeof value !== 'object' || value === null) return;
  if (foreignField in value) {
    throw invalid(descriptor.digest, foreignField, `does not belong into ${descriptor.mediaType}`);
  }
  if ('mediaType' in value && value.mediaType !== descriptor.mediaType) {
    const said = JSON.stringify(value.mediaType);
    throw invalid(
      descriptor.digest,
      'mediaType',
      `is ${said}, but expected ${descriptor.mediaType}`,
    );
  }
}

function parseJson(text: string, digest: Digest): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(digest, 'document', 'is not JSON');
  }
}

function check<T>(schema: z.ZodType<T>, value: unknown, digest: Digest): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(digest, fieldPath(issue?.path ?? []), issue?.message ?? 'is malformed');
}

/** Words a path as people write it: `layers[2].annotations.title`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'document';
  return path
    .map((key, index) =>
      typeof key === 'number' ? `[${key}]` : (index === 0 ? '' : '.') + String(key),
    )
    .join('');
}
