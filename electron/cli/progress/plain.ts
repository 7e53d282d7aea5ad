import { explain } from '../../../shared/failure.ts';
import type { BuildEvent, BuildEventBody, StepLayer } from '../../../shared/ipc/build-events.ts';
import { withoutSequences } from '../text/neutralize.ts';
import { tellCacheStory } from '../../../shared/ipc/cache-words.ts';
import { counted, formatBytes, formatDuration, timeTeller } from '../text/units.ts';
import { namedSteps, type NamedStep } from './step-names.ts';

/** How far a step is, without number and time. */
type StepProgress = Extract<BuildEventBody, { kind: 'step-progress' }>;
type EventOf<K extends BuildEvent['kind']> = Extract<BuildEvent, { kind: K }>;

/** How often a step that takes long says how far it is, in ms. */
const progressInterval = 5000;

interface ShownStep {
  readonly number: number;
  readonly startedAt: number;
  lastProgressAt: number;
}

/**
 * Tells a build in lines that only ever follow one another, for files, pipes and CI: `#2 [build 2/5] COPY . /src`,
 * then whatever that step says behind the same number, then `#2 DONE 0.4s`.
 */
export class PlainProgress {
  #names: ReadonlyMap<string, NamedStep> = new Map();
  readonly #shown = new Map<string, ShownStep>();
  #file = 'Dockerfile';

  /** The lines that tell this event; often none. */
  lines(event: BuildEvent): readonly string[] {
    switch (event.kind) {
      case 'build-started':
        this.#file = event.dockerfile;
        return [];
      case 'build-planned':
        this.#names = namedSteps(event.stages);
        return [];
      case 'step-started':
        return [this.#begin(event.stepId, event.time).title];
      case 'step-progress':
        return this.#progress(event);
      case 'step-output':
        return this.#output(event);
      case 'step-warning': {
        const { line, character } = event.range.start;
        const place = `${this.#file}:${line + 1}:${character + 1}`;
        return this.#of(event, `WARNING ${place}: ${event.message}`);
      }
      case 'step-finished':
        return this.#finished(event);
      case 'step-failed':
        return this.#of(event, `ERROR ${explain(event.failure).message.split('\n')[0]}`);
      // The step has said so itself.
      case 'step-kept':
      case 'build-finished':
      case 'build-failed':
        return [];
    }
  }

  /** A step that was cached may never say that it started. */
  #begin(stepId: string, time: number): { readonly shown: ShownStep; readonly title: string } {
    const shown = { number: this.#shown.size + 1, startedAt: time, lastProgressAt: time };
    this.#shown.set(stepId, shown);
    return { shown, title: `#${shown.number} ${this.#names.get(stepId)?.label ?? stepId}` };
  }

  /** A line of a step, behind its title where that is still to come. */
  #of(
    {
      stepId,
      time,
    }: EventOf<'step-progress' | 'step-output' | 'step-finished' | 'step-warning' | 'step-failed'>,
    ...texts: readonly string[]
  ): readonly string[] {
    const known = this.#shown.get(stepId);
    const { shown, title } =
      known === undefined ? this.#begin(stepId, time) : { shown: known, title: undefined };
    const lines = texts.map(text => `#${shown.number} ${text}`);
    return title === undefined ? lines : [title, ...lines];
  }

  #output(event: EventOf<'step-output'>): readonly string[] {
    const startedAt = this.#shown.get(event.stepId)?.startedAt ?? event.time;
    const seconds = ((event.time - startedAt) / 1000).toFixed(3);
    const mark = event.stream === 'note' ? 'note: ' : '';
    return this.#of(
      event,
      ...event.lines.map(line => `${seconds} ${mark}${withoutSequences(line)}`),
    );
  }

  #progress(event: EventOf<'step-progress'>): readonly string[] {
    const shown = this.#shown.get(event.stepId);
    if (shown === undefined || event.time - shown.lastProgressAt < progressInterval) return [];
    shown.lastProgressAt = event.time;
    return this.#of(event, progressText(event));
  }

  #finished(event: EventOf<'step-finished'>): readonly string[] {
    const layer = event.layer === undefined ? [] : [layerText(event.layer)];
    const end = event.outcome === 'cached' ? 'CACHED' : `DONE ${formatDuration(event.durationMs)}`;
    const { cache } = event;
    const why = cache ? [`cache: ${tellCacheStory(cache, timeTeller(event.time))}`] : [];
    return this.#of(event, ...why, ...layer, end);
  }
}

/** `compress 1.2 GB / 4.0 GB` and what it is at. */
export function progressText(event: StepProgress): string {
  const { current, detail, phase, total, unit } = event;
  const format = (amount: number): string =>
    unit === 'bytes' ? formatBytes(amount) : counted(amount, 'file');
  const amount = total === undefined ? format(current) : `${format(current)} / ${format(total)}`;
  return [phase, amount, ...(detail === undefined ? [] : [detail])].join(' ');
}

function layerText(layer: StepLayer): string {
  const sizes = `${formatBytes(layer.compressedSize)}, ${formatBytes(layer.uncompressedSize)} unpacked`;
  return `layer ${layer.digest} ${sizes}, ${counted(layer.files, 'file')}`;
}
