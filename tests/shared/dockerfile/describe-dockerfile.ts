import type { SourceRange } from '../../../shared/source-range.ts';
import { evaluate } from '../../../shared/dockerfile/evaluate.ts';
import type { Finding } from '../../../shared/dockerfile/finding.ts';
import { parseDockerfile } from '../../../shared/dockerfile/parse.ts';
import { openStage, type StageState } from '../../../shared/dockerfile/stage-state.ts';
import { planStages, type StagePlan } from '../../../shared/dockerfile/stages.ts';
import type { RunConfig } from '../../../shared/oci/config.ts';
import { parsePlatform } from '../../../shared/oci/platform.ts';

/** `options.json` of a golden folder: without `plan` only the Dockerfile is read, with `steps` it is evaluated too. */
export interface GoldenOptions {
  readonly plan?: {
    readonly target?: string;
    readonly buildArgs?: Readonly<Record<string, string>>;
    readonly targetPlatform?: string;
    readonly namedContexts?: readonly string[];
    readonly triggers?: Readonly<Record<string, readonly string[]>>;
  };
  readonly steps?: boolean;
  /** Config of every base image. */
  readonly base?: RunConfig;
}

/** Everything that is known of a Dockerfile, short enough to be read and compared by people. */
export function describeDockerfile(text: string, options: GoldenOptions): unknown {
  const dockerfile = parseDockerfile(text);
  const description = {
    escape: dockerfile.escape,
    directives: dockerfile.directives.map(
      ({ name, value, range }) => `${name}=${value.text} @${shortRange(range)}`,
    ),
    instructions: dockerfile.instructions.map(shorten),
    findings: dockerfile.findings.map(shortFinding),
  };
  if (options.plan === undefined) return description;
  const {
    target,
    buildArgs = {},
    targetPlatform = 'windows/amd64',
    namedContexts = [],
  } = options.plan;
  const triggers = Object.entries(options.plan.triggers ?? {}).map(
    ([stage, texts]) => [Number(stage), texts] as const,
  );
  const plan = planStages(dockerfile, {
    ...(target !== undefined && { target }),
    buildArgs,
    targetPlatform: parsePlatform(targetPlatform),
    buildPlatform: parsePlatform('linux/arm64'),
    namedContexts,
    triggers: new Map(triggers),
  });
  return {
    ...description,
    plan: shortPlan(plan),
    ...(options.steps && { steps: shortSteps(plan, options.base ?? {}) }),
  };
}

function shortPlan({ stages, target, findings }: StagePlan): unknown {
  return {
    target,
    stages: stages.map(
      ({ index, name, base, baseText, platform, dependsOn, triggers, instructions }) => ({
        index,
        name,
        from: `${baseText} -> ${base.kind}${base.kind === 'stage' ? ` ${base.index}` : ''}`,
        platform: platform && `${platform.os}/${platform.architecture}`,
        dependsOn: dependsOn.join(' ') || undefined,
        triggers: triggers || undefined,
        instructions: instructions.length,
      }),
    ),
    findings: findings.map(shortFinding),
  };
}

function shortSteps(plan: StagePlan, config: RunConfig): unknown {
  const done = new Map<number, StageState>();
  return plan.stages.map(stage => {
    const { base } = stage;
    const parent = base.kind === 'stage' ? done.get(base.index) : undefined;
    let state = openStage(
      plan,
      stage,
      parent ? { kind: 'stage', state: parent } : { kind: 'image', config },
    );
    const steps = stage.instructions.map(instruction => {
      const result = evaluate(instruction, state);
      state = result.state;
      const { step, findings, createdBy } = result;
      return {
        createdBy,
        step: step.kind === 'metadata' ? undefined : step,
        findings: findings.length === 0 ? undefined : findings.map(shortFinding),
      };
    });
    done.set(stage.index, state);
    return { stage: stage.index, steps, config: state.config, author: state.author };
  });
}

export function shortRange({ start, end }: SourceRange): string {
  return `${start.line}:${start.character}-${end.line}:${end.character}`;
}

function shortFinding({ severity, range, rule, message, fix }: Finding): string {
  const edits = fix?.edits
    .map(edit => `${shortRange(edit.range)} ${JSON.stringify(edit.newText)}`)
    .join(', ');
  return `${severity} ${shortRange(range)} ${rule}: ${message}${fix ? ` [${fix.title}: ${edits}]` : ''}`;
}

/** Words become `text @range`, ranges become text; what follows from the rest is left out. */
function shorten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shorten);
  if (typeof value !== 'object' || value === null) return value;
  if (isRange(value)) return shortRange(value);
  const entries = Object.entries(value);
  if (isWord(value) && entries.every(([key]) => key === 'text' || key === 'range'))
    return `${value.text} @${shortRange(value.range)}`;
  const { keywordRange: _1, valueRange: _2, written, ...rest } = value as Record<string, unknown>;
  const shown = written === undefined || written === rest['keyword'] ? rest : { written, ...rest };
  return Object.fromEntries(
    Object.entries(shown).flatMap(([key, inner]) =>
      Array.isArray(inner) && inner.length === 0 ? [] : [[key, shorten(inner)]],
    ),
  );
}

function isRange(value: object): value is SourceRange {
  return 'start' in value && 'end' in value;
}

function isWord(value: object): value is { text: string; range: SourceRange } {
  return 'text' in value && typeof value.text === 'string' && 'range' in value;
}
