import { z } from 'zod';
import { digestSchema } from './descriptor.ts';

/** Docker's HEALTHCHECK as it stands in the config; durations are whole nanoseconds (moby image spec v1.2). */
const healthcheckSchema = z.looseObject({
  Test: z.array(z.string()).optional(),
  Interval: z.int().optional(),
  Timeout: z.int().optional(),
  StartPeriod: z.int().optional(),
  StartInterval: z.int().optional(),
  Retries: z.int().optional(),
});

/** `config` of an image: how a container of it runs (image-spec config.md, and Docker's extensions to it). */
const runConfigSchema = z.looseObject({
  User: z.string().optional(),
  ExposedPorts: z.record(z.string(), z.looseObject({})).nullish(),
  Env: z.array(z.string()).nullish(),
  Entrypoint: z.array(z.string()).nullish(),
  Cmd: z.array(z.string()).nullish(),
  Volumes: z.record(z.string(), z.looseObject({})).nullish(),
  WorkingDir: z.string().optional(),
  Labels: z.record(z.string(), z.string()).nullish(),
  StopSignal: z.string().optional(),
  /** Windows: Cmd or Entrypoint is one command line that is already quoted (moby image spec). */
  ArgsEscaped: z.boolean().optional(),
  OnBuild: z.array(z.string()).nullish(),
  Shell: z.array(z.string()).nullish(),
  Healthcheck: healthcheckSchema.optional(),
});
export type RunConfig = z.infer<typeof runConfigSchema>;

/** One entry of `history`; `empty_layer` marks an instruction that made no layer. */
const historySchema = z.looseObject({
  created: z.string().optional(),
  created_by: z.string().optional(),
  author: z.string().optional(),
  comment: z.string().optional(),
  empty_layer: z.boolean().optional(),
});
export type History = z.infer<typeof historySchema>;

/** The image config document (image-spec config.md). `diff_ids` stand base first. */
export const imageConfigSchema = z.looseObject({
  created: z.string().optional(),
  author: z.string().optional(),
  architecture: z.string(),
  os: z.string(),
  'os.version': z.string().optional(),
  'os.features': z.array(z.string()).optional(),
  variant: z.string().optional(),
  config: runConfigSchema.nullish(),
  rootfs: z.looseObject({ type: z.literal('layers'), diff_ids: z.array(digestSchema) }),
  history: z.array(historySchema).nullish(),
});
export type ImageConfig = z.infer<typeof imageConfigSchema>;
