import { z } from 'zod';
import { AppError } from '../../../../shared/failure.ts';
import type { ContainerStatistics } from '../host.ts';

/** The exit of a process: data of its event, or its properties (HCS schema: ProcessStatus). */
const processStatus = z.object({
  ExitCode: z.number().int().default(0),
  LastWaitResult: z.number().int().default(0),
});
/** Some builds put it into an envelope. */
const processProperties = z.object({ ProcessStatus: processStatus.optional() });

const counters = z.object({
  Processor: z.object({ TotalRuntime100ns: z.number().default(0) }).optional(),
  Memory: z
    .object({
      MemoryUsagePrivateWorkingSetBytes: z.number().default(0),
      MemoryUsageCommitBytes: z.number().default(0),
    })
    .optional(),
  Storage: z
    .object({ ReadSizeBytes: z.number().default(0), WriteSizeBytes: z.number().default(0) })
    .optional(),
});
const systemProperties = counters.extend({ Statistics: counters.optional() });

const systemList = z.array(
  z.object({
    Id: z.string().optional(),
    ID: z.string().optional(),
    Owner: z.string().default(''),
    IsRuntimeTemplate: z.boolean().default(false),
    RuntimeImagePath: z.string().default(''),
  }),
);

/** The exit code, as an unsigned 32-bit number. Fails with `host-answer-invalid`. */
export function exitCodeOf(api: string, document: string): number {
  const parsed = parse(api, document);
  const inner = processProperties.safeParse(parsed).data?.ProcessStatus;
  const status = inner ?? check(api, processStatus, parsed);
  if (status.LastWaitResult !== 0) {
    throw invalid(api, `waiting for the process failed with ${status.LastWaitResult}`);
  }
  return status.ExitCode >>> 0;
}

/** Fails with `host-answer-invalid`. */
export function statisticsOf(api: string, document: string): ContainerStatistics {
  const outer = check(api, systemProperties, parse(api, document));
  const { Processor, Memory, Storage } = outer.Statistics ?? outer;
  return {
    cpuMs: (Processor?.TotalRuntime100ns ?? 0) / 10_000,
    bytesRead: Storage?.ReadSizeBytes ?? 0,
    bytesWritten: Storage?.WriteSizeBytes ?? 0,
    memoryBytes: Memory?.MemoryUsagePrivateWorkingSetBytes ?? Memory?.MemoryUsageCommitBytes ?? 0,
  };
}

/** A compute system as HcsEnumerateComputeSystems lists it. */
export interface ListedSystem {
  readonly systemId: string;
  readonly owner: string;
  /** The `UtilityVM` folder that a template VM was made of; '' for any other compute system. */
  readonly templateOf: string;
}

/** Fails with `host-answer-invalid`. */
export function listedSystems(api: string, document: string): readonly ListedSystem[] {
  return check(api, systemList, parse(api, document)).flatMap(listed => {
    const systemId = listed.Id ?? listed.ID ?? '';
    const templateOf = listed.IsRuntimeTemplate ? listed.RuntimeImagePath : '';
    return systemId === '' ? [] : [{ systemId, owner: listed.Owner, templateOf }];
  });
}

function parse(api: string, document: string): unknown {
  try {
    return JSON.parse(document) as unknown;
  } catch {
    throw invalid(api, document === '' ? 'nothing' : 'text that is not JSON');
  }
}

function check<T>(api: string, schema: z.ZodType<T>, value: unknown): T {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw invalid(api, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`);
}

function invalid(api: string, problem: string): AppError {
  return new AppError({ code: 'host-answer-invalid', api, problem });
}
