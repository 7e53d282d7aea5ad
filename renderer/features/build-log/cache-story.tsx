import { RotateCw } from 'lucide-react';
import { cacheStoryDetails, tellCacheStory } from '../../../shared/ipc/cache-words.ts';
import type { StepCacheStory } from '../../../shared/ipc/step-cache.ts';
import { Button } from '../../components/button.tsx';
import { formatAgo } from '../../components/format.ts';
import { visible } from '../../components/visible.ts';
import type { StepState, StepView } from '../../stores/build-view.ts';

/** What the cache says about a step; undefined before it is done, and for steps that only set metadata. */
function storyOf(state: StepState): StepCacheStory | undefined {
  return state.kind === 'ran' || state.kind === 'cached' ? state.cache : undefined;
}

/** Why a step ran, in a few words for the list; a first build needs none. */
export function whyWords(state: StepState, now: number): string | undefined {
  const story = storyOf(state);
  if (story === undefined || state.kind === 'cached' || story.kind === 'never-built')
    return undefined;
  return tellCacheStory(story, time => formatAgo(time, now));
}

export interface CacheStoryProps {
  readonly step: StepView;
  readonly now: number;
  /** Builds again, this step and those behind it in its stage without the cache; absent where that cannot be. */
  readonly onRerunFrom: ((step: StepView) => void) | undefined;
}

/** Why the selected step ran, or what it was taken from. */
export function CacheStory({ step, now, onRerunFrom }: CacheStoryProps) {
  const story = storyOf(step.state);
  if (story === undefined) return null;
  const tellTime = (time: number) => formatAgo(time, now);
  const details = cacheStoryDetails(story, tellTime);
  const title = step.state.kind === 'cached' ? 'What was it taken from?' : 'Why did this run?';
  return (
    <section className="steps__story" aria-label={title}>
      <h4>{title}</h4>
      <p>{visible(capitalized(tellCacheStory(story, tellTime)))}</p>
      {details.length > 0 && (
        <pre className="steps__details">{details.map(line => visible(line)).join('\n')}</pre>
      )}
      {onRerunFrom && story.kind !== 'base' && (
        <Button
          size="small"
          icon={<RotateCw aria-hidden="true" />}
          onClick={() => onRerunFrom(step)}
        >
          Run from here without cache
        </Button>
      )}
    </section>
  );
}

/** Not where it begins with the name of a file. */
function capitalized(text: string): string {
  return /^(?:same|never|asked|its|the|a step|below|no) /.test(text)
    ? text.charAt(0).toUpperCase() + text.slice(1)
    : text;
}
