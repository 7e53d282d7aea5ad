import type { BuildStage, StagePlan } from '../../../../shared/dockerfile/stages.ts';
import { AppError } from '../../../../shared/failure.ts';
import type { BuildRequest } from '../../../../shared/ipc/build-request.ts';
import type { CacheBypass } from '../../../../shared/ipc/step-cache.ts';
import type { CachedStep } from './step-cache.ts';

type Wishes = Pick<BuildRequest, 'noCache' | 'noCacheFilter' | 'rerunFrom'>;

/**
 * Which steps a request wants to run although they may be in the cache. Throws `bad-request` for a stage that the
 * Dockerfile does not have, and where no stage that is built has an instruction at the line that it names, or behind it.
 */
export function bypassOf(
  { noCache, noCacheFilter, rerunFrom }: Wishes,
  { stages, scope }: Pick<StagePlan, 'stages' | 'scope'>,
): (step: Pick<CachedStep, 'stage' | 'position'>) => CacheBypass | undefined {
  const filtered = new Set(noCacheFilter.map(name => name.toLowerCase()));
  for (const name of filtered) checkStage(name, scope.names);
  const first = rerunFrom === undefined ? undefined : stepAtLine(rerunFrom, stages);
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

function checkStage(name: string, names: StagePlan['scope']['names']): void {
  if (names.includes(name) || (/^\d+$/.test(name) && Number(name) < names.length)) return;
  const known = names.map((stageName, index) => stageName ?? `${index}`).join(', ');
  const problem = `the Dockerfile has no stage "${name}"; it has ${known}.`;
  throw new AppError({ code: 'bad-request', field: 'noCacheFilter', problem });
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
  throw new AppError({ code: 'bad-request', field: 'rerunFrom', problem });
}
