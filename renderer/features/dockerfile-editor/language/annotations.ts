import type { Instruction } from '../../../../shared/dockerfile/ast.ts';
import { explain, type Failure } from '../../../../shared/failure.ts';
import { cacheStoryDetails, tellCacheStory } from '../../../../shared/ipc/cache-words.ts';
import type { StepCacheStory } from '../../../../shared/ipc/step-cache.ts';
import { formatBytes, formatDuration, formatTime } from '../../../components/format.ts';
import { visible } from '../../../components/visible.ts';
import type { BuildView, StepView } from '../../../stores/build-view.ts';
import { placesOf, withoutPlace } from '../../../stores/failure-places.ts';
import type { Analysis, Stage } from './analysis.ts';

/** What a build says at the end of a line. */
export interface Annotation {
  /** From 0. */
  readonly line: number;
  readonly text: string;
  readonly tone: 'ran' | 'cached' | 'running' | 'failed';
  /** The text has changed since, here or above, so that a new build may do otherwise. */
  readonly isStale: boolean;
  /** Absent where the build failed before its first step. */
  readonly stepId?: string;
  /** Of a step that failed. */
  readonly failure?: Failure;
  readonly instruction: Instruction;
  /** Why the step ran or what it was taken from, in lines. */
  readonly why?: readonly string[];
}

/** The whole message is in the list of problems; at the line it must not be wider than the text. */
const longestReason = 100;

/** Puts what is known of a build's steps at the instructions that they came from, as far as those still stand there. */
export function annotationsOf(analysis: Analysis, build: BuildView): readonly Annotation[] {
  const annotations: Annotation[] = [];
  const stale = new Set<number>();
  for (const planned of build.stages) {
    const stage = analysis.stages[planned.stage];
    if (stage === undefined) continue;
    const steps = build.steps.filter(step => step.stage === planned.stage);
    const isOnStale = analysis.stages.some(
      ({ index, name }) => stale.has(index) && name !== undefined && uses(stage, name),
    );
    const matched = matchStage(stage, steps, isOnStale);
    if (matched.isStale) stale.add(stage.index);
    annotations.push(...matched.annotations);
  }
  return [...annotations, ...failedBefore(analysis, build)];
}

/** A build that failed before its first step may still say where, as long as an instruction stands there. */
function failedBefore(analysis: Analysis, { failure, steps }: BuildView): Annotation[] {
  if (failure === undefined || steps.some(({ state }) => state.kind === 'failed')) return [];
  return placesOf(failure).flatMap(({ range, message }) => {
    const { line } = range.start;
    const instruction = analysis.dockerfile.instructions.find(
      one => one.range.start.line <= line && line <= one.range.end.line,
    );
    // A RUN that was blamed and is gone leaves nothing to blame.
    const isGone = failure.code === 'run-needs-windows' && !mayRun(instruction);
    if (instruction === undefined || isGone) return [];
    const text = `failed: ${shortened(message)}`;
    return [{ line, text, tone: 'failed', isStale: false, failure, instruction }];
  });
}

function mayRun(instruction: Instruction | undefined): boolean {
  return instruction?.keyword === 'RUN' || instruction?.keyword === 'ONBUILD';
}

function uses(stage: Stage, name: string): boolean {
  if (stage.from.image.text.toLowerCase() === name) return true;
  return stage.instructions.some(
    one => one.keyword === 'COPY' && one.from?.text.toLowerCase() === name,
  );
}

interface Matched {
  readonly annotations: readonly Annotation[];
  /** The stage is not what was built any more, here or below. */
  readonly isStale: boolean;
}

/** Goes through both lists side by side; what was added or changed makes all that follows stale. */
function matchStage(stage: Stage, steps: readonly StepView[], isOnStale: boolean): Matched {
  const annotations: Annotation[] = [];
  const instructions = [stage.from, ...stage.instructions];
  let isStale = isOnStale;
  let at = 0;
  for (const step of steps) {
    const found = instructions.findIndex((one, index) => index >= at && one.text === step.text);
    // A trigger of the base image stands in no line; it repeats the place of FROM.
    const isTrigger = found < 0 && step.keyword !== 'FROM' && startsWithFrom(steps, step);
    if (isTrigger) continue;
    if (found !== at) isStale = true;
    const instruction = instructions[found];
    if (instruction === undefined) continue;
    at = found + 1;
    const annotation = annotate(instruction, step, isStale);
    if (annotation !== undefined) annotations.push(annotation);
  }
  return { annotations, isStale: isStale || at < instructions.length };
}

function startsWithFrom(steps: readonly StepView[], step: StepView): boolean {
  const from = steps[0]?.range.start;
  return step.range.start.line === from?.line && step.range.start.character === from.character;
}

function annotate(
  instruction: Instruction,
  { state, stepId }: StepView,
  isStale: boolean,
): Annotation | undefined {
  const { range } = instruction;
  const common = { line: range.start.line, isStale, stepId, instruction };
  switch (state.kind) {
    case 'ran':
    case 'cached': {
      const { cache, layer, durationMs } = state;
      const time = state.kind === 'cached' ? 'cached' : formatDuration(durationMs);
      const size = layer === undefined ? 'no layer' : formatBytes(layer.compressedSize);
      const isFrom = instruction.keyword === 'FROM';
      const text = [time, ...(isFrom ? [] : [size]), ...(cache ? shortWhy(cache) : [])].join(' · ');
      return { ...common, tone: state.kind, text, ...(cache ? { why: whyLines(cache) } : {}) };
    }
    case 'running':
      return { ...common, tone: 'running', text: 'running…' };
    case 'failed': {
      const { failure } = state;
      return {
        ...common,
        tone: 'failed',
        text: `failed: ${shortened(explain(failure).message)}`,
        failure,
      };
    }
    case 'waiting':
    case 'stopped':
      return undefined;
  }
}

/** Behind the line only what is different: that something is as before is said by "cached". */
function shortWhy(story: StepCacheStory): readonly string[] {
  const isTold = story.kind !== 'matched' && story.kind !== 'base' && story.kind !== 'never-built';
  return isTold ? [shortened(visible(tellCacheStory(story, formatTime)))] : [];
}

function whyLines(story: StepCacheStory): readonly string[] {
  const isFrom = story.kind === 'matched' || story.kind === 'base';
  const first = `${isFrom ? 'Cached' : 'Ran'}: ${tellCacheStory(story, formatTime)}`;
  return [first, ...cacheStoryDetails(story, formatTime)].map(line => visible(line));
}

/** The first line, without the place: that is where it is shown. */
function shortened(message: string): string {
  const line = withoutPlace(message.split('\n', 1)[0] ?? '');
  return line.length > longestReason ? `${line.slice(0, longestReason)}…` : line;
}

/** The newest build of a Dockerfile, given absolute paths. */
export function latestBuildOf(
  views: Iterable<BuildView>,
  contextDir: string,
  file: string,
): BuildView | undefined {
  let latest: BuildView | undefined;
  const dockerfile = `${contextDir}/${file}`;
  for (const view of views) {
    if (view.contextDir !== contextDir || slashed(view.dockerfile) !== slashed(dockerfile))
      continue;
    if (latest === undefined || view.startedAt > latest.startedAt) latest = view;
  }
  return latest;
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
