import { z } from 'zod';
import { buildStatuses } from './build-views.ts';
import type { BuildComparison, HistoryProject, TrendPoint } from './history-views.ts';
import {
  holdingKinds,
  policyKinds,
  type GarbageList,
  type RepairReport,
  type StorageUsage,
  type VerifyReport,
} from './storage-views.ts';

const text = z.string().min(1).max(4096);
const count = z.int().nonnegative();
const nothing = z.strictObject({});
const ms = z.int().min(0);

const policy = z.strictObject({
  maxBytes: count.exactOptional(),
  olderThanMs: ms.exactOptional(),
  keepLast: count.exactOptional(),
  keepTagged: z.boolean(),
  kinds: z.array(z.enum(policyKinds)).max(policyKinds.length),
});

/** What a list of builds can be narrowed by; times are in ms since 1970, `contextDir` is the whole path. */
export const historyFilter = {
  search: z.string().max(200).exactOptional(),
  status: z.array(z.enum(buildStatuses)).max(buildStatuses.length).exactOptional(),
  contextDir: text.exactOptional(),
  from: ms.exactOptional(),
  to: ms.exactOptional(),
};

/** The part of the contract that is about what the store holds, and about past builds. */
export const storageInputs = {
  'storage.usage': nothing,
  /** What would go: by a policy besides all that is of no use, or these things and nothing else. */
  'storage.preview': z.union([
    z.strictObject({ policy }),
    z.strictObject({
      items: z
        .array(z.strictObject({ kind: z.enum(holdingKinds), holdingId: text }))
        .min(1)
        .max(10_000),
    }),
  ]),
  /** Removes what the preview listed; nothing, where other things would go by now. */
  'storage.collect': z.strictObject({ previewId: text }),
  'storage.verify': z.strictObject({ deep: z.boolean().default(false) }),
  'storage.repair': z.strictObject({
    deep: z.boolean().default(false),
    /** Asks no registry. */
    offline: z.boolean().default(false),
  }),
  'history.projects': nothing,
  'history.trend': z.strictObject({
    contextDir: text,
    limit: z.int().min(1).max(500).default(60),
  }),
  /** Without another, with the one before it in the same folder. */
  'history.compare': z.strictObject({ buildId: text, otherId: text.exactOptional() }),
  'history.deleteAll': z.strictObject(historyFilter),
} as const;

export interface StorageOutputs {
  'storage.usage': StorageUsage & {
    /** The last automatic cleanup since the app was started. */
    readonly lastCleanup?: { readonly at: number; readonly freedBytes: number };
  };
  'storage.preview': GarbageList & { readonly previewId: string };
  'storage.collect': GarbageList;
  'storage.verify': VerifyReport;
  'storage.repair': RepairReport;
  'history.projects': readonly HistoryProject[];
  /** Oldest first. */
  'history.trend': readonly TrendPoint[];
  'history.compare': BuildComparison;
  'history.deleteAll': { readonly deleted: number };
}

export interface StorageEvents {
  /** Something was collected or repaired. */
  'storage.changed': null;
}
