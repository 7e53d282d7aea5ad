import { cacheStoryDetails, tellCacheStory } from '../../../shared/ipc/cache-words.ts';
import type { BuildEvent } from '../../../shared/ipc/build-events.ts';
import type { StepCacheStory } from '../../../shared/ipc/step-cache.ts';
import { timeTeller } from '../text/units.ts';
import { namedSteps } from './step-names.ts';

/** Gathers what a build says about its cache, and tells it in full. */
export interface StoryTeller {
  hear(event: BuildEvent): void;
  lines(): readonly string[];
}

interface HeardStory {
  readonly story: StepCacheStory;
  readonly time: number;
}

export function createStoryTeller(): StoryTeller {
  let names: ReturnType<typeof namedSteps> = new Map();
  const heard = new Map<string, HeardStory>();
  return {
    hear(event) {
      if (event.kind === 'build-planned') names = namedSteps(event.stages);
      if (event.kind !== 'step-finished' || !event.cache) return;
      heard.set(event.stepId, { story: event.cache, time: event.time });
    },
    lines: () =>
      [...names].flatMap(([stepId, { label }]) => {
        const told = heard.get(stepId);
        return told ? [label, ...storyLines(told).map(line => `  ${line}`)] : [];
      }),
  };
}

function storyLines({ story, time }: HeardStory): readonly string[] {
  const tellTime = timeTeller(time);
  const isFrom = story.kind === 'matched' || story.kind === 'base';
  const first = tellCacheStory(story, tellTime);
  return [isFrom ? `cached: ${first}` : `ran: ${first}`, ...cacheStoryDetails(story, tellTime)];
}
