import { z } from 'zod';
import { buildRequestSchema } from './build-request.ts';
import type { PipelineRunView, PipelineView } from './pipeline-views.ts';

const text = z.string().min(1).max(4096);
const chosen = { backend: true, compression: true, noCache: true, timestamps: true } as const;

/** The part of the contract that is about pipelines. `file` is relative to the project, with `/`. */
export const pipelineInputs = {
  'pipeline.plan': z.strictObject({ file: text }),
  'pipeline.start': z.strictObject({ file: text, ...buildRequestSchema.pick(chosen).shape }),
  'pipeline.cancel': z.strictObject({ pipelineId: text }),
  'pipeline.list': z.strictObject({}),
} as const;

export interface PipelineOutputs {
  'pipeline.plan': PipelineView;
  'pipeline.start': PipelineRunView;
  'pipeline.cancel': null;
  /** Newest first. */
  'pipeline.list': readonly PipelineRunView[];
}

export interface PipelineEvents {
  /** An image of a pipeline is farther, or all of it has ended. */
  'pipeline.changed': PipelineRunView;
}
