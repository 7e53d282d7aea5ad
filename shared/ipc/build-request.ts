import { z } from 'zod';
import { cachePlaceSchema, cacheTargetSchema } from './cache-place.ts';

/** A secret that a RUN may mount: where its value is, never the value itself. */
const secretSource = z.union([
  /** Absolute path of a file. */
  z.strictObject({ file: z.string().min(1) }),
  /** Name of a variable in the environment of the process that builds. */
  z.strictObject({ env: z.string().min(1) }),
]);
export type SecretSource = z.output<typeof secretSource>;

const mebibyte = 1024 * 1024;

/** How RUN runs on a Windows host. Sizes are in bytes. */
export const runOptionsSchema = z.strictObject({
  isolation: z.enum(['auto', 'process', 'hyperv']).default('auto'),
  memoryBytes: z
    .int()
    .min(64 * mebibyte)
    .optional(),
  cpus: z.int().min(1).max(1024).optional(),
  /** Of the volume that RUN writes to; Windows' own default is 20 GiB. */
  scratchBytes: z
    .int()
    .min(1024 * mebibyte)
    .optional(),
  /** `default` is the NAT network, `none` is none; else the name of a network of the host. */
  network: z.string().min(1).max(200).default('default'),
  /** After so many seconds a RUN is ended; absent for no limit. */
  timeoutSeconds: z.int().min(1).max(604_800).optional(),
  secrets: z.record(z.string().min(1), secretSource).default({}),
  /** The scratch of a RUN that fails stays, so that it can be looked into. */
  keepFailed: z.boolean().default(false),
});
export type RunOptions = z.output<typeof runOptionsSchema>;

/** What a build is asked to do; the same for the window, `serve` and the command line. */
export const buildRequestSchema = z.strictObject({
  /** Absolute path of the folder with the build context. */
  contextDir: z.string().min(1),
  /** Absolute path of the Dockerfile; by default `Dockerfile` in the context. */
  dockerfile: z.string().min(1).optional(),
  tags: z.array(z.string().min(1)).max(64).default([]),
  target: z.string().min(1).optional(),
  buildArgs: z.record(z.string(), z.string()).default({}),
  /** `windows/amd64`, `windows(10.0.20348)/amd64`, `windows/arm64`. */
  platform: z.string().min(1).optional(),
  /** Named contexts: a folder's absolute path or an image reference `docker-image://...`. */
  namedContexts: z.record(z.string(), z.string()).default({}),
  labels: z.record(z.string(), z.string()).default({}),
  noCache: z.boolean().default(false),
  /** Stages whose steps run anew, by name (in any case) or number. */
  noCacheFilter: z.array(z.string().min(1)).max(64).default([]),
  /** The line of the Dockerfile (from 1) from whose instruction on the steps of its stage run anew. */
  rerunFrom: z.int().min(1).optional(),
  /** Shared caches that steps may be taken from, in the order in which they are asked. */
  cacheFrom: z.array(cachePlaceSchema).max(16).default([]),
  /** Where the steps of the build are written for other machines. */
  cacheTo: z.array(cacheTargetSchema).max(16).default([]),
  /** Which base images are pulled: those that the store lacks, all (the registry's may be newer), none. */
  pull: z.enum(['missing', 'always', 'never']).default('missing'),
  compression: z.enum(['gzip', 'zstd']).default('gzip'),
  backend: z.enum(['auto', 'portable', 'hcs']).default('auto'),
  /** Seconds since 1970 for every time in the image (reproducible-builds.org). */
  sourceDateEpoch: z.int().nonnegative().optional(),
  /** `normalize` gives every copied file the image's time; `preserve` keeps the file's own. */
  timestamps: z.enum(['normalize', 'preserve']).default('normalize'),
  run: runOptionsSchema.prefault({}),
});
export type BuildRequest = z.output<typeof buildRequestSchema>;
export type BuildRequestInput = z.input<typeof buildRequestSchema>;
