import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Api } from '../../api/api.ts';
import { useApp } from '../../app/context.tsx';
import type { BuildView } from '../../stores/build-view.ts';
import { createLogModel, type LogModel } from './log-model.ts';
import { createLogSearch, type LogSearch } from './log-search.ts';

export interface OpenLog {
  readonly model: LogModel;
  readonly search: LogSearch;
  readonly close: () => void;
}

const matchesAtOnce = 10_000;

function openLog(api: Api, buildId: string): OpenLog {
  const model = createLogModel((query, signal) =>
    api.request('build.log', { buildId, ...query }, signal),
  );
  const search = createLogSearch((query, signal) =>
    api.request('build.searchLog', { buildId, ...query, limit: matchesAtOnce }, signal),
  );
  const close = (): void => {
    model.close();
    search.close();
  };
  return { model, search, close };
}

/** The log of a build and the search in it, for as long as the build is shown. */
export function useLog(view: BuildView): OpenLog | undefined {
  const { api } = useApp();
  const { buildId, steps, status } = view;
  const [log, setLog] = useState<OpenLog>();
  useEffect(() => {
    const opened = openLog(api, buildId);
    // oxlint-disable-next-line react/set-state-in-effect -- what is opened has to be closed, so it is opened here
    setLog(opened);
    return opened.close;
  }, [api, buildId]);

  // oxlint-disable-next-line react/exhaustive-deps -- the end of a build brings its last lines
  useEffect(() => log?.model.update(steps, 0), [log, steps, status]);
  useEffect(() => {
    if (log === undefined) return;
    return api.on('build.logGrew', grown => {
      if (grown.buildId === buildId) log.model.update(steps, grown.total);
    });
  }, [api, log, buildId, steps]);
  useEffect(
    () =>
      log?.model.state.subscribe(({ total }, before) => {
        if (total !== before.total) log.search.grew(total);
      }),
    [log],
  );
  return log;
}

/** What the log has grown to, told at most every `everyMs` milliseconds, for those who listen. */
export function useThrottledTotal(model: LogModel, everyMs: number): number {
  const total = useStore(model.state, state => state.total);
  const [told, setTold] = useState(total);
  useEffect(() => {
    if (told === total) return;
    const timer = setTimeout(() => setTold(model.state.getState().total), everyMs);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-deps -- a timer that every new line began anew would never ring
  }, [told === total, told, model, everyMs]);
  return told;
}
