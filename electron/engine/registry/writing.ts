import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isDigest } from '../../../shared/oci/digest.ts';
import type { Purpose } from './answer-failure.ts';
import type { Call, RegistryApi } from './api.ts';
import { headerText } from './headers.ts';
import { protocolFailure } from './read-answer.ts';
import type { FetchedManifest, Repository } from './registry-client.ts';
import { repositoryScope } from './scopes.ts';
import { cancelUpload, commitPatienceMs, uploadTarget } from './upload-session.ts';

/**
 * `POST` with `mount` and `from` (end-11). False where the registry does not mount, whatever its reason: the blob can be
 * uploaded instead.
 */
export async function mountBlob(
  api: RegistryApi,
  to: Repository,
  { blob, from }: { readonly blob: Descriptor; readonly from: Repository },
  signal?: AbortSignal,
): Promise<boolean> {
  if (from.registry !== to.registry) return false;
  const query = new URLSearchParams({ mount: blob.digest, from: from.repository });
  const answer = await api.call(
    {
      purpose: { ...to, action: 'push' },
      scopes: [repositoryScope(to.repository, 'push'), repositoryScope(from.repository, 'pull')],
      method: 'POST',
      target: `/v2/${to.repository}/blobs/uploads/?${query.toString()}`,
    },
    signal,
  );
  await answer.discard();
  // The registry has opened an upload instead, which nobody is going to use.
  if (answer.status === 202) await cancelUpload(api, to, uploadTarget(to.registry, answer));
  return answer.status === 201;
}

/** `PUT /v2/<name>/manifests/<reference>` (end-7). */
export async function putManifest(
  api: RegistryApi,
  to: Repository,
  { reference, manifest }: { readonly reference: string; readonly manifest: FetchedManifest },
  signal?: AbortSignal,
): Promise<void> {
  const { descriptor, bytes } = manifest;
  const purpose: Purpose = { ...to, action: 'push', reference };
  const answer = await api.call(
    {
      purpose,
      scopes: [repositoryScope(to.repository, 'push')],
      method: 'PUT',
      target: manifestPath(to, reference),
      headers: { 'content-type': descriptor.mediaType },
      body: {
        size: bytes.byteLength,
        async *open() {
          yield bytes;
        },
      },
      patienceMs: commitPatienceMs,
    },
    signal,
  );
  if (answer.status < 200 || answer.status > 204) throw await api.failure(answer, purpose);
  await answer.discard();
  const digest = headerText(answer.headers, 'docker-content-digest');
  if (digest === undefined || !isDigest(digest) || digest === descriptor.digest) return;
  const problem = `it has stored ${digest} instead of ${descriptor.digest}`;
  throw protocolFailure(to.registry, answer.url, problem);
}

/** `DELETE /v2/<name>/manifests/<reference>` (end-9). Many registries delete by digest only, or not at all. */
export async function deleteManifest(
  api: RegistryApi,
  from: Repository,
  reference: string,
  signal?: AbortSignal,
): Promise<void> {
  const target = manifestPath(from, reference);
  await remove(api, from, { reference, target }, signal);
}

/** `DELETE /v2/<name>/blobs/<digest>` (end-10). */
export async function deleteBlob(
  api: RegistryApi,
  from: Repository,
  blob: Descriptor,
  signal?: AbortSignal,
): Promise<void> {
  const target = `/v2/${from.repository}/blobs/${blob.digest}`;
  await remove(api, from, { reference: blob.digest, target }, signal);
}

async function remove(
  api: RegistryApi,
  from: Repository,
  { reference, target }: { readonly reference: string; readonly target: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  const purpose: Purpose = { ...from, action: 'delete', reference };
  const scopes = [repositoryScope(from.repository, 'delete')];
  const call: Call = { purpose, scopes, method: 'DELETE', target };
  const answer = await api.call(call, signal);
  if (answer.status !== 202 && answer.status !== 200 && answer.status !== 204) {
    if (answer.status !== 405) throw await api.failure(answer, purpose);
    await answer.discard();
    const feature = isDigest(reference) ? 'deleting' : 'deleting a tag';
    throw new AppError({ code: 'registry-unsupported', registry: from.registry, feature });
  }
  await answer.discard();
}

function manifestPath({ repository }: Repository, reference: string): string {
  return `/v2/${repository}/manifests/${encodeURIComponent(reference)}`;
}
