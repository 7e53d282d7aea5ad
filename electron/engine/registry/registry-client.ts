import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { Bytes } from '../content/bytes.ts';

/** A repository of a registry, as `parseReference` gives it: `docker.io` and `library/nginx`. */
export interface Repository {
  readonly registry: string;
  readonly repository: string;
}

/** A manifest or an index as the registry holds it. */
export interface FetchedManifest {
  /** Digest and size are those of `bytes`, checked against what the registry said and what was asked for. */
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** How far one blob is, in bytes. */
export type OnBlobProgress = (current: number, total: number) => void;

/** Reads from registries (distribution-spec, "Pull" and "Content discovery"). All failures are `AppError`s. */
export interface RegistryReader {
  /** `GET /v2/`: signs in where that is asked for. Tells what the registry says of itself. */
  ping(registry: string, signal?: AbortSignal): Promise<{ readonly apiVersion?: string }>;
  /** All repositories, page by page. Fails with a clear refusal where the registry has no catalog. */
  catalog(registry: string, signal?: AbortSignal): AsyncIterable<string>;
  tags(repository: Repository, signal?: AbortSignal): AsyncIterable<string>;
  /** `reference` is a tag or a digest. Undefined where the registry has no such manifest. Mirrors are asked first. */
  headManifest(
    repository: Repository,
    reference: string,
    signal?: AbortSignal,
  ): Promise<Descriptor | undefined>;
  /** Fails with `registry-not-found`. At most 4 MiB are read (distribution-spec's own limit). Mirrors are asked first. */
  manifest(
    repository: Repository,
    reference: string,
    signal?: AbortSignal,
  ): Promise<FetchedManifest>;
  referrers(
    repository: Repository,
    subject: Digest,
    signal?: AbortSignal,
  ): Promise<readonly Descriptor[]>;
  /** Asks the registry itself, as a push needs it. */
  hasBlob(repository: Repository, blob: Descriptor, signal?: AbortSignal): Promise<boolean>;
  /**
   * The bytes of a blob from `offset` on. Not verified: whoever joins the pieces hashes them. After a cut the caller
   * asks again with a greater offset. Never more than `blob.size - offset` bytes. Mirrors are asked first.
   */
  readBlob(repository: Repository, blob: Descriptor, offset: number, signal?: AbortSignal): Bytes;
  /** The same from one of `blob.urls` (foreign layers), over https, without credentials. */
  readForeign(url: string, blob: Descriptor, offset: number, signal?: AbortSignal): Bytes;
}

/** Gives the content of a blob from `offset` on; asked again after a cut. */
export type ContentFrom = (offset: number) => Bytes;

/** Writes to registries (distribution-spec, "Push" and "Content management"). */
export interface RegistryWriter {
  /** Mounts a blob from another repository of the same registry; false where the registry did not. */
  mountBlob(
    to: Repository,
    blob: Descriptor,
    from: Repository,
    signal?: AbortSignal,
  ): Promise<boolean>;
  /** Uploads a blob: in one request, in chunks after a cut, resumed where the registry says it stopped. */
  uploadBlob(
    to: Repository,
    blob: Descriptor,
    content: ContentFrom,
    options?: { readonly onProgress?: OnBlobProgress; readonly signal?: AbortSignal },
  ): Promise<void>;
  /** `reference` is a tag or the digest. */
  putManifest(
    to: Repository,
    reference: string,
    manifest: FetchedManifest,
    signal?: AbortSignal,
  ): Promise<void>;
  deleteManifest(from: Repository, reference: string, signal?: AbortSignal): Promise<void>;
  deleteBlob(from: Repository, blob: Descriptor, signal?: AbortSignal): Promise<void>;
}

/** What a client remembers of who is signed in. */
export interface RegistrySignIn {
  /** To be called after signing in or out: what was learned with the old credentials no longer counts. */
  forgetCredentials(registry: string): void;
}

export type RegistryClient = RegistryReader & RegistryWriter & RegistrySignIn & AsyncDisposable;
