import type { App } from './context.tsx';

/** Shows the welcome once: at the first start, which opens the sample project. */
export function welcome({ stores }: App): void {
  const { settings } = stores.settings.getState();
  const { project } = stores.project.getState();
  const isSample = project.kind === 'ready' && project.value?.sample !== false;
  if (!settings.welcomed && isSample) stores.ui.getState().setOverlay('welcome');
}
