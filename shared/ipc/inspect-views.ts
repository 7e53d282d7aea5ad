import type { Digest } from '../oci/digest.ts';

// What the inspection of an image answers: registry, environment, waste, programs. Sizes are in bytes, `layerIndex`
// counts layers base first from 0, paths of files have `/` and start at the layer's root (`Files/Windows`).

/** A sentence for the reader: what could not be read, or what is not known. */
export interface InspectNote {
  readonly kind: 'info' | 'warning';
  readonly text: string;
}

/* Registry */

/** What people look for in a registry. */
export const registryGroups = [
  'services',
  'drivers',
  'programs',
  'environment',
  'run-keys',
  'file-associations',
  'fonts',
  'other',
] as const;
export type RegistryGroup = (typeof registryGroups)[number];
export type RegistryChangeKind = 'added' | 'modified' | 'deleted';

/** A value as it is shown. `text` is cut where it is long; `size` is that of the data. */
export interface RegistryValueView {
  /** Empty for the default value of a key. */
  readonly name: string;
  /** `REG_SZ` and so on. */
  readonly type: string;
  readonly text: string;
  readonly size: number;
  /** The layer that wrote it. */
  readonly layerIndex: number;
}

/** A hive of the cumulative view. */
export interface RegistryHiveView {
  /** Where Windows mounts it: `HKLM\SOFTWARE`, `HKU\.DEFAULT`, `Users\app (NTUSER.DAT)`. */
  readonly mount: string;
  /** The files that it is made of, base first; several where layers above the base bring delta hives. */
  readonly files: readonly {
    readonly layerIndex: number;
    readonly path: string;
    readonly kind: 'whole' | 'delta';
    readonly size: number;
  }[];
  /** Why it cannot be read; its keys are then missing. */
  readonly problem?: string;
}

/** A key in a list of keys. */
export interface RegistryKeyRow {
  readonly name: string;
  /** From the mount: `HKLM\SOFTWARE\Microsoft`. */
  readonly path: string;
  readonly subkeys: number;
  readonly values: number;
  /** ISO 8601; of the last layer that wrote the key. */
  readonly modified: string;
  readonly layerIndex: number;
  /** What the layer did to the key itself or to its values. */
  readonly change?: RegistryChangeKind;
}

/** One page of the subkeys of a key; with an empty path, the hives. */
export interface RegistryKeyPage {
  readonly path: string;
  readonly hives: readonly RegistryHiveView[];
  readonly keys: readonly RegistryKeyRow[];
  readonly totalKeys: number;
  readonly values: readonly RegistryValueView[];
  readonly totalValues: number;
  readonly sddl?: string;
  readonly modified?: string;
  readonly notes: readonly InspectNote[];
}

/** A value that a layer added, changed or removed. */
export interface RegistryValueChange {
  readonly name: string;
  readonly change: RegistryChangeKind;
  readonly before?: { readonly type: string; readonly text: string; readonly size: number };
  readonly after?: { readonly type: string; readonly text: string; readonly size: number };
}

/** One thing that changed: a service, a program, a variable, or a key. */
export interface RegistryChangeRow {
  readonly group: RegistryGroup;
  /** What people call it: a service's display name, a program with its version, the name of a variable. */
  readonly title: string;
  /** The key, from the mount. */
  readonly path: string;
  readonly change: RegistryChangeKind;
  /** What is told of it at a glance: start mode and image path of a service, version and publisher of a program. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** Of the key and of what is below it (then `name` is `subkey\name`); at most 200. */
  readonly values: readonly RegistryValueChange[];
  readonly totalValues: number;
  /** Marks of a delta hive as they stand in it, such as `tombstone`. */
  readonly marks: readonly string[];
}

/** What a layer changed in the registry, page by page. */
export interface RegistryChangesPage {
  readonly rows: readonly RegistryChangeRow[];
  readonly total: number;
  /** Of the whole layer, for groups that have any. */
  readonly groups: readonly {
    readonly group: RegistryGroup;
    readonly added: number;
    readonly modified: number;
    readonly deleted: number;
  }[];
  /** The hive files that the layer holds. */
  readonly files: readonly {
    readonly path: string;
    readonly kind: 'whole' | 'delta' | 'log';
    readonly size: number;
  }[];
  readonly notes: readonly InspectNote[];
}

/** A place in the registry where something was found. */
export interface RegistryHit {
  /** The name of the key itself, the name of a value, or its data. */
  readonly found: (typeof registryParts)[number];
  /** The key, from the mount. */
  readonly path: string;
  /** The layer that wrote the key or the value last. */
  readonly layerIndex: number;
  readonly value?: RegistryValueView;
}

export const registryParts = ['key', 'name', 'data'] as const;

/** What was found in all hives, page by page. */
export interface RegistryFoundPage {
  readonly rows: readonly RegistryHit[];
  readonly total: number;
  readonly searchedKeys: number;
  readonly notes: readonly InspectNote[];
}

/* Environment */

/** Where a value of the environment comes from. */
export type VariableSource =
  /** A value of the registry; `key` from the mount. */
  | {
      readonly kind: 'machine' | 'user';
      readonly key: string;
      readonly layerIndex: number;
      readonly type: string;
    }
  /** `config.Env`; `createdBy` is the history entry that set it last, `dockerfileLine` counts from 0. */
  | {
      readonly kind: 'config';
      readonly createdBy?: string;
      readonly historyPosition?: number;
      readonly dockerfileLine?: number;
    }
  /** Windows sets it when a process starts. */
  | { readonly kind: 'windows' };

/** A variable as a process of the image sees it. */
export interface EnvironmentVariable {
  /** As it is spelled where it was set last. */
  readonly name: string;
  /** With `%NAME%` replaced where Windows replaces it. */
  readonly value: string;
  /** As it stands in the registry or the config, where that differs. */
  readonly raw?: string;
  /** Several for a PATH that Windows puts together from machine and user. */
  readonly sources: readonly VariableSource[];
  /** Values that this one hides, nearest first. */
  readonly hidden: readonly { readonly value: string; readonly source: VariableSource }[];
}

/** Something about the environment that surprises people, and how to mend it. */
export interface EnvironmentConflict {
  readonly kind:
    | 'hidden-path'
    | 'hidden-value'
    | 'not-expanded'
    | 'double-name'
    | 'lost-system-path';
  readonly name: string;
  readonly explanation: string;
  /** For paths: the folders that cannot be found. */
  readonly folders: readonly string[];
  /** The Dockerfile line that mends it. */
  readonly fix?: string;
}

export interface EnvironmentView {
  /** The user that processes run as, from the config or the default. */
  readonly user: string;
  /** The hive that the user's variables were read from; absent where there is none. */
  readonly userHive?: string;
  readonly variables: readonly EnvironmentVariable[];
  readonly conflicts: readonly EnvironmentConflict[];
  readonly notes: readonly InspectNote[];
}

/* Waste */

export const wasteCategories = [
  'overwritten',
  'deleted',
  'installer-caches',
  'update-downloads',
  'temp',
  'package-caches',
  'component-store',
  'debug-symbols',
  'logs',
  'dumps',
  'hives',
  'other',
] as const;
export type WasteCategory = (typeof wasteCategories)[number];

/** Bytes of one category. `overwritten` and `deleted` are in no view any more; the others are still in the image. */
export interface WasteCategoryView {
  readonly category: WasteCategory;
  readonly title: string;
  readonly bytes: number;
  readonly files: number;
  /** The part in layers of your own, which your Dockerfile can avoid. */
  readonly yourBytes: number;
  readonly byLayer: readonly { readonly layerIndex: number; readonly bytes: number }[];
  readonly largest: readonly WasteFile[];
  readonly advice: string;
}

export interface WasteFile {
  readonly path: string;
  readonly bytes: number;
  /** The layer that holds the bytes. */
  readonly layerIndex: number;
  /** The layer that overwrote or deleted them. */
  readonly byLayer?: number;
}

/** A change to the Dockerfile with what it would save. Sizes are packed bytes, estimated by each layer's ratio. */
export interface WhatIf {
  readonly kind: 'merge' | 'move' | 'clean-up';
  readonly title: string;
  readonly fromLayer: number;
  readonly toLayer: number;
  readonly category?: WasteCategory;
  readonly savedBytes: number;
  readonly savedPackedBytes: number;
  /** Of the image, packed. */
  readonly predictedSize: number;
  /** Lines for the Dockerfile, and what they replace where that is known. */
  readonly edit: { readonly replaces: readonly string[]; readonly lines: readonly string[] };
  readonly explanation: string;
}

export interface WasteView {
  /** Packed (compressed) bytes of all layers. */
  readonly packedSize: number;
  /** Bytes of the content of all layers. */
  readonly contentSize: number;
  /** Bytes that lower layers hold and no view shows. */
  readonly wastedBytes: number;
  readonly yourWastedBytes: number;
  /** 0 to 1. */
  readonly efficiency: number;
  /** How `efficiency` is defined, in one sentence. */
  readonly efficiencyFormula: string;
  /** The first layer of your own; equal to the number of layers if there is none. */
  readonly firstOwnLayer: number;
  readonly categories: readonly WasteCategoryView[];
  readonly whatIfs: readonly WhatIf[];
  readonly notes: readonly InspectNote[];
}

/* Programs */

export type ProgramArchitecture = 'x86' | 'amd64' | 'arm' | 'arm64' | 'any-cpu' | 'other';

/** How a library that a program imports was found. */
export type LibraryResolution =
  | { readonly kind: 'file'; readonly path: string }
  /** An API set; `by` says whether the base's own schema or a rule of ours knows the host. */
  | { readonly kind: 'api-set'; readonly host: string; readonly by: 'schema' | 'file' | 'rule' }
  /** `optional`: an extension API set or a delayed import, which a program can do without. */
  | { readonly kind: 'missing'; readonly optional: boolean };

export interface ProgramImport {
  readonly library: string;
  readonly delayed: boolean;
  readonly resolution: LibraryResolution;
}

export interface ProgramRow {
  readonly path: string;
  readonly layerIndex: number;
  readonly size: number;
  readonly kind: 'program' | 'library' | 'driver';
  readonly architecture: ProgramArchitecture;
  readonly managed: boolean;
  /** `console`, `window`, `native`, ... */
  readonly subsystem: string;
  readonly verdict: 'runs' | 'missing-libraries' | 'wrong-architecture' | 'needs-wow64' | 'damaged';
  /** One sentence for everything but `runs`. */
  readonly problem?: string;
  readonly imports: readonly ProgramImport[];
}

/** A base image of the store as a place for the image's programs. */
export interface BaseVerdict {
  readonly reference: string;
  readonly manifestDigest: Digest;
  readonly packedSize: number;
  readonly hasWow64: boolean;
  readonly satisfied: boolean;
  /** Libraries that it lacks; at most 50. */
  readonly missing: readonly string[];
  /** Programs of another architecture, or 32-bit ones without WoW64. */
  readonly unsuitable: number;
}

export interface ProgramsPage {
  readonly rows: readonly ProgramRow[];
  readonly total: number;
  readonly totals: {
    readonly programs: number;
    readonly libraries: number;
    readonly runs: number;
    readonly missingLibraries: number;
    readonly wrongArchitecture: number;
    readonly needsWow64: number;
    readonly damaged: number;
  };
  /** Whether the image has `Windows/SysWOW64`. */
  readonly hasWow64: boolean;
  /** How API sets were resolved. */
  readonly apiSets: 'schema' | 'rule';
  readonly notes: readonly InspectNote[];
}

/** The bases of the store as places for the programs of an image. */
export interface ProgramBases {
  /** Smallest first. */
  readonly bases: readonly BaseVerdict[];
  /** The smallest of them that has everything. */
  readonly smallestBase?: string;
}
