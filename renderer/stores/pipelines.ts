import { createStore, type StoreApi } from 'zustand/vanilla';
import type { InputOf } from '../../shared/ipc/contract.ts';
import type { PipelineRunView } from '../../shared/ipc/pipeline-views.ts';
import type { Api } from '../api/api.ts';
import { settled } from './loadable.ts';

/** Pipelines that run or ran in this session of the host. */
export interface Pipelines {
  readonly runs: ReadonlyMap<string, PipelineRunView>;
  /** Starts the builds of a pipeline. Throws what the host answered. */
  readonly start: (request: InputOf<'pipeline.start'>) => Promise<void>;
  readonly cancel: (pipelineId: string) => Promise<void>;
}

export function createPipelines(api: Api): StoreApi<Pipelines> {
  return createStore<Pipelines>()((set, get) => {
    const put = (run: PipelineRunView): void =>
      set({ runs: new Map(get().runs).set(run.pipelineId, run) });
    api.on('pipeline.changed', put);
    api.onConnection(state => {
      if (state !== 'connected') return;
      void settled(api.request('pipeline.list', {})).then(answer => {
        if (answer.kind !== 'ready') return;
        // Oldest first, so that the latest run of a file is the last one.
        set({ runs: new Map(answer.value.toReversed().map(run => [run.pipelineId, run])) });
      });
    });
    return {
      runs: new Map(),
      async start(request) {
        const run = await api.request('pipeline.start', request);
        // It may have told more by now.
        if (!get().runs.has(run.pipelineId)) put(run);
      },
      async cancel(pipelineId) {
        await api.request('pipeline.cancel', { pipelineId });
      },
    };
  });
}

/** The latest run of a pipeline. */
export function latestRun({ runs }: Pipelines, file: string): PipelineRunView | undefined {
  return [...runs.values()].findLast(run => run.file === file);
}
