import { failureOf, explain } from '../failure.ts';
import type { Platform } from '../oci/descriptor.ts';
import { parsePlatform } from '../oci/platform.ts';
import type {
  Directive,
  Dockerfile,
  EscapeCharacter,
  FromInstruction,
  Instruction,
  Word,
} from './ast.ts';
import { globalArgs, type Args } from './build-args.ts';
import { applyChecks } from './checks.ts';
import { expand } from './expand.ts';
import { collector, error, info, warning, type Finding, type Report } from './finding.ts';
import { fromsOf, resolveSource, type Scope, type StageSource } from './stage-source.ts';
import { didYouMean } from './suggest.ts';
import { readTriggers } from './triggers.ts';
import { rangeWithin } from './word-range.ts';

export interface PlanOptions {
  /** Name (in any case) or number of the stage to build; by default the last one. */
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly targetPlatform: Platform;
  readonly buildPlatform: Platform;
  /** Names that stand for another build context or image (`--build-context name=...`). */
  readonly namedContexts: readonly string[];
  /** `OnBuild` of base images, by number of the stage. Known only after a first plan; then plan again with them. */
  readonly triggers?: ReadonlyMap<number, readonly string[]>;
}

/** One stage that has to be built. */
export interface BuildStage {
  readonly index: number;
  readonly name?: string;
  readonly base: StageSource;
  /** FROM's argument after expansion. */
  readonly baseText: string;
  /** Of `FROM --platform`; without it the target's platform holds. */
  readonly platform?: Platform;
  readonly from: FromInstruction;
  /** All behind FROM; triggers of the base come first, and all their ranges are FROM's. */
  readonly instructions: readonly Instruction[];
  /** How many of `instructions` are triggers of the base. */
  readonly triggers: number;
  /** Numbers of the stages that it is built from or copies from, ascending. */
  readonly dependsOn: readonly number[];
}

/** What to build, in an order in which every stage comes after those it depends on. */
export interface StagePlan {
  readonly stages: readonly BuildStage[];
  /** Number of the stage that becomes the image; absent where a finding says why there is none. */
  readonly target?: number;
  readonly globalArgs: Args;
  readonly buildArgs: Args;
  readonly escape: EscapeCharacter;
  readonly directives: readonly Directive[];
  readonly targetPlatform: Platform;
  readonly scope: Scope;
  /** Only of planning: those of the Dockerfile itself are in the Dockerfile. */
  readonly findings: readonly Finding[];
}

interface Section {
  readonly from: FromInstruction;
  readonly instructions: readonly Instruction[];
}

/** Finds out which stages `target` needs and what they are made from. Never throws. */
export function planStages(dockerfile: Dockerfile, options: PlanOptions): StagePlan {
  const { findings, report } = collector();
  const sections = sectionsOf(dockerfile.instructions);
  const buildArgs = new Map(Object.entries(options.buildArgs));
  const target = targetOf(sections, options.target, report);
  const inputs = {
    instructions: dockerfile.instructions,
    escape: dockerfile.escape,
    buildArgs,
    targetPlatform: options.targetPlatform,
    buildPlatform: options.buildPlatform,
    targetStage: options.target ?? sections.at(-1)?.from.stageName?.text ?? 'default',
  };
  const args = globalArgs(inputs, report);
  const scope: Scope = {
    names: sections.map(({ from }) => from.stageName?.text),
    namedContexts: options.namedContexts,
  };
  const planner: Planner = {
    scope,
    args,
    defaults: globalArgs({ ...inputs, buildArgs: new Map() }, () => {}),
    declared: declaredNames(dockerfile.instructions),
    escape: dockerfile.escape,
    options,
    report,
  };
  const all: BuildStage[] = [];
  for (const [index, section] of sections.entries())
    all.push(planStage(planner, index, section, all));
  return {
    stages: target === undefined ? [] : needed(all, target),
    ...(target !== undefined && { target }),
    globalArgs: args,
    buildArgs,
    escape: dockerfile.escape,
    directives: dockerfile.directives,
    targetPlatform: options.targetPlatform,
    scope,
    findings: applyChecks(findings, dockerfile.directives),
  };
}

function sectionsOf(instructions: readonly Instruction[]): Section[] {
  const sections: { from: FromInstruction; instructions: Instruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') sections.push({ from: instruction, instructions: [] });
    else sections.at(-1)?.instructions.push(instruction);
  }
  return sections;
}

function targetOf(
  sections: readonly Section[],
  target: string | undefined,
  report: Report,
): number | undefined {
  const last = sections.at(-1);
  if (last === undefined) return undefined;
  if (target === undefined) return sections.length - 1;
  const named = sections.findLastIndex(({ from }) => from.stageName?.text === target.toLowerCase());
  if (named >= 0) return named;
  if (/^\d{1,9}$/.test(target) && Number(target) < sections.length) return Number(target);
  const names = sections.flatMap(({ from }) => from.stageName?.text ?? []);
  const known = names.length === 0 ? 'No stage has a name.' : `The stages are ${names.join(', ')}.`;
  const hint = didYouMean(target, names) || ` ${known}`;
  report(error('unknown-target', last.from.range, `There is no stage ${target} to build.${hint}`));
  return undefined;
}

function declaredNames(instructions: readonly Instruction[]): Set<string> {
  const first = instructions.findIndex(({ keyword }) => keyword === 'FROM');
  return new Set(
    instructions
      .slice(0, first < 0 ? undefined : first)
      .flatMap(one => (one.keyword === 'ARG' ? one.arguments.map(({ name }) => name.text) : [])),
  );
}

interface Planner {
  readonly scope: Scope;
  readonly args: Args;
  /** What `args` would be without build arguments. */
  readonly defaults: Args;
  /** Names of ARG before the first FROM, with or without a value. */
  readonly declared: ReadonlySet<string>;
  readonly escape: EscapeCharacter;
  readonly options: PlanOptions;
  readonly report: Report;
}

function planStage(
  planner: Planner,
  index: number,
  section: Section,
  earlier: readonly BuildStage[],
): BuildStage {
  const { from } = section;
  const name = from.stageName?.text;
  const baseText = expandBase(planner, from);
  const platform = from.platform && expandPlatform(planner, from.platform);
  const common = {
    index,
    baseText,
    from,
    ...(name !== undefined && { name }),
    ...(platform && { platform }),
  };
  if (
    name !== undefined &&
    planner.options.namedContexts.some(context => context.toLowerCase() === name)
  ) {
    const base = { kind: 'context', name } as const;
    return { ...common, base, instructions: [], triggers: 0, dependsOn: [] };
  }
  const base = baseOf(planner, index, from, baseText);
  const texts = triggerTexts(planner, index, base, earlier);
  const triggers = readTriggers(
    texts,
    { escape: planner.escape, range: from.range },
    planner.report,
  );
  const instructions = [...triggers, ...section.instructions];
  const sources = [
    base,
    ...instructions.flatMap(instruction => sourcesOf(planner, index, instruction)),
  ];
  const dependsOn = new Set(
    sources.flatMap(source => (source.kind === 'stage' ? [source.index] : [])),
  );
  return {
    ...common,
    base,
    instructions,
    triggers: triggers.length,
    dependsOn: [...dependsOn].toSorted((a, b) => a - b),
  };
}

function expandBase(planner: Planner, { image }: FromInstruction): string {
  const { args, escape, report, declared } = planner;
  const result = expand(image.text, { escape, lookup: name => args.get(name) });
  if (!result.ok) {
    report(error('bad-substitution', rangeWithin(image, result.offset), result.message));
    return '';
  }
  for (const name of result.unset) {
    if (declared.has(name)) continue;
    const likely = didYouMean(name, [...args.keys(), ...declared]);
    const advice = likely || ` Declare it with ARG ${name}=<default> before the first FROM.`;
    const message = `${name} is not set for FROM.${advice}`;
    report(warning('undefined-arg-in-from', image.range, message));
  }
  if (result.value === '') {
    const message = `${image.text} is empty, so there is no base image. Give the argument a value.`;
    report(error('empty-from', image.range, message));
  } else if (!isBaseName(planner, image)) {
    const message = `Without build arguments ${image.text} names no image. Give its arguments a default.`;
    report(warning('invalid-default-arg-in-from', image.range, message));
  }
  return result.value;
}

/** Tells whether FROM's argument names something when no build arguments are given. */
function isBaseName({ defaults, escape, scope }: Planner, image: Word): boolean {
  if (!image.text.includes('$')) return true;
  const result = expand(image.text, { escape, lookup: name => defaults.get(name) });
  if (!result.ok || result.value === '') return false;
  return resolveSource(scope, Infinity, result.value, 'from').ok;
}

function expandPlatform({ args, escape, report }: Planner, word: Word): Platform | undefined {
  const result = expand(word.text, { escape, lookup: name => args.get(name) });
  if (!result.ok) {
    report(error('bad-substitution', rangeWithin(word, result.offset), result.message));
    return undefined;
  }
  if (result.value === '') {
    report(
      error(
        'empty-platform',
        word.range,
        `The platform ${word.text} is empty. Write one such as windows/amd64.`,
      ),
    );
    return undefined;
  }
  if (result.used[0] === 'TARGETPLATFORM' && result.value === args.get('TARGETPLATFORM')) {
    report(
      info(
        'redundant-target-platform',
        word.range,
        'The target platform is the default. Leave --platform out.',
      ),
    );
  }
  try {
    return parsePlatform(result.value);
  } catch (problem) {
    report(error('bad-platform', word.range, explain(failureOf(problem)).message));
    return undefined;
  }
}

function baseOf(
  { scope, report }: Planner,
  index: number,
  from: FromInstruction,
  text: string,
): StageSource {
  if (text === '' || text === 'scratch') return { kind: 'scratch' };
  const result = resolveSource(scope, index, text, 'from');
  if (result.ok) return result.source;
  report(error('bad-base', from.image.range, result.problem));
  return { kind: 'scratch' };
}

/** The triggers that run first: those of the base image, or those that the base stage sets itself. */
function triggerTexts(
  { options }: Planner,
  index: number,
  base: StageSource,
  earlier: readonly BuildStage[],
): readonly string[] {
  if (base.kind !== 'stage') return options.triggers?.get(index) ?? [];
  const instructions = earlier[base.index]?.instructions ?? [];
  return instructions.flatMap(one => (one.keyword === 'ONBUILD' ? [one.triggerText] : []));
}

function sourcesOf(
  { scope, report }: Planner,
  index: number,
  instruction: Instruction,
): StageSource[] {
  return fromsOf(instruction).flatMap(({ word, use }) => {
    const result = resolveSource(scope, index, word.text, use);
    if (result.ok) return [result.source];
    report(error('bad-source', word.range, result.problem));
    return [];
  });
}

/** The stages that `target` needs. References only go back, so ascending numbers are an order to build in. */
function needed(stages: readonly BuildStage[], target: number): BuildStage[] {
  const wanted = new Set([target]);
  for (let index = target; index >= 0; index--) {
    if (wanted.has(index)) stages[index]?.dependsOn.forEach(one => wanted.add(one));
  }
  return stages.filter(stage => wanted.has(stage.index));
}
