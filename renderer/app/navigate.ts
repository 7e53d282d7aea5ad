import type { Stores } from '../stores/stores.ts';
import type { Navigate } from './context.tsx';

/** Makes the ways between surfaces; each leaves a target in the `ui` store for the other surface to take. */
export function createNavigate({ ui, builds, notices }: Stores): Navigate {
  return {
    show: surface => ui.getState().show(surface),
    openEditorAt: (range, file) =>
      ui.getState().aim('editor', { range, ...(file === undefined ? {} : { file }) }),
    showLayers: (reference, layerIndex) =>
      ui.getState().aim('layers', {
        reference,
        ...(layerIndex === undefined ? {} : { layerIndex }),
      }),
    showBuild(buildId, stepId) {
      builds.getState().setCurrent(buildId);
      // It may have failed before it came into view, which shows more than the notice.
      notices.getState().dismissAbout(buildId);
      ui.getState().aim('builds', { buildId, ...(stepId === undefined ? {} : { stepId }) });
    },
    insertFrom: reference => ui.getState().aim('insertFrom', { reference }),
  };
}
