import { z } from 'zod';
import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isDigest } from '../../../shared/oci/digest.ts';
import { readJson } from '../../../shared/oci/json.ts';
import { documentLimit } from '../../../shared/oci/manifest.ts';
import {
  isIndex,
  isManifest,
  manifestMediaTypes,
  mediaTypes,
} from '../../../shared/oci/media-types.ts';
import { digestOf } from '../content/verified.ts';
import type { RegistryAnswer } from './exchange.ts';
import { contentType, headerNumber, headerText } from './headers.ts';
import { plainText } from './plain-text.ts';
import { protocolFailure, readBody, unexpectedForm } from './read-answer.ts';
import type { FetchedManifest } from './registry-client.ts';

/** What asks for any manifest or index that we can read. */
export const acceptManifests = manifestMediaTypes.join(', ');

const schema1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+(?:json|prettyjws)$/;
const vague = new Set([undefined, 'application/json', 'text/plain', 'application/octet-stream']);

const shapeSchema = z.looseObject({
  schemaVersion: z.unknown().optional(),
  mediaType: z.string().optional(),
  manifests: z.unknown().optional(),
  layers: z.unknown().optional(),
});

/**
 * Reads a manifest and checks it against the reference that it was asked for by, and against `Docker-Content-Digest`.
 * Throws `registry-protocol`, or `registry-unsupported` for what is no manifest of ours.
 */
export async function readManifest(
  registry: string,
  reference: string,
  answer: RegistryAnswer,
): Promise<FetchedManifest> {
  const fail = (problem: string) => protocolFailure(registry, answer.url, problem);
  const bytes = await readBody(registry, answer, documentLimit);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const form = unexpectedForm(answer, text);
  if (form !== undefined) throw fail(form);
  const reading = readJson(shapeSchema, text);
  if (reading.kind === 'wrong') throw fail(`the manifest: ${reading.field}: ${reading.problem}`);
  const digest = digestOf(bytes);
  const said = headerText(answer.headers, 'docker-content-digest') ?? digest;
  const mediaType = mediaTypeOf(registry, contentType(answer.headers), reading.value);
  if (isDigest(reference) && reference !== digest) {
    throw fail(`${reference} was asked for, but the content that came is ${digest}`);
  }
  if (isDigest(said) && said !== digest) {
    throw fail(`it announced ${said}, but the content that came is ${digest}`);
  }
  return { descriptor: { mediaType, digest, size: bytes.byteLength }, bytes };
}

/** What a HEAD tells; undefined where that is not enough for a descriptor. */
export function describedManifest(
  registry: string,
  reference: string,
  answer: RegistryAnswer,
): Descriptor | undefined {
  const size = headerNumber(answer.headers, 'content-length');
  const mediaType = contentType(answer.headers);
  const digest = headerText(answer.headers, 'docker-content-digest');
  if (size === undefined || mediaType === undefined || digest === undefined) return undefined;
  if (!isDigest(digest) || !(isIndex(mediaType) || isManifest(mediaType))) return undefined;
  if (isDigest(reference) && reference !== digest) {
    throw protocolFailure(registry, answer.url, `${reference} was asked for, but it has ${digest}`);
  }
  return { mediaType, digest, size };
}

/** The type that the header says; where that is vague, the one that the document says or shows. */
function mediaTypeOf(
  registry: string,
  header: string | undefined,
  document: z.infer<typeof shapeSchema>,
): string {
  if (document.schemaVersion === 1 || schema1.test(header ?? '')) {
    throw unsupported(registry, 'manifests of schema 1, which Docker gave up in 2019,');
  }
  const mediaType = (vague.has(header) ? document.mediaType : header) ?? shown(document);
  if (isIndex(mediaType) || isManifest(mediaType)) return mediaType;
  throw unsupported(registry, `content of the type ${plainText(mediaType)}, which is no image,`);
}

function shown({ manifests, layers }: z.infer<typeof shapeSchema>): string {
  if (Array.isArray(manifests)) return mediaTypes.ociIndex;
  return Array.isArray(layers) ? mediaTypes.ociManifest : 'unknown';
}

function unsupported(registry: string, feature: string): AppError {
  return new AppError({ code: 'registry-unsupported', registry, feature });
}
