import type { RunConfig } from '../oci/config.ts';
import type { Platform } from '../oci/descriptor.ts';
import type { Directive, EscapeCharacter } from './ast.ts';
import type { Args } from './build-args.ts';
import type { Scope } from './stage-source.ts';
import type { BuildStage, StagePlan } from './stages.ts';
import { Variables } from './variables.ts';

/** What does not change while a stage is evaluated. */
interface StageContext {
  readonly index: number;
  readonly scope: Scope;
  readonly escape: EscapeCharacter;
  readonly directives: readonly Directive[];
  readonly globalArgs: Args;
  readonly buildArgs: Args;
  readonly platform: Platform;
}

/** A stage after some of its instructions. Values are never changed in place. */
export interface StageState {
  readonly context: StageContext;
  /** The config of the image that the stage has become so far. */
  readonly config: RunConfig;
  /** Of MAINTAINER. */
  readonly author?: string;
  /** What expansion and RUN see: the config's environment and the arguments declared so far. */
  readonly variables: Variables;
  /** ARG instructions so far, those of a base stage first; undefined where a name got no value. */
  readonly declaredArgs: ReadonlyMap<string, string | undefined>;
  readonly hasCmd: boolean;
  readonly hasWorkdir: boolean;
}

/** What a stage starts from: an image's config, or another stage when it is done. */
export type StageBase =
  | { readonly kind: 'image'; readonly config: RunConfig }
  | { readonly kind: 'stage'; readonly state: StageState };

/**
 * The state before a stage's first instruction. Triggers of the base are no longer in its config: the plan has put
 * them before the stage's own instructions.
 */
export function openStage(plan: StagePlan, stage: BuildStage, base: StageBase): StageState {
  const { escape, directives, globalArgs, buildArgs, scope } = plan;
  const inherited = base.kind === 'stage' ? base.state.context.platform : undefined;
  const platform = stage.platform ?? inherited ?? plan.targetPlatform;
  const names = { scope, globalArgs, buildArgs };
  const context = { index: stage.index, escape, directives, platform, ...names };
  if (base.kind === 'image') return fromImage(context, base.config);
  const config = withoutTriggers(base.state.config);
  return { ...base.state, context, config, hasCmd: false };
}

function fromImage(context: StageContext, config: RunConfig): StageState {
  return {
    context,
    config: withoutTriggers(config),
    variables: Variables.of(config.Env ?? [], context.platform.os === 'windows'),
    declaredArgs: new Map(),
    hasCmd: false,
    hasWorkdir: false,
  };
}

function withoutTriggers(config: RunConfig): RunConfig {
  const copy = { ...config };
  delete copy.OnBuild;
  return copy;
}
