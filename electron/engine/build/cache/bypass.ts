import type { BuildStage } from '../../../../shared/dockerfile/stages.ts';
import { AppError } from '../../../../shared/failure.ts';
import type { BuildRequest } from '../../../../shared/ipc/build-request.ts';
import type { CacheBypass } from '../../../../shared/ipc/step-cache.ts';
import type { CachedStep } from './step-cache.ts';

type Wishes = Pick<BuildRequest, 'noCache' | 'noCacheFilter' | 'noCacheFrom'>;

/**
 * Which steps a request wants to run although they may be in the cache. Throws `bad-request` where no stage that is
 * built has an instruction at the line that it names, or behind it.
 */
export function bypassOf(
  { noCache, noCacheFilter, noCacheFrom }: Wishes,
  stages: readonly BuildStage[],
): (step: Pick<CachedStep, 'stage' | 'position'>) => CacheBypass | undefined {
  const filtered = new Set(noCacheFilter.map(name => name.toLowerCase()));
  const first = noCacheFrom === undefined ? undefined : stepAtLine(noCacheFrom, stages);
  return ({ stage, position }) => {
    if (noCache) return { kind: 'no-cache' };
    const named = [stage.name?.toLowerCase(), `${stage.index}`].find(
      name => name !== undefined && filtered.has(name),
    );
    if (named !== undefined) return { kind: 'no-cache-filter', stage: stage.name ?? named };
    const isFrom = first?.stage === stage.index && position >= first.position;
    return isFrom ? { kind: 'from-line', line: first.line } : undefined;
  };
}

interface FirstStep {
  readonly stage: number;
  /** FROM is 0. */
  readonly position: number;
  readonly line: number;
}

/** The step at a line (from 1); between instructions, the one behind it. */
function stepAtLine(line: number, stages: readonly BuildStage[]): FirstStep {
  const steps = stages.flatMap(({ index, from, instructions }) =>
    [from, ...instructions].map(({ range }, position) => ({ stage: index, position, range })),
  );
  const found = steps
    .filter(({ range }) => range.end.line >= line - 1)
    .sort((a, b) => a.range.start.line - b.range.start.line || a.position - b.position)[0];
  if (found) return { stage: found.stage, position: found.position, line };
  const problem = `no stage that is built has an instruction at line ${line} or behind it.`;
  throw new AppError({ code: 'bad-request', field: 'noCacheFrom', problem });
}
