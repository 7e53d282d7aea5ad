import { z } from 'zod';
import type { Digest } from '../oci/digest.ts';
import { runOptionsSchema } from './build-request.ts';

/** What the app is and where it runs. */
export interface AppInfo {
  readonly version: string;
  readonly mode: 'electron' | 'serve';
  /** `win32`, `linux`, `darwin`. */
  readonly os: string;
  /** Windows build such as `10.0.26100.1742`; absent elsewhere. */
  readonly hostBuild?: string;
  /** Whether native dialogs exist; without them paths are typed. */
  readonly dialogs: boolean;
  readonly backends: readonly {
    readonly backend: 'portable' | 'hcs';
    readonly available: boolean;
    readonly reason: string;
  }[];
  readonly storeDir: string;
  readonly storeBytes: number;
}

/** Sizes of panes in percent, by layout and pane. Few enough that the file stays one to read. */
const paneSizes = z
  .record(z.string().max(60), z.record(z.string().max(60), z.number().min(0).max(100)))
  .refine(layouts => Object.keys(layouts).length <= 100, 'has more than 100 layouts');

const settingsFields = {
  /** How RUN runs on this host; secrets belong to one build. */
  run: runOptionsSchema.omit({ secrets: true }),
  theme: z.enum(['system', 'light', 'dark', 'high-contrast']),
  fontSize: z.int().min(10).max(24),
  backend: z.enum(['auto', 'portable', 'hcs']),
  timestamps: z.enum(['normalize', 'preserve']),
  compression: z.enum(['gzip', 'zstd']),
  platform: z.string().max(200),
  wrapLog: z.boolean(),
  /** Looks for a newer version at every start; nothing else goes out by itself. */
  checkForUpdates: z.boolean(),
  /** The welcome of the first start was seen. */
  welcomed: z.boolean(),
  showTimestamps: z.boolean(),
  paneSizes,
  /** What is removed by itself: nothing, what nothing needs, or also what the two limits say. */
  cleanup: z.enum(['off', 'unused', 'limits']),
  /** Of the whole store, in GB. */
  cleanupGigabytes: z.int().min(1).max(100_000),
  /** For what was not used. */
  cleanupDays: z.int().min(1).max(3650),
};

export const settingsSchema = z.strictObject({
  theme: settingsFields.theme.default('system'),
  fontSize: settingsFields.fontSize.default(13),
  backend: settingsFields.backend.default('auto'),
  timestamps: settingsFields.timestamps.default('normalize'),
  compression: settingsFields.compression.default('gzip'),
  platform: settingsFields.platform.default(''),
  wrapLog: settingsFields.wrapLog.default(false),
  checkForUpdates: settingsFields.checkForUpdates.default(false),
  welcomed: settingsFields.welcomed.default(false),
  showTimestamps: settingsFields.showTimestamps.default(true),
  paneSizes: settingsFields.paneSizes.default({}),
  run: settingsFields.run.prefault({}),
  cleanup: settingsFields.cleanup.default('off'),
  cleanupGigabytes: settingsFields.cleanupGigabytes.default(50),
  cleanupDays: settingsFields.cleanupDays.default(30),
});
/** Some settings. Not `settingsSchema.partial()`: zod fills defaults in there as well, and would reset the rest. */
export const settingsChangeSchema = z.strictObject({
  theme: settingsFields.theme.exactOptional(),
  fontSize: settingsFields.fontSize.exactOptional(),
  backend: settingsFields.backend.exactOptional(),
  timestamps: settingsFields.timestamps.exactOptional(),
  compression: settingsFields.compression.exactOptional(),
  platform: settingsFields.platform.exactOptional(),
  wrapLog: settingsFields.wrapLog.exactOptional(),
  checkForUpdates: settingsFields.checkForUpdates.exactOptional(),
  welcomed: settingsFields.welcomed.exactOptional(),
  showTimestamps: settingsFields.showTimestamps.exactOptional(),
  paneSizes: settingsFields.paneSizes.exactOptional(),
  run: settingsFields.run.exactOptional(),
  cleanup: settingsFields.cleanup.exactOptional(),
  cleanupGigabytes: settingsFields.cleanupGigabytes.exactOptional(),
  cleanupDays: settingsFields.cleanupDays.exactOptional(),
});
export type Settings = z.output<typeof settingsSchema>;

/** A folder that the user opened. */
export interface ProjectView {
  readonly dir: string;
  readonly name: string;
  /** Files one can edit, relative to the folder with `/`: Dockerfiles and .dockerignore files, Dockerfile first. */
  readonly files: readonly string[];
  /** The image reference that Build tags: what was used last, or the folder's name. */
  readonly suggestedTag: string;
  readonly sample: boolean;
}

export interface RecentProject {
  readonly dir: string;
  readonly name: string;
  readonly openedAt: number;
  readonly missing: boolean;
}

/** What a build can copy out of one folder of its context, in order of names; without what `.dockerignore` leaves out. */
export interface ContextPaths {
  readonly entries: readonly { readonly name: string; readonly kind: 'file' | 'directory' }[];
  /** The folder holds more than are listed. */
  readonly isCut: boolean;
}

/** `version` changes whenever the file changes; a write names the version that it replaces. */
export interface FileContent {
  readonly file: string;
  readonly text: string;
  readonly version: string;
  /** Unsaved text kept from an earlier session (hot exit). */
  readonly draft?: string;
}

/** The Windows that a template can be for: `ltsc2022` starts on hosts of both. */
export const windowsChoices = ['ltsc2022', 'ltsc2025'] as const;
export type WindowsChoice = (typeof windowsChoices)[number];

export interface TemplateView {
  readonly template: string;
  readonly title: string;
  readonly description: string;
  /** Whether its Dockerfile has RUN, which needs Windows. */
  readonly needsRun: boolean;
  /** The file that makes it fit this folder; absent where it is only offered. */
  readonly detected?: string;
  /** What was read off the folder, and why a version was chosen: whole sentences. */
  readonly found?: readonly string[];
}

/** Can an image with this os.version run on this host (shared/windows/host-compatibility)? */
export interface HostVerdictView {
  readonly kind: 'process' | 'hyperv-only' | 'impossible' | 'unknown' | 'not-windows';
  readonly reason: string;
  readonly remedy?: string;
}

/** A family of base images in the catalogue. */
export interface BaseFamily {
  readonly family: string;
  readonly title: string;
  readonly repository: string;
  readonly publisher: string;
  /** What it is for, in a sentence or two. */
  readonly purpose: string;
  readonly goodFor: readonly string[];
  readonly notFor: readonly string[];
  /** Tags can be listed now (local store or embedded registry); otherwise why not. */
  readonly available: boolean;
  readonly unavailableReason?: string;
  readonly sample: boolean;
}

/** One tag of a base image, for one platform. Sizes are in bytes, compressed. */
export interface BaseTag {
  readonly reference: string;
  readonly tag: string;
  /** `ltsc2022`, `ltsc2025`, ... where known. */
  readonly channel?: string;
  readonly releaseName?: string;
  readonly osVersion?: string;
  readonly architecture: string;
  /** A tag that names one exact version, as against one that moves. */
  readonly pinned: boolean;
  readonly created?: string;
  /** The last day of mainstream support, where that ends before all support. */
  readonly mainstreamEnds?: string;
  readonly supportEnds?: string;
  /** The month of the last security update that is in it, such as `2024-11`, where known. */
  readonly updateMonth?: string;
  readonly manifestDigest: Digest;
  /** Digest to pin: of the index where there is one. */
  readonly pinDigest: Digest;
  readonly layers: number;
  readonly size: number;
  readonly downloadBytes: number;
  readonly local: boolean;
  readonly verdict: HostVerdictView;
}
