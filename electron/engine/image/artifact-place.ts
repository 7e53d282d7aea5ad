import type { Descriptor } from '../../../shared/oci/descriptor.ts';

/** A manifest with its bytes. */
export interface ArtifactManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** An artifact (image-spec manifest.md, "Guidelines for Artifact Usage") whose layers are in the store. */
export interface OutgoingArtifact {
  readonly manifest: ArtifactManifest;
  readonly config: ArtifactManifest;
  readonly layers: readonly Descriptor[];
}

/** Told how far a blob is, in bytes. */
export type OnArtifactProgress = (current: number, total: number) => void;

/** A place that holds one artifact: a name in a registry, or a folder. */
export interface ArtifactPlace {
  /** The manifest or index that is there; undefined where nothing is. At most 4 MiB. */
  manifest(signal?: AbortSignal): Promise<ArtifactManifest | undefined>;
  /** A small blob as text, verified. Throws `image-invalid` where it is larger than 4 MiB. */
  document(blob: Descriptor, signal?: AbortSignal): Promise<string>;
  /** Brings a blob into the store, verified. The caller holds `store.lock.shared()`. */
  fetch(blob: Descriptor, onProgress: OnArtifactProgress, signal?: AbortSignal): Promise<void>;
  /** Writes the blobs that the place lacks, then the manifest. Gives the bytes that were written. */
  write(artifact: OutgoingArtifact, signal?: AbortSignal): Promise<number>;
}
