import { explain } from '../../../shared/failure.ts';
import type { BuildEvent } from '../../../shared/ipc/build-events.ts';
import type { PipelineImageState } from '../../../shared/ipc/pipeline-views.ts';
import { counted, formatDuration } from '../text/units.ts';

interface Building {
  readonly image: string;
  steps: number;
  done: number;
}

/** Tells a pipeline in lines that only ever follow one another, each behind the name of its image. */
export class PipelineProgress {
  readonly #builds = new Map<string, Building>();
  readonly #write: (line: string) => void;
  readonly #width: number;

  constructor(images: readonly string[], write: (line: string) => void) {
    this.#write = write;
    this.#width = Math.max(0, ...images.map(({ length }) => length));
  }

  image(image: string, state: PipelineImageState): void {
    switch (state.kind) {
      case 'waiting':
        return;
      case 'running':
        this.#builds.set(state.buildId, { image, steps: 0, done: 0 });
        return this.#say(image, `build ${state.buildId} begins`);
      case 'built':
        return this.#say(image, `DONE in ${formatDuration(state.durationMs)}`);
      case 'failed':
        return this.#say(image, `ERROR ${explain(state.failure).message.split('\n')[0] ?? ''}`);
      case 'stopped':
        return this.#say(
          image,
          state.because === undefined ? 'stopped' : `left out: ${state.because} failed`,
        );
    }
  }

  /** Tells what a build is about: how many steps, each step that ended, and its warnings. */
  build(buildId: string, event: BuildEvent): void {
    const building = this.#builds.get(buildId);
    if (building === undefined) return;
    switch (event.kind) {
      case 'build-planned':
        building.steps = event.stages.reduce((sum, { steps }) => sum + steps.length, 0);
        return this.#say(building.image, counted(building.steps, 'step'));
      case 'step-finished':
        building.done += 1;
        return this.#say(
          building.image,
          `${building.done}/${building.steps} ${event.outcome === 'cached' ? 'CACHED' : 'done'}`,
        );
      case 'step-warning':
        return this.#say(
          building.image,
          `WARNING line ${event.range.start.line + 1}: ${event.message}`,
        );
      default:
    }
  }

  #say(image: string, text: string): void {
    this.#write(`[${image}]${' '.repeat(this.#width - image.length)} ${text}`);
  }
}
