import { error, type Finding } from '../dockerfile/finding.ts';
import { startOfText } from '../source-range.ts';
import type { ZPipelineImage } from './zpipeline.ts';

export interface PipelineWaves {
  /** By image: how many waves have to be built before it, from 0. */
  readonly waveOf: ReadonlyMap<string, number>;
  /** Dependencies that are not there, and cycles. */
  readonly findings: readonly Finding[];
}

/** Puts the images of a pipeline into waves: all that an image needs is in an earlier one. */
export function pipelineWaves(images: readonly ZPipelineImage[]): PipelineWaves {
  const names = new Set(images.map(({ name }) => name.value));
  const findings = images.flatMap(({ dependsOn, name }) =>
    dependsOn.flatMap(({ range, value }) =>
      names.has(value)
        ? []
        : error(
            'zpipeline-dependency',
            range,
            `${name.value} depends on ${value}, which is no image of this file.`,
          ),
    ),
  );
  const waveOf = new Map<string, number>();
  let waiting = images;
  for (let wave = 0; waiting.length > 0; wave++) {
    const ready = waiting.filter(({ dependsOn }) =>
      dependsOn.every(({ value }) => waveOf.has(value) || !names.has(value)),
    );
    if (ready.length === 0) return { waveOf, findings: [...findings, cycleIn(waiting)] };
    for (const { name } of ready) waveOf.set(name.value, wave);
    waiting = waiting.filter(image => !ready.includes(image));
  }
  return { waveOf, findings };
}

/** Walks from image to image until one comes back: that is a cycle, since each of them waits. */
function cycleIn(waiting: readonly ZPipelineImage[]): Finding {
  const byName = new Map(waiting.map(image => [image.name.value, image]));
  const path: ZPipelineImage[] = [];
  let [image] = waiting;
  while (image !== undefined && !path.includes(image)) {
    path.push(image);
    const next: string | undefined = image.dependsOn.find(({ value }) => byName.has(value))?.value;
    image = next === undefined ? undefined : byName.get(next);
  }
  const cycle = image === undefined ? path : path.slice(path.indexOf(image));
  const names = [...cycle, ...cycle.slice(0, 1)].map(({ name }) => name.value);
  const range = (cycle[0]?.dependsOn[0] ?? cycle[0]?.name)?.range;
  return error(
    'zpipeline-cycle',
    range ?? startOfText,
    `These images need each other: ${names.join(' needs ')}.`,
  );
}
