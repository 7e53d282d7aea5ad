import { explain } from '../../shared/failure.ts';
import { formatDuration, formatPlural } from '../components/format.ts';
import { elapsedMs, type BuildView } from '../stores/build-view.ts';
import type { NewNotice } from '../stores/notices.ts';
import type { App } from './context.tsx';

/** Tells how each build and pipeline ended that ran while the window was open. Gives a function that ends it. */
export function tellBuildEnds(app: App): () => void {
  const { builds, notices } = app.stores;
  const openedAt = Date.now();
  const stopPipelines = tellPipelineEnds(app);
  const stopBuilds = builds.subscribe((now, before) => {
    if (now.views === before.views) return;
    for (const [buildId, view] of now.views) {
      const former = before.views.get(buildId);
      // A build may be over before its first event arrives; what is older was only looked up.
      const ran = former ? former.status === 'running' : view.startedAt >= openedAt;
      const notice = ran ? noticeOf(view, app) : undefined;
      if (notice !== undefined) notices.getState().tell(notice);
    }
  });
  return () => {
    stopPipelines();
    stopBuilds();
  };
}

function tellPipelineEnds({ stores }: App): () => void {
  return stores.pipelines.subscribe((now, before) => {
    for (const [pipelineId, { file, images, status }] of now.runs) {
      if (before.runs.get(pipelineId)?.status !== 'running') continue;
      const { tell } = stores.notices.getState();
      const message = `Built all ${formatPlural(images.length, 'image')} of ${file}.`;
      if (status === 'succeeded') tell({ tone: 'ok', message });
      else if (status === 'cancelled') tell({ tone: 'info', message: `Stopped ${file}.` });
    }
  });
}

/** Its pipeline tells the end of all. */
function isOfPipeline({ buildId }: BuildView, { stores }: App): boolean {
  return [...stores.pipelines.getState().runs.values()].some(({ images }) =>
    images.some(({ state }) => 'buildId' in state && state.buildId === buildId),
  );
}

function noticeOf(view: BuildView, app: App): NewNotice | undefined {
  const { navigate, stores } = app;
  if (view.status !== 'failed' && isOfPipeline(view, app)) return undefined;
  if (view.status === 'succeeded' && view.result !== undefined) {
    const reference = view.result.tags[0] ?? view.result.manifestDigest;
    return {
      tone: 'ok',
      message: `Built ${reference} in ${formatDuration(elapsedMs(view, view.startedAt))}.`,
      action: { label: 'Show layers', run: () => navigate.showLayers(reference) },
    };
  }
  if (view.status === 'failed' && view.failure !== undefined) {
    // The builds in view show the failure at its step; a notice would only cover it.
    if (stores.ui.getState().surface === 'builds') return undefined;
    const { message, advice } = explain(view.failure);
    return {
      tone: 'bad',
      message: `The build failed: ${message}`,
      about: view.buildId,
      ...(advice === undefined ? {} : { advice }),
      action: { label: 'Show the log', run: () => navigate.showBuild(view.buildId) },
    };
  }
  return view.status === 'cancelled' ? { tone: 'info', message: 'Build cancelled.' } : undefined;
}
