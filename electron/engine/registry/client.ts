import { createApi } from './api.ts';
import { createAuthorizer } from './authorizer.ts';
import { certificateFolders } from './certificates.ts';
import type { CredentialSource } from './credentials.ts';
import { dockerCredentials } from './docker-credentials.ts';
import { dockerFolder } from './docker-config.ts';
import type { Environment } from './dispatcher.ts';
import { readForeign } from './foreign.ts';
import { isLoopback } from './hosts.ts';
import { listReferrers, listRepositories, listTags } from './listings.ts';
import { createMirrors, type Place } from './mirrors.ts';
import { createOriginFinder } from './origins.ts';
import { followingRedirects } from './redirects.ts';
import type { RegistryClient } from './registry-client.ts';
import { defaultRetryPolicy, retrying, type RetryPolicy } from './retries.ts';
import { getManifest, hasBlob, headManifest, openBlob, ping } from './reading.ts';
import { createTransport, defaultTimeoutMs, defaultUserAgent } from './transport.ts';
import { uploadContent } from './upload.ts';
import { deleteBlob, deleteManifest, mountBlob, putManifest } from './writing.ts';

export interface RegistryClientOptions {
  /** Docker's by default: `config.json` and helper programs. */
  readonly credentials?: CredentialSource;
  /** Registries (`host` or `host:port`) that may be without TLS, or with certificates that nobody vouches for. */
  readonly insecureRegistries?: readonly string[];
  /** Registry to where its content is looked for first: `host[:port][/prefix of repositories]`. */
  readonly mirrors?: ReadonlyMap<string, readonly string[]>;
  /** More folders like Docker's `certs.d`; they come first. */
  readonly certificateFolders?: readonly string[];
  /** For proxies and DOCKER_CONFIG; that of the process by default. */
  readonly environment?: Environment;
  readonly userAgent?: string;
  /** For connecting, for an answer to begin, and between two pieces of it. */
  readonly timeoutMs?: number;
  readonly retryPolicy?: RetryPolicy;
}

/** Makes a client for all registries. Its connections stay open until it is disposed of. */
export function createRegistryClient(options: RegistryClientOptions = {}): RegistryClient {
  const policy = options.retryPolicy ?? defaultRetryPolicy;
  const { api, send, transport } = connected(options, policy);
  const mirrors = createMirrors(options.mirrors ?? new Map());
  const withoutSinglePost = new Set<string>();

  return {
    ping: async (registry, signal) => await ping(api, registry, signal),
    catalog: (registry, signal) => listRepositories(api, registry, signal),
    tags: (repository, signal) => listTags(api, repository, signal),
    referrers: async (repository, subject, signal) =>
      await listReferrers(api, repository, subject, signal),
    async headManifest(repository, reference, signal) {
      const read = async (place: Place) => await headManifest(api, place, reference, signal);
      return await mirrors.first(repository, read, signal);
    },
    async manifest(repository, reference, signal) {
      const read = async (place: Place) => await getManifest(api, place, reference, signal);
      return await mirrors.first(repository, read, signal);
    },
    hasBlob: async (repository, blob, signal) => await hasBlob(api, repository, blob, signal),
    async *readBlob(repository, blob, offset, signal) {
      if (offset >= blob.size) return;
      const open = async (place: Place) => await openBlob(api, place, { blob, offset }, signal);
      yield* await mirrors.first(repository, open, signal);
    },
    readForeign: (url, blob, offset, signal) => readForeign(send, url, { blob, offset }, signal),
    mountBlob: async (to, blob, from, signal) => await mountBlob(api, to, { blob, from }, signal),
    async uploadBlob(to, blob, content, { onProgress, signal } = {}) {
      const watched = onProgress === undefined ? {} : { onProgress };
      await uploadContent(
        api,
        { to, blob, content, policy, withoutSinglePost, ...watched },
        signal,
      );
    },
    putManifest: async (to, reference, manifest, signal) =>
      await putManifest(api, to, { reference, manifest }, signal),
    deleteManifest: async (from, reference, signal) =>
      await deleteManifest(api, from, reference, signal),
    deleteBlob: async (from, blob, signal) => await deleteBlob(api, from, blob, signal),
    forgetCredentials: registry => api.forget(registry),
    [Symbol.asyncDispose]: async () => await transport[Symbol.asyncDispose](),
  };
}

/** Puts the parts together that every endpoint needs. */
function connected(options: RegistryClientOptions, policy: RetryPolicy) {
  const environment = options.environment ?? process.env;
  const insecure = new Set(options.insecureRegistries);
  const isInsecure = (host: string) =>
    insecure.has(host) || insecure.has(host.replace(/:\d+$/, ''));
  const allowsHttp = (host: string) => isLoopback(host) || isInsecure(host);
  const transport = createTransport({
    environment,
    certificateFolders: [
      ...(options.certificateFolders ?? []),
      ...certificateFolders(environment, dockerFolder(environment)),
    ],
    isInsecure,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    userAgent: options.userAgent ?? defaultUserAgent,
  });
  const send = retrying(followingRedirects(transport.send), policy);
  const credentials = options.credentials ?? dockerCredentials(environment);
  const authorizer = createAuthorizer({ send, credentials, allowsHttp });
  const findOrigin = createOriginFinder(transport.send, allowsHttp);
  return { transport, send, api: createApi({ authorizer, send, findOrigin }) };
}
