import type { HandlersFor } from '../answer.ts';
import type { Pipelines } from '../pipelines.ts';
import { plainSegments } from '../project/plain-path.ts';
import type { Projects } from '../project/projects.ts';

interface PipelineParts {
  readonly projects: Projects;
  readonly pipelines: Pipelines;
}

type PipelineChannel = 'pipeline.plan' | 'pipeline.start' | 'pipeline.cancel' | 'pipeline.list';

/** Pipelines of the open folder. */
export function pipelineHandlers({
  pipelines,
  projects,
}: PipelineParts): HandlersFor<PipelineChannel> {
  const plain = (file: string): string => plainSegments('file', file).join('/');
  return {
    'pipeline.plan': async ({ file }) => await pipelines.plan(projects.requireDir(), plain(file)),
    'pipeline.start': async ({ file, ...choice }) =>
      await pipelines.start(projects.requireDir(), plain(file), choice),
    'pipeline.cancel': async ({ pipelineId }) => {
      pipelines.cancel(pipelineId);
      return null;
    },
    'pipeline.list': async () => pipelines.list(),
  };
}
