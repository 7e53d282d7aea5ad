import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Bytes } from '../content/bytes.ts';
import type { Purpose } from './answer-failure.ts';
import type { Call, RegistryApi } from './api.ts';
import { partContent, rangeHeader } from './blob-content.ts';
import type { RegistryAnswer } from './exchange.ts';
import { headerNumber, headerText } from './headers.ts';
import { acceptManifests, describedManifest, readManifest } from './manifest-content.ts';
import type { Place } from './mirrors.ts';
import { plainText } from './plain-text.ts';
import { protocolFailure, unexpectedForm } from './read-answer.ts';
import type { FetchedManifest, Repository } from './registry-client.ts';
import { repositoryScope } from './scopes.ts';

/** `GET /v2/` (end-1). */
export async function ping(
  api: RegistryApi,
  registry: string,
  signal?: AbortSignal,
): Promise<{ readonly apiVersion?: string }> {
  const purpose: Purpose = { registry, action: 'sign in' };
  const answer = await api.call({ purpose, scopes: [], method: 'GET', target: '/v2/' }, signal);
  if (answer.status === 404) {
    await answer.discard();
    throw protocolFailure(registry, answer.url, 'this is no container registry: it has no /v2/');
  }
  if (answer.status !== 200) throw await api.failure(answer, purpose);
  const form = unexpectedForm(answer, '');
  await answer.discard();
  if (form !== undefined) throw protocolFailure(registry, answer.url, form);
  const apiVersion = headerText(answer.headers, 'docker-distribution-api-version');
  return apiVersion === undefined ? {} : { apiVersion: plainText(apiVersion) };
}

/** `GET /v2/<name>/manifests/<reference>` (end-3). */
export async function getManifest(
  api: RegistryApi,
  place: Place,
  reference: string,
  signal?: AbortSignal,
): Promise<FetchedManifest> {
  const call = manifestCall(place, reference);
  const answer = await api.call({ ...call, method: 'GET' }, signal);
  if (answer.status !== 200) throw await api.failure(answer, call.purpose);
  return await readManifest(place.registry, reference, answer);
}

/** `HEAD /v2/<name>/manifests/<reference>` (end-3); GET where the registry does not say enough. */
export async function headManifest(
  api: RegistryApi,
  place: Place,
  reference: string,
  signal?: AbortSignal,
): Promise<Descriptor | undefined> {
  const call = manifestCall(place, reference);
  const answer = await api.call({ ...call, method: 'HEAD' }, signal);
  await answer.discard();
  if (answer.status === 404) return undefined;
  const isUsable = answer.status === 200 || answer.status === 405;
  if (!isUsable) throw await api.failure(answer, call.purpose);
  const described =
    answer.status === 200 ? describedManifest(place.registry, reference, answer) : undefined;
  return described ?? (await getManifest(api, place, reference, signal)).descriptor;
}

function manifestCall(
  { registry, repository, once }: Place,
  reference: string,
): Omit<Call, 'method'> & { readonly purpose: Purpose } {
  return {
    purpose: { registry, repository, action: 'pull', reference },
    scopes: [repositoryScope(repository, 'pull')],
    target: `/v2/${repository}/manifests/${encodeURIComponent(reference)}`,
    headers: { accept: acceptManifests },
    ...(once === undefined ? {} : { once }),
  };
}

/** `HEAD /v2/<name>/blobs/<digest>` (end-2). */
export async function hasBlob(
  api: RegistryApi,
  repository: Repository,
  blob: Descriptor,
  signal?: AbortSignal,
): Promise<boolean> {
  const call = blobCall(repository, blob);
  const answer = await api.call({ ...call, method: 'HEAD' }, signal);
  await answer.discard();
  if (answer.status === 404) return false;
  if (answer.status !== 200) throw await api.failure(answer, call.purpose);
  const size = headerNumber(answer.headers, 'content-length') ?? blob.size;
  if (size === blob.size || size === 0) return true;
  const problem = `${blob.digest} has ${blob.size} bytes, but it announced ${size}`;
  throw protocolFailure(repository.registry, answer.url, problem);
}

/** `GET /v2/<name>/blobs/<digest>` (end-2), from `offset` on. Resolves when the registry has begun to answer. */
export async function openBlob(
  api: RegistryApi,
  place: Place,
  { blob, offset }: { readonly blob: Descriptor; readonly offset: number },
  signal?: AbortSignal,
): Promise<Bytes> {
  const call = blobCall(place, blob);
  const answer = await api.call({ ...call, method: 'GET', headers: rangeHeader(offset) }, signal);
  if (answer.status !== 200 && answer.status !== 206) throw await api.failure(answer, call.purpose);
  return await checkedPart(answer, { registry: place.registry, blob, offset });
}

/** The content of an answer, which is discarded where it is not what was asked for. */
export async function checkedPart(
  answer: RegistryAnswer,
  part: Parameters<typeof partContent>[1],
): Promise<Bytes> {
  try {
    return partContent(answer, part);
  } catch (error) {
    await answer.discard();
    throw error;
  }
}

function blobCall(
  { registry, repository, once }: Place,
  blob: Descriptor,
): Omit<Call, 'method'> & { readonly purpose: Purpose } {
  return {
    purpose: { registry, repository, action: 'pull', reference: blob.digest },
    scopes: [repositoryScope(repository, 'pull')],
    target: `/v2/${repository}/blobs/${blob.digest}`,
    ...(once === undefined ? {} : { once }),
  };
}
