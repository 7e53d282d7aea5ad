import type { Failure } from '../failure.ts';
import type { Digest } from '../oci/digest.ts';
import type { BaseTag } from './app-views.ts';
import type { BlobProgress, ConsideredImage } from './transfer-events.ts';

/** A registry that the user has added, or that is always there. Passwords never cross IPC in this direction. */
export interface RegistryView {
  /** `host[:port]` as references have it. */
  readonly registry: string;
  /** Microsoft's own: it cannot be removed. */
  readonly builtIn: boolean;
  /** Plain HTTP and certificates that nobody vouches for are accepted. */
  readonly insecure: boolean;
  /** Another host that is asked first. */
  readonly mirror?: string;
  /** Who is signed in; absent for nobody. An empty text where the helper names nobody (a token). */
  readonly user?: string;
  /** Where the credentials are, in words: `the keychain of this computer`, the file of Docker. */
  readonly credentialsIn?: string;
  readonly keeping: KeepingView;
}

/** Where a sign-in would be kept, in words; or why none can be (a sentence without its full stop). */
export type KeepingView = { readonly kept: string } | { readonly refused: string };

export interface RegistriesView {
  readonly registries: readonly RegistryView[];
  /** Repositories with their registry, such as `mcr.microsoft.com/windows/nanoserver`. */
  readonly favourites: readonly string[];
  /** For registries that are not listed here. */
  readonly keeping: KeepingView;
}

/** A part of a list of names; `total` counts all that fit the search. */
export interface NamePage {
  readonly names: readonly string[];
  readonly total: number;
  /** The registry has more than are ever read. */
  readonly cut: boolean;
}

/** What a tag of a registry names. */
export interface RemoteTag {
  readonly reference: string;
  readonly tag: string;
  /** Of the index, or of the manifest where there is no index. */
  readonly digest: Digest;
  readonly isIndex: boolean;
  /** The Windows images, the one that suits this host best first. */
  readonly candidates: readonly BaseTag[];
  /** Platforms of other systems that the index has. */
  readonly otherPlatforms: readonly string[];
  /** What the store has under the same name; differs from `digest` where the tag has moved since. */
  readonly storedDigest?: Digest;
}

/** A manifest or index as the registry holds it. */
export interface ManifestView {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  /** Exactly as it is stored; the digest is over these bytes. */
  readonly text: string;
}

/** A pull or a push, running or ended. Sizes are in bytes, times in ms since 1970. */
export interface TransferView {
  readonly transferId: string;
  readonly kind: 'pull' | 'push';
  /** What is pulled, or where it is pushed to. */
  readonly reference: string;
  readonly startedAt: number;
  readonly state:
    | { readonly kind: 'running'; readonly phase: 'resolving' | 'planning' | 'moving' }
    | {
        readonly kind: 'done';
        readonly digest: Digest;
        readonly movedBytes: number;
        /** Nothing had to be moved. */
        readonly upToDate: boolean;
        readonly durationMs: number;
      }
    | { readonly kind: 'failed'; readonly failure: Failure };
  readonly current: number;
  readonly total: number;
  readonly rate?: number;
  readonly secondsLeft?: number;
  /** `rate` is in bytes a second, for those that move. */
  readonly blobs: readonly (BlobProgress & { readonly rate?: number })[];
  readonly considered: readonly ConsideredImage[];
  readonly notes: readonly string[];
}

/** One blob or manifest of a push. */
export interface UploadView {
  readonly descriptor: {
    readonly digest: Digest;
    readonly mediaType: string;
    readonly size: number;
  };
  readonly action: 'present' | 'mount' | 'upload' | 'skip-foreign';
  /** The repository that a mount takes it from. */
  readonly from?: string;
}

/** What a push would send. */
export interface PushPlanView {
  readonly target: string;
  readonly descriptor: { readonly digest: Digest };
  /** What the target names now. */
  readonly replaces?: Digest;
  readonly blobs: readonly UploadView[];
  readonly manifests: readonly UploadView[];
  readonly uploadBytes: number;
  readonly notes: readonly string[];
}

/** An index that was composed of several images. */
export interface ComposedIndexView {
  readonly name: string;
  readonly digest: Digest;
  /** As `parsePlatform` reads them, the newest Windows first. */
  readonly platforms: readonly string[];
}

/** What was found when every blob of a bundle was hashed. */
export interface BundleReportView {
  readonly path: string;
  readonly images: readonly BundledImageView[];
  readonly blobs: number;
  readonly bytes: number;
}

interface BundledImageView {
  readonly reference?: string;
  readonly descriptor: { readonly digest: Digest };
  readonly platforms: readonly string[];
  readonly state: 'complete' | 'complete-but-foreign' | 'incomplete';
  readonly missing: readonly BlobView[];
  readonly foreignMissing: readonly BlobView[];
  readonly damaged: readonly BlobView[];
}

interface BlobView {
  readonly digest: Digest;
  readonly size: number;
}
