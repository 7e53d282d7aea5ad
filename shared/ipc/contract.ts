import { z } from 'zod';
import type { Failure } from '../failure.ts';
import type {
  AppInfo,
  BaseFamily,
  BaseTag,
  ContextPaths,
  FileContent,
  ProjectView,
  RecentProject,
  Settings,
  TemplateView,
} from './app-views.ts';
import { settingsChangeSchema, windowsChoices } from './app-views.ts';
import type { BuildEvent } from './build-events.ts';
import { buildRequestSchema } from './build-request.ts';
import type {
  BuildDetail,
  BuildPlanView,
  BuildSummary,
  EventPage,
  KeptFile,
  KeptStepView,
  LogMatches,
  LogPage,
} from './build-views.ts';
import type { HostCapabilities } from './host-views.ts';
import type {
  ComparePage,
  EntryDetail,
  FilePage,
  ImageDetail,
  ImageSummary,
  LayerTotals,
  RemovalPreview,
  TreemapCell,
} from './image-views.ts';
import type { ExtractedFile, FilePreview, FoundPage, PathHistory } from './layer-views.ts';
import { registryGroups, registryParts } from './inspect-views.ts';
import type {
  EnvironmentView,
  ProgramBases,
  ProgramsPage,
  RegistryChangesPage,
  RegistryFoundPage,
  RegistryKeyPage,
  WasteView,
} from './inspect-views.ts';
import type { UpdateView } from './update-views.ts';
import type { channels, eventNames } from './names.ts';
import { pipelineInputs, type PipelineEvents, type PipelineOutputs } from './pipeline-contract.ts';
import type { PreflightView } from './preflight-views.ts';
import { registryInputs, type RegistryEvents, type RegistryOutputs } from './registry-contract.ts';
import {
  historyFilter,
  storageInputs,
  type StorageEvents,
  type StorageOutputs,
} from './storage-contract.ts';

const text = z.string().min(1).max(4096);
const count = z.int().nonnegative();
const page = { offset: count.default(0), limit: z.int().min(1).max(5000).default(500) };
const nothing = z.strictObject({});
const build = z.strictObject({ buildId: text });
const image = z.strictObject({ reference: text });
const layerAt = { reference: text, layerIndex: count };
const view = z.enum(['layer', 'cumulative']).default('layer');
const sort = z.enum(['name', 'size', 'change']).default('size');
const changes = z
  .array(z.enum(['added', 'modified', 'deleted', 'metadata', 'unchanged']))
  .max(5)
  .optional();
const fileKinds = [
  'directory',
  'file',
  'hard-link',
  'symlink',
  'junction',
  'stream',
  'whiteout',
] as const;
/** Bytes of a file in one answer. */
const previewLimit = 1024 * 1024;
/** A Dockerfile may be large; the parser's own limit is 16 MiB. */
const document = z.string().max(16 * 1024 * 1024);

/** What the renderer may ask for. It is checked where it arrives. */
export const inputs = {
  'app.info': nothing,
  /** What this machine can do; asked anew each time. */
  'host.capabilities': nothing,
  'app.diagnostics': nothing,
  'settings.get': nothing,
  'settings.set': settingsChangeSchema,
  'dialog.openFolder': nothing,
  'dialog.openFile': z.strictObject({ title: text }),
  'dialog.saveFile': z.strictObject({ title: text, suggestedName: text }),
  'project.current': nothing,
  'project.open': z.strictObject({ dir: text }),
  'project.openSample': nothing,
  'project.close': nothing,
  /** What COPY can take from a folder of the build context; `file` is the Dockerfile, `directory` is '' for the root. */
  'project.paths': z.strictObject({ file: text, directory: z.string().max(4096) }),
  'project.recent': nothing,
  'project.forget': z.strictObject({ dir: text }),
  'project.templates': nothing,
  'project.applyTemplate': z.strictObject({
    template: text,
    windows: z.enum(windowsChoices).default('ltsc2022'),
  }),
  'file.read': z.strictObject({ file: text }),
  'file.write': z.strictObject({ file: text, text: document, version: z.string().max(200) }),
  'file.saveDraft': z.strictObject({ file: text, text: document }),
  'file.discardDraft': z.strictObject({ file: text }),
  'build.plan': buildRequestSchema,
  /** What is known of a build before a byte is fetched. */
  'build.preflight': buildRequestSchema,
  'build.start': buildRequestSchema,
  'build.cancel': build,
  'build.list': z.strictObject({ ...page, ...historyFilter }),
  'build.get': build,
  'build.events': z.strictObject({
    buildId: text,
    fromSeq: count,
    limit: z.int().min(1).max(10_000).default(2000),
  }),
  'build.log': z.strictObject({
    buildId: text,
    stepId: text.optional(),
    fromLine: count,
    count: z.int().min(1).max(5000),
  }),
  'build.searchLog': z.strictObject({
    buildId: text,
    stepId: text.optional(),
    text,
    matchCase: z.boolean().default(false),
    fromLine: count.default(0),
    limit: z.int().min(1).max(10_000).default(1000),
  }),
  'build.saveLog': z.strictObject({ buildId: text, file: text }),
  'build.delete': build,
  /** A file that was saved of a failed step. */
  'build.file': z.strictObject({ buildId: text, stepId: text, name: text }),
  'kept.list': nothing,
  /** Runs a line in the scratch of a failed step; a container is started with the first one. */
  'kept.run': z.strictObject({ buildId: text, line: z.string().min(1).max(8192) }),
  'kept.files': z.strictObject({ buildId: text, folder: z.string().min(1).max(32_768) }),
  /** Ends the container; the scratch stays. */
  'kept.close': build,
  /** Removes the scratch. */
  'kept.drop': build,
  ...pipelineInputs,
  'image.list': nothing,
  'image.detail': image,
  'image.tag': z.strictObject({ source: text, target: text }),
  'image.removePreview': image,
  'image.remove': image,
  'image.save': z.strictObject({
    reference: text,
    file: text,
    format: z.enum(['oci-archive', 'docker-archive', 'oci-layout']),
  }),
  'image.load': z.strictObject({ file: text }),
  'image.makeSamples': nothing,
  'layer.totals': z.strictObject(layerAt),
  'layer.children': z.strictObject({
    ...layerAt,
    ...page,
    view,
    sort,
    directory: z.string().max(32_768),
    changes,
  }),
  'layer.search': z.strictObject({ ...layerAt, ...page, view, text, changes }),
  'layer.treemap': z.strictObject({
    ...layerAt,
    view,
    directory: z.string().max(32_768),
    limit: z.int().min(1).max(500).default(80),
  }),
  'layer.entry': z.strictObject({ ...layerAt, path: z.string().min(1).max(32_768) }),
  'layer.compare': z.strictObject({
    left: z.strictObject(layerAt),
    right: z.strictObject(layerAt),
    ...page,
    text: z.string().max(4096).optional(),
  }),
  'layer.find': z.strictObject({
    reference: text,
    ...page,
    // Part of the path, in any case; `\\` means `/`.
    text: z.string().max(4096).optional(),
    // `*`, `?` and `**` as in a .dockerignore; without a `/` it is matched against the name alone.
    glob: z.string().min(1).max(4096).optional(),
    // Bytes, both ends included.
    minSize: count.optional(),
    maxSize: count.optional(),
    // Milliseconds since 1970, both ends included.
    modifiedFrom: z.int().optional(),
    modifiedTo: z.int().optional(),
    // At least the first 8 hex digits of the sha256 of the content.
    contentHash: z
      .string()
      .regex(/^(?:sha256:)?[0-9a-f]{8,64}$/i)
      .optional(),
    kinds: z.array(z.enum(fileKinds)).max(fileKinds.length).optional(),
    state: z.enum(['shown', 'hidden', 'any']).default('any'),
  }),
  'layer.history': z.strictObject({ reference: text, path: z.string().min(1).max(32_768) }),
  'layer.preview': z.strictObject({
    ...layerAt,
    path: z.string().min(1).max(32_768),
    offset: count.default(0),
    length: z.int().min(1).max(previewLimit).default(65_536),
  }),
  'layer.extract': z.strictObject({
    ...layerAt,
    path: z.string().min(1).max(32_768),
    file: text,
  }),
  'inspect.registryKey': z.strictObject({
    ...layerAt,
    ...page,
    /** `''` for the hives, else from the mount: `HKLM\\SOFTWARE\\Microsoft`, in any case. */
    path: z.string().max(32_768).default(''),
  }),
  'inspect.registryChanges': z.strictObject({
    ...layerAt,
    ...page,
    group: z.enum(registryGroups).optional(),
    /** A part of a title, path, name or text, in any case. */
    text: z.string().max(4096).optional(),
  }),
  'inspect.registrySearch': z.strictObject({
    ...layerAt,
    ...page,
    /** A part of a name or of data, in any case. */
    text: z.string().max(4096).optional(),
    /** The whole of it: `*` stands for anything, `?` for one character. With a `\\` it is the path of a key. */
    glob: z.string().min(1).max(256).optional(),
    parts: z.array(z.enum(registryParts)).max(registryParts.length).optional(),
    onlyThisLayer: z.boolean().default(false),
  }),
  'inspect.environment': image,
  'inspect.waste': image,
  'inspect.programs': z.strictObject({
    ...page,
    reference: text,
    /** Only programs of this layer; all above the base otherwise. */
    layerIndex: count.optional(),
    /** Only programs with a problem. */
    problemsOnly: z.boolean().default(false),
    text: z.string().max(4096).optional(),
  }),
  'update.state': nothing,
  'update.check': nothing,
  'update.download': nothing,
  'update.install': nothing,
  'inspect.programBases': image,
  'base.families': nothing,
  'base.tags': z.strictObject({ family: text }),
  'base.stored': z.strictObject({ repository: text }),
  ...registryInputs,
  ...storageInputs,
} as const satisfies { readonly [C in (typeof channels)[number]]: z.ZodType };

/** What is answered. The engine is trusted, so answers are typed and not checked. */
export interface Outputs extends PipelineOutputs, RegistryOutputs, StorageOutputs {
  'app.info': AppInfo;
  'host.capabilities': HostCapabilities;
  /** A text for whoever is to help; nothing secret is in it. */
  'app.diagnostics': { readonly text: string };
  'settings.get': Settings;
  'settings.set': Settings;
  'dialog.openFolder': { readonly path?: string };
  'dialog.openFile': { readonly path?: string };
  'dialog.saveFile': { readonly path?: string };
  'project.current': { readonly project?: ProjectView };
  'project.open': ProjectView;
  'project.openSample': ProjectView;
  'project.close': null;
  'project.paths': ContextPaths;
  'project.recent': readonly RecentProject[];
  'project.forget': null;
  'project.templates': readonly TemplateView[];
  'project.applyTemplate': ProjectView;
  'file.read': FileContent;
  'file.write': { readonly version: string };
  'file.saveDraft': null;
  'file.discardDraft': null;
  'build.plan': BuildPlanView;
  'build.preflight': PreflightView;
  'build.start': { readonly buildId: string };
  'build.cancel': null;
  'build.list': { readonly builds: readonly BuildSummary[]; readonly total: number };
  'build.get': BuildDetail;
  'build.events': EventPage;
  'build.log': LogPage;
  'build.searchLog': LogMatches;
  'build.saveLog': { readonly file: string; readonly lines: number };
  'build.delete': null;
  'build.file': { readonly text: string; readonly isCut: boolean };
  'kept.list': readonly KeptStepView[];
  'kept.run': { readonly exitCode: number; readonly workingDir: string };
  'kept.files': { readonly entries: readonly KeptFile[] };
  'kept.close': null;
  'kept.drop': null;
  'image.list': readonly ImageSummary[];
  'image.detail': ImageDetail;
  'image.tag': null;
  'image.removePreview': RemovalPreview;
  'image.remove': { readonly freedBytes: number };
  'image.save': { readonly file: string; readonly bytes: number };
  'image.load': { readonly references: readonly string[] };
  'image.makeSamples': { readonly references: readonly string[] };
  'layer.totals': LayerTotals;
  'layer.children': FilePage;
  'layer.search': FilePage;
  'layer.treemap': readonly TreemapCell[];
  'layer.entry': EntryDetail;
  'layer.compare': ComparePage;
  'layer.find': FoundPage;
  'layer.history': PathHistory;
  'layer.preview': FilePreview;
  'layer.extract': ExtractedFile;
  'inspect.registryKey': RegistryKeyPage;
  'inspect.registryChanges': RegistryChangesPage;
  'inspect.registrySearch': RegistryFoundPage;
  'inspect.environment': EnvironmentView;
  'inspect.waste': WasteView;
  'inspect.programs': ProgramsPage;
  'inspect.programBases': ProgramBases;
  'update.state': UpdateView;
  'update.check': UpdateView;
  'update.download': UpdateView;
  'update.install': null;
  'base.families': readonly BaseFamily[];
  'base.tags': readonly BaseTag[];
  /** As `base.tags`, of any repository. */
  'base.stored': readonly BaseTag[];
}

/** What is told unasked. */
export interface Events extends PipelineEvents, RegistryEvents, StorageEvents {
  /** New events of a build, in order and without a gap; output lines are left out (see `build.log`). */
  'build.events': { readonly buildId: string; readonly events: readonly BuildEvent[] };
  /** The build's log has grown to `total` lines. */
  'build.logGrew': { readonly buildId: string; readonly total: number };
  /** What a line that runs in a kept step writes. */
  'kept.output': {
    readonly buildId: string;
    readonly stream: 'stdout' | 'stderr';
    readonly lines: readonly string[];
  };
  'kept.changed': null;
  'builds.changed': null;
  'images.changed': null;
  'project.changed': { readonly project?: ProjectView };
  /** A file of the open project was asked for from outside of the page. */
  'project.fileWanted': { readonly file: string };
  /** An archive of images was dropped on the window, or opened with the app. */
  'image.archiveWanted': { readonly file: string };
  'settings.changed': Settings;
  'update.changed': UpdateView;
  /** The host's menu or a deep link asks for an action of the command registry. */
  'app.command': { readonly command: string };
  /** A long request tells how far it is; `current` and `total` are in `unit`. */
  'task.progress': {
    readonly task: string;
    readonly label: string;
    readonly current: number;
    readonly total?: number;
    readonly unit: 'bytes' | 'files' | 'layers';
    readonly done: boolean;
  };
}

export type Channel = keyof Outputs & (typeof channels)[number];
export type EventName = keyof Events & (typeof eventNames)[number];
/** What a handler receives: checked, defaults filled in. */
export type Input<C extends Channel> = z.output<(typeof inputs)[C]>;
/** What a caller passes. */
export type InputOf<C extends Channel> = z.input<(typeof inputs)[C]>;
export type Output<C extends Channel> = Outputs[C];

/** What comes back from every request: failures are data, never exceptions. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };
