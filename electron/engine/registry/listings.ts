import { z } from 'zod';
import { AppError } from '../../../shared/failure.ts';
import { descriptorSchema, type Descriptor } from '../../../shared/oci/descriptor.ts';
import { digestHex, type Digest } from '../../../shared/oci/digest.ts';
import { mediaTypes } from '../../../shared/oci/media-types.ts';
import type { Purpose } from './answer-failure.ts';
import type { Call, RegistryApi } from './api.ts';
import type { RegistryAnswer } from './exchange.ts';
import { pages } from './paging.ts';
import type { Repository } from './registry-client.ts';
import { catalogScope, repositoryScope } from './scopes.ts';

const pageSize = 1000;
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const repositoryPattern = /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/;

// Go writes an empty list as null.
const tagsSchema = z.looseObject({ tags: z.array(z.string()).nullish() });
const catalogSchema = z.looseObject({ repositories: z.array(z.string()).nullish() });
const referrersSchema = z.looseObject({ manifests: z.array(descriptorSchema).nullish() });

/** `GET /v2/<name>/tags/list` (end-8). Names that break the grammar of tags are left out: nothing can be done with them. */
export async function* listTags(
  api: RegistryApi,
  { registry, repository }: Repository,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const purpose: Purpose = { registry, repository, action: 'pull' };
  const first: Call = {
    purpose,
    scopes: [repositoryScope(repository, 'pull')],
    method: 'GET',
    target: `/v2/${repository}/tags/list?n=${pageSize}`,
  };
  const onRefusal = async (answer: RegistryAnswer) => {
    throw await api.failure(answer, purpose);
  };
  for await (const { tags } of pages(api, { first, schema: tagsSchema, onRefusal }, signal)) {
    for (const tag of tags ?? []) if (tagPattern.test(tag)) yield tag;
  }
}

/** `GET /v2/_catalog`, which distribution has and distribution-spec leaves out. Throws `registry-unsupported`. */
export async function* listRepositories(
  api: RegistryApi,
  registry: string,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const purpose: Purpose = { registry, action: 'list repositories' };
  const first: Call = {
    purpose,
    scopes: [catalogScope],
    method: 'GET',
    target: `/v2/_catalog?n=${pageSize}`,
  };
  const onRefusal = async (answer: RegistryAnswer) => {
    // Docker Hub has no catalog, but asks for a token first, which nobody gets.
    const isMissing = [404, 405].includes(answer.status) || registry === 'docker.io';
    if (!isMissing) throw await api.failure(answer, purpose);
    await answer.discard();
    const feature = 'listing its repositories';
    throw new AppError({ code: 'registry-unsupported', registry, feature });
  };
  for await (const { repositories } of pages(
    api,
    { first, schema: catalogSchema, onRefusal },
    signal,
  )) {
    for (const name of repositories ?? []) if (repositoryPattern.test(name)) yield name;
  }
}

// A registry without the endpoint may find the address wrong in several ways.
const noReferrers = new Set([400, 404, 405, 406]);

/**
 * `GET /v2/<name>/referrers/<digest>` (end-12a); where the registry has no such endpoint, the index under the tag
 * `sha256-<hex>` (distribution-spec, "Unavailable Referrers API"). None is an empty list.
 */
export async function listReferrers(
  api: RegistryApi,
  { registry, repository }: Repository,
  subject: Digest,
  signal?: AbortSignal,
): Promise<readonly Descriptor[]> {
  const purpose: Purpose = { registry, repository, action: 'pull', reference: subject };
  const read = async (path: string): Promise<readonly Descriptor[] | undefined> => {
    const found: Descriptor[] = [];
    let isThere = true;
    const first: Call = {
      purpose,
      scopes: [repositoryScope(repository, 'pull')],
      method: 'GET',
      target: `/v2/${repository}/${path}`,
      headers: { accept: mediaTypes.ociIndex },
    };
    const onRefusal = async (answer: RegistryAnswer) => {
      if (!noReferrers.has(answer.status)) throw await api.failure(answer, purpose);
      await answer.discard();
      isThere = false;
    };
    for await (const page of pages(api, { first, schema: referrersSchema, onRefusal }, signal)) {
      found.push(...(page.manifests ?? []));
    }
    return isThere ? found : undefined;
  };
  return (
    (await read(`referrers/${subject}`)) ??
    (await read(`manifests/sha256-${digestHex(subject)}`)) ??
    []
  );
}
