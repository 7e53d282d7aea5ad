import type {
  OnTransferEvent,
  BlobOutcome,
  ConsideredImage,
} from '../../../shared/ipc/transfer-events.ts';
import type { Descriptor, Platform } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { Host } from '../../../shared/windows/host-compatibility.ts';
import type { ArtifactPlace } from '../image/artifact-place.ts';

/** What every transfer takes. */
export interface TransferSettings {
  readonly onEvent?: OnTransferEvent;
  readonly signal?: AbortSignal;
}

/** Which images of an index are wanted. A reference that names a single image gives that image in any case. */
export type ImageChoice =
  /** What runs best on the host; elsewhere than on Windows the newest Windows image of the architecture. */
  | { readonly kind: 'host'; readonly host: Host; readonly architecture: string }
  /** What matches the platform; of several the one that suits the host best. */
  | { readonly kind: 'platform'; readonly platform: Platform; readonly host: Host }
  | { readonly kind: 'all' };

/**
 * Where foreign layers (image-spec, "Non-Distributable Layers") come from, such as those of old Windows bases: the
 * registry and then their `urls`; the registry only; or they are left out.
 */
export type ForeignPull = 'urls' | 'registry' | 'skip';

/** `skip` leaves foreign layers to their `urls`; `push` uploads them, which makes them ordinary layers of a new manifest. */
export type ForeignPush = 'skip' | 'push';

export interface PullOptions extends TransferSettings {
  readonly choice: ImageChoice;
  /** By default `urls`. */
  readonly foreign?: ForeignPull;
  /** Makes the indexes of the layers as well, while other layers still download; by default not. */
  readonly indexLayers?: boolean;
}

/** What a pull brought; sizes are in bytes. */
export interface PullResult {
  /** In full, as the image is named in the store. */
  readonly reference: string;
  /** Of the index or the manifest that the reference names in the registry. */
  readonly descriptor: Descriptor;
  /** The manifests whose images are now in the store. */
  readonly images: readonly { readonly digest: Digest; readonly platform: string }[];
  /** What the index offers, and why it was or was not taken; of a single image just that. */
  readonly considered: readonly ConsideredImage[];
  /** The store had everything, under this name. */
  readonly upToDate: boolean;
  readonly fetchedBytes: number;
  /** Foreign layers that were left out. */
  readonly skipped: readonly Descriptor[];
}

/** What is pushed, and where to. */
export interface PushRequest {
  /** A name or digest in the store. */
  readonly image: string;
  /** The reference in the registry; by default the image's own name. */
  readonly target?: string;
  /** Of an index only the image of this platform, as a plain manifest. */
  readonly platform?: Platform;
  /** By default `skip`. */
  readonly foreign?: ForeignPush;
}

/** What happens to one blob or manifest of a push. */
export interface PlannedUpload {
  readonly descriptor: Descriptor;
  /** A mount may be refused by the registry; then the blob is uploaded. */
  readonly action: 'present' | 'mount' | 'upload' | 'skip-foreign';
  /** Of a mount: the repository that has the blob. */
  readonly from?: string;
}

export interface PushPlan {
  /** In full. */
  readonly target: string;
  /** What the tag will name. */
  readonly descriptor: Descriptor;
  /** The image that is pushed; another one than `descriptor` where foreign layers became ordinary ones. */
  readonly source: Descriptor;
  /** What the target names now; undefined where it names nothing. */
  readonly replaces?: Digest;
  readonly blobs: readonly PlannedUpload[];
  /** Children first. */
  readonly manifests: readonly PlannedUpload[];
  /** Bytes that are sent if every mount succeeds. */
  readonly uploadBytes: number;
  /** What deserves to be said, such as that the digest changes. */
  readonly notes: readonly string[];
}

export interface PushResult {
  readonly target: string;
  readonly descriptor: Descriptor;
  readonly outcomes: readonly { readonly digest: Digest; readonly outcome: BlobOutcome }[];
  readonly sentBytes: number;
}

export interface ComposeRequest {
  /** The name that the index gets in the store. */
  readonly name: string;
  /** Names or digests in the store. What the store lacks is pulled, in the form of references in registries. */
  readonly images: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ComposedIndex {
  readonly name: string;
  readonly descriptor: Descriptor;
  /** Newest Windows first, as hosts look for them. */
  readonly entries: readonly (Descriptor & { readonly platform: Platform })[];
}

export interface BundleOptions extends TransferSettings {
  /** `fetch` takes foreign layers along, fetched where the store lacks them; `skip` leaves them to their `urls`. */
  readonly foreign: 'fetch' | 'skip';
}

/** One image of a bundle, and whether all of it is there. */
export interface BundledImage {
  readonly reference?: string;
  readonly descriptor: Descriptor;
  readonly platforms: readonly string[];
  /** `incomplete` where a blob is missing or damaged, or where an index has images that are not in the bundle. */
  readonly state: 'complete' | 'complete-but-foreign' | 'incomplete';
  readonly missing: readonly Descriptor[];
  readonly foreignMissing: readonly Descriptor[];
  /** Blobs whose content is not what their digest says. */
  readonly damaged: readonly Descriptor[];
}

/** The integrity report of a bundle; every blob was hashed. Sizes are in bytes. */
export interface BundleReport {
  readonly path: string;
  readonly images: readonly BundledImage[];
  readonly blobs: number;
  readonly bytes: number;
}

/** Moves images between registries, the store and bundles. All failures are `AppError`s; a failed transfer sets no name. */
export interface Transfers {
  /** Pulls an image into the store; the name is set last. Fails with `no-image-fits`, `disk-space`, `registry-*`, ... */
  pull(reference: string, options: PullOptions): Promise<PullResult>;
  /** Says what a push would send, and sends nothing. Fails with `image-missing` or `image-incomplete`. */
  planPush(request: PushRequest, settings?: TransferSettings): Promise<PushPlan>;
  /** Pushes blobs, then manifests, children first, then the tag. */
  push(request: PushRequest, settings?: TransferSettings): Promise<PushResult>;
  /** Makes one index of several Windows images, so that one tag serves every host. Fails with `index-refused`. */
  composeIndex(request: ComposeRequest, settings?: TransferSettings): Promise<ComposedIndex>;
  /** Writes images of the store to one OCI archive. Fails with `image-incomplete` where more than foreign layers is missing. */
  exportBundle(
    images: readonly string[],
    path: string,
    options: BundleOptions,
  ): Promise<BundleReport>;
  /** An artifact under a name in a registry. Throws `reference-invalid`; nothing is asked before it is used. */
  artifact(reference: string): ArtifactPlace;
  /** Brings a bundle in. Damaged and incomplete images are not named in the store, and told in the report. */
  importBundle(path: string, settings?: TransferSettings): Promise<BundleReport>;
}
