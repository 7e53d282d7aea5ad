import { z } from 'zod';
import { answerInvalid, readAnswer } from '../host-answer.ts';
import type { ContainerStatistics } from '../host.ts';

/** The exit of a process: data of its event, or its properties (HCS schema: ProcessStatus). */
const processStatus = z.object({
  ExitCode: z.number().int().default(0),
  LastWaitResult: z.number().int().default(0),
});
/** Some builds put it into an envelope. */
const processProperties = processStatus.extend({ ProcessStatus: processStatus.optional() });

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
  const outer = readAnswer(api, processProperties, document);
  const { ExitCode, LastWaitResult } = outer.ProcessStatus ?? outer;
  if (LastWaitResult !== 0) {
    throw answerInvalid(api, `waiting for the process failed with ${LastWaitResult}`);
  }
  return ExitCode >>> 0;
}

/** Fails with `host-answer-invalid`. */
export function statisticsOf(api: string, document: string): ContainerStatistics {
  const outer = readAnswer(api, systemProperties, document);
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
  return readAnswer(api, systemList, document).flatMap(listed => {
    const systemId = listed.Id ?? listed.ID ?? '';
    const templateOf = listed.IsRuntimeTemplate ? listed.RuntimeImagePath : '';
    return systemId === '' ? [] : [{ systemId, owner: listed.Owner, templateOf }];
  });
}
