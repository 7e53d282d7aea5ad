import type { BuildEvent } from '../../../../../shared/ipc/build-events.ts';
import type { StepCacheStory } from '../../../../../shared/ipc/step-cache.ts';

type Finished = Extract<BuildEvent, { kind: 'step-finished' }>;

/** The steps of the last build that `events` tell of, by their id. */
function lastSteps(events: readonly BuildEvent[]): ReadonlyMap<string, Finished> {
  const start = events.findLastIndex(({ kind }) => kind === 'build-started');
  const finished = events.slice(start).filter(event => event.kind === 'step-finished');
  return new Map(finished.map(event => [event.stepId, event]));
}

/** What the last build says about one step. */
export function storyOfStep(events: readonly BuildEvent[], stepId: string): StepCacheStory {
  const story = lastSteps(events).get(stepId)?.cache;
  if (!story) throw new Error(`step ${stepId} says nothing about the cache`);
  return story;
}

/** How often the steps of the last build ran, and how often they came from the cache; FROM is left out. */
export function outcomes(events: readonly BuildEvent[]): readonly string[] {
  return [...lastSteps(events).values()]
    .filter(({ stepId, cache }) => !stepId.endsWith('.0') && cache !== undefined)
    .map(({ stepId, outcome }) => `${stepId} ${outcome}`)
    .sort();
}
