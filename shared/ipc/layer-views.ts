import type { Digest } from '../oci/digest.ts';
import type { ChangeKind, FileRow } from './image-views.ts';

/** One entry that a search over all layers found. */
export interface FoundEntry {
  /** With `/`, from the layer's root; of a whiteout the path that it deletes. */
  readonly path: string;
  readonly name: string;
  readonly kind: FileRow['kind'];
  /** The layer that holds it, base first, from 0. */
  readonly layerIndex: number;
  /** Bytes of content. */
  readonly size: number;
  /** ISO 8601 with the 100 ns of Windows; absent for a whiteout, which has no time. */
  readonly modified?: string;
  /** First 32 hex digits of the sha256 of the content; absent for what has none. */
  readonly contentHash?: string;
  /** Where a link leads. */
  readonly target?: string;
  /** `shown`: the finished image has it; `hidden`: an upper layer has replaced or deleted it. */
  readonly state: 'shown' | 'hidden';
}

export interface FoundPage {
  /** By path, then by layer, base first. */
  readonly rows: readonly FoundEntry[];
  readonly total: number;
}

/** What one layer did to a path. */
export interface PathChange {
  readonly layerIndex: number;
  /** `deleted` as well where a directory above it was deleted or replaced. */
  readonly change: ChangeKind;
  /** What stands there after this layer; absent where it was deleted. */
  readonly kind?: FileRow['kind'];
  /** Bytes of content after this layer; 0 where it was deleted. */
  readonly size: number;
  readonly modified?: string;
  /** As in `FoundEntry`: equal for equal contents. */
  readonly contentHash?: string;
  /** Whether the layer itself deletes the path or one above it (a whiteout), or replaces one above it. */
  readonly by: 'entry' | 'whiteout' | 'replaced-parent';
  /** The path of the entry or whiteout that did it, as its layer spells it. */
  readonly at: string;
}

export interface PathHistory {
  /** As the topmost layer that has it spells it. */
  readonly path: string;
  /** Only layers that did something to it, base first. */
  readonly changes: readonly PathChange[];
}

/** What the first bytes of a file say that it is. */
export type DetectedContent =
  /** `encoding` is a label that TextDecoder knows. */
  | { readonly kind: 'text'; readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' }
  | { readonly kind: 'image'; readonly mediaType: string }
  /** Executable or library for Windows (PE). */
  | {
      readonly kind: 'pe';
      readonly machine: string;
      readonly bits: 32 | 64;
      readonly library: boolean;
      /** `Windows GUI`, `Windows console`, `native driver`, ... */
      readonly subsystem: string;
      readonly managed: boolean;
      /** ISO 8601; of reproducible builds it is a hash and no time. */
      readonly linked: string;
      readonly sections: readonly string[];
    }
  | { readonly kind: 'hive' }
  | { readonly kind: 'archive'; readonly format: string }
  | { readonly kind: 'binary' }
  | { readonly kind: 'empty' };

/** Some bytes of a file and what the whole seems to be. */
export interface FilePreview {
  readonly path: string;
  /** Bytes of the whole file. */
  readonly size: number;
  /** Where `base64` starts, in bytes. */
  readonly offset: number;
  readonly base64: string;
  readonly detected: DetectedContent;
  /** The layer that holds the content (not that of a hard link which names it), base first. */
  readonly layerIndex: number;
  readonly contentHash: string;
}

export interface ExtractedFile {
  readonly file: string;
  readonly bytes: number;
  readonly digest: Digest;
}
