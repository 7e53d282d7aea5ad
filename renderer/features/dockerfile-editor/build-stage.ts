import type { App } from '../../app/context.tsx';
import { buildRequestOf } from '../../stores/build-request.ts';
import { openProject } from '../../stores/project.ts';

/** Saves everything, builds up to a stage and shows the build. Throws what the host answered. */
export async function buildStage(
  { stores, navigate }: App,
  stage: string,
  isLast: boolean,
): Promise<void> {
  await stores.project.getState().saveAll();
  const state = stores.project.getState();
  const { settings } = stores.settings.getState();
  const request = buildRequestOf(openProject(state), settings, {
    currentFile: state.currentFile,
    tag: isLast ? state.tag : stageTag(state.tag, stage),
    target: stage,
    secrets: stores.nextBuild.getState().secrets,
  });
  navigate.showBuild(await stores.builds.getState().start(request));
}

/** A tag of the stage's own, so that a part of an image does not take the place of the whole. */
export function stageTag(tag: string, stage: string): string {
  const name = tag
    .trim()
    .replace(/@.*$/, '')
    .replace(/:[^/:]*$/, '');
  return name === '' ? '' : `${name}:stage-${stage}`;
}
