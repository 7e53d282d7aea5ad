/** Nanoseconds since 1970-01-01T00:00:00Z; Windows itself counts in steps of 100. */
export type Nanoseconds = bigint;

interface CommonEntry {
  /** Path inside the layer tar with `/`: `Files/Windows/notepad.exe`, `Hives/System_Delta`. No leading or trailing slash. */
  readonly path: string;
  /** Win32 file attributes (`MSWINDOWS.fileattr`). */
  readonly attributes: number;
  readonly modified: Nanoseconds;
  readonly accessed?: Nanoseconds;
  /** Windows' change time, the tar's ctime. */
  readonly changed?: Nanoseconds;
  readonly created?: Nanoseconds;
  /** Self-relative security descriptor (`MSWINDOWS.rawsd`), as raw bytes. */
  readonly securityDescriptor?: Uint8Array;
  /** `MSWINDOWS.xattr.NAME`, the values as raw bytes. */
  readonly extendedAttributes?: ReadonlyMap<string, Uint8Array>;
}

/** One entry of a Windows layer, in tar order (see hcsshim pkg/ociwclayer and go-winio backuptar). */
export type LayerEntry =
  | (CommonEntry & { readonly kind: 'directory' })
  | (CommonEntry & { readonly kind: 'file'; readonly size: number })
  /** A further name of a file that stands earlier in the tar. */
  | (CommonEntry & { readonly kind: 'hard-link'; readonly target: string })
  /** A symbolic link, or a junction / volume mount point where `mountPoint` is set. */
  | (CommonEntry & {
      readonly kind: 'symlink';
      readonly target: string;
      readonly mountPoint: boolean;
    })
  /** Alternate data stream `streamName` of the file or directory at `path`; in the tar `path:streamName`. */
  | (CommonEntry & { readonly kind: 'stream'; readonly streamName: string; readonly size: number })
  /** `.wh.NAME`: the lower layers' `path` is gone. `path` is the path that is removed. */
  | (CommonEntry & { readonly kind: 'whiteout' });
