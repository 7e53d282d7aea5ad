import { z } from 'zod';

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
  /** Which base images are pulled: those that the store lacks, all (the registry's may be newer), none. */
  pull: z.enum(['missing', 'always', 'never']).default('missing'),
  compression: z.enum(['gzip', 'zstd']).default('gzip'),
  backend: z.enum(['auto', 'portable', 'hcs']).default('auto'),
  /** Seconds since 1970 for every time in the image (reproducible-builds.org). */
  sourceDateEpoch: z.int().nonnegative().optional(),
  /** `normalize` gives every copied file the image's time; `preserve` keeps the file's own. */
  timestamps: z.enum(['normalize', 'preserve']).default('normalize'),
});
export type BuildRequest = z.output<typeof buildRequestSchema>;
export type BuildRequestInput = z.input<typeof buildRequestSchema>;
