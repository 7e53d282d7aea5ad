import { explain, failureOf } from '../../../../../shared/failure.ts';
import type { SavedFile } from '../../../../../shared/ipc/build-events.ts';
import type { StepLayerRecord } from '../../cache/outcome.ts';
import { commit } from './commit.ts';
import { createReleases, tellIn } from './releases.ts';
import { runContainer } from './run-container.ts';
import type { OpenedScratch, RunContext, RunWork } from './run-work.ts';
import { keptStepOf, scratchName } from './scratch/kept-step.ts';
import { openScratch } from './scratch/open-scratch.ts';

/**
 * Runs the program of a RUN in a container over the image so far, and takes the layer of what it changed; undefined
 * where it changed nothing. Whatever happens, nothing of it stays on the host but what `keepFailed` asks for.
 */
export async function runStep(
  work: RunWork,
  context: RunContext,
  signal?: AbortSignal,
): Promise<StepLayerRecord | undefined> {
  const { report, stepId } = work.place;
  await using claim = await context.register.claim(scratchName(context.buildId, stepId), signal);
  if (!claim) throw new Error(`the scratch of step ${stepId} is in use`);
  const releases = createReleases(tellIn(report));
  try {
    const opened = await openScratch(work, { ...context, claim, releases }, signal);
    const stubs = await runOrKeep(opened, work, context, signal);
    return await commit({ ...opened, stubs }, work.place.report, { ...context, releases }, signal);
  } finally {
    await report.timed('teardown', async () => await releases[Symbol.asyncDispose]());
  }
}

async function runOrKeep(
  opened: OpenedScratch,
  work: RunWork,
  context: RunContext,
  signal?: AbortSignal,
): ReturnType<typeof runContainer> {
  const files: SavedFile[] = [];
  try {
    return await runContainer(
      opened,
      work,
      { ...context, onSaved: file => void files.push(file) },
      signal,
    );
  } catch (error) {
    const { report, stepId } = work.place;
    const { code } = failureOf(error);
    const isOfProgram = code === 'run-failed' || code === 'run-timeout';
    const kept =
      isOfProgram && context.request.run.keepFailed && (await keep(opened, work, context));
    if (kept)
      report.note(
        `Kept as it is: "layerwright debug ${context.buildId}" opens a shell in it, with --drop it goes.`,
      );
    for (const file of files) report.note(`Saved ${file.path} with the build, as ${file.name}.`);
    if (kept || files.length > 0) context.emit({ kind: 'step-kept', stepId, files, kept });
    throw error;
  }
}

/** Gives whether it was kept; why it could not be is told, and the failure of the program counts. */
async function keep(
  { scratch, claim }: OpenedScratch,
  work: RunWork,
  context: RunContext,
): Promise<boolean> {
  try {
    await claim.keep(keptStepOf(work, context));
    await scratch.detach();
    return true;
  } catch (error) {
    work.place.report.note(`Could not keep it: ${explain(failureOf(error)).message}`);
    await claim.forget();
    return false;
  }
}
