import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { buildRequestSchema, type BuildRequest } from '../../shared/ipc/build-request.ts';
import type {
  PipelineImageState,
  PipelineRunView,
  PipelineView,
} from '../../shared/ipc/pipeline-views.ts';
import { checkPipeline, planPipeline } from '../engine/pipeline/plan-pipeline.ts';
import {
  pipelineStatus,
  runPipeline,
  type PipelineBuilds,
} from '../engine/pipeline/run-pipeline.ts';
import type { EventSink } from './event-hub.ts';

/** Runs that are over are remembered for those who look again. */
const mostRemembered = 20;
const jobs = 2;

/** What the window chooses for all builds of a pipeline. */
export type PipelineChoice = Pick<
  BuildRequest,
  'backend' | 'compression' | 'noCache' | 'timestamps'
>;

/** Pipelines of this session. */
export interface Pipelines {
  /** `projectDir` is absolute, `file` relative to it. Nothing is built. */
  plan(projectDir: string, file: string): Promise<PipelineView>;
  /** Starts the builds and says so at once. Fails with `dockerfile-invalid`, and where a path is not allowed. */
  start(projectDir: string, file: string, choice: PipelineChoice): Promise<PipelineRunView>;
  cancel(pipelineId: string): void;
  /** Newest first. */
  list(): readonly PipelineRunView[];
}

export interface PipelinesOptions {
  readonly builds: PipelineBuilds;
  readonly events: EventSink;
  /** Fails where a build would read what the user did not open. */
  readonly checkPaths: (request: BuildRequest) => Promise<void>;
}

interface Run {
  view: PipelineRunView;
  readonly controller: AbortController;
}

export function createPipelines({ builds, checkPaths, events }: PipelinesOptions): Pipelines {
  const runs = new Map<string, Run>();

  function change(run: Run, part: Partial<PipelineRunView>): void {
    run.view = { ...run.view, ...part };
    events.emit('pipeline.changed', run.view);
  }

  function setState(run: Run, image: string, state: PipelineImageState): void {
    const images = run.view.images.map(one => (one.image === image ? { image, state } : one));
    change(run, { images });
  }

  return {
    async plan(projectDir, file) {
      const { findings, images, pushAfterAll } = await planPipeline(path.join(projectDir, file));
      return {
        findings: findings.map(({ message, range, rule, severity }) => ({
          severity,
          message,
          ...(range ? { range } : {}),
          ...(rule === undefined ? {} : { rule }),
        })),
        images: images.map(({ request: _request, ...image }) => image),
        pushAfterAll,
      };
    },
    async start(projectDir, file, choice) {
      const place = path.join(projectDir, file);
      const { findings, images } = await planPipeline(place);
      checkPipeline(place, findings);
      const wanted = images.map(({ dependsOn, image, request }) => ({
        dependsOn,
        image,
        request: buildRequestSchema.parse({
          ...request,
          ...choice,
          noCache: choice.noCache || request.noCache === true,
        }),
      }));
      for (const { request } of wanted) await checkPaths(request);
      const run: Run = {
        controller: new AbortController(),
        view: {
          pipelineId: randomUUID(),
          file,
          status: 'running',
          images: wanted.map(({ image }) => ({ image, state: { kind: 'waiting' } })),
        },
      };
      remember(runs, run);
      const options = { builds, jobs, failFast: true };
      const onChange = (image: string, state: PipelineImageState): void =>
        setState(run, image, state);
      void runPipeline(wanted, { ...options, onChange }, run.controller.signal).then(states =>
        change(run, { status: pipelineStatus(states.values()) }),
      );
      return run.view;
    },
    cancel: pipelineId => runs.get(pipelineId)?.controller.abort(),
    list: () => [...runs.values()].map(({ view }) => view).toReversed(),
  };
}

function remember(runs: Map<string, Run>, run: Run): void {
  runs.set(run.view.pipelineId, run);
  const over = [...runs.values()].filter(({ view }) => view.status !== 'running');
  for (const { view } of over.slice(0, Math.max(0, runs.size - mostRemembered)))
    runs.delete(view.pipelineId);
}
