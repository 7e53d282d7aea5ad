import type { BuildStage, StagePlan } from '../../../../shared/dockerfile/stages.ts';
import { AppError } from '../../../../shared/failure.ts';
import type { BuildRequest } from '../../../../shared/ipc/build-request.ts';
import type { PreflightBase, PreflightFinding } from '../../../../shared/ipc/preflight-views.ts';
import { emptyImage } from '../../../../shared/oci/image.ts';
import { parseReference } from '../../../../shared/oci/reference.ts';
import { hostVerdict, type Host } from '../../../../shared/windows/host-compatibility.ts';
import { readTag } from '../../../../shared/windows/image-tags.ts';
import { namedContext, resolveBases, type Bases, type StageBaseImage } from '../bases.ts';
import { failureText } from '../failure-text.ts';

export interface BasesReport {
  readonly bases: readonly PreflightBase[];
  /** By number of the stage; a base that is not here is taken as empty. */
  readonly resolved: ReadonlyMap<number, StageBaseImage>;
  /** Stages whose base, and so its environment, is not known. */
  readonly unknown: ReadonlySet<number>;
  readonly findings: readonly PreflightFinding[];
}

export interface BasesOptions {
  readonly request: BuildRequest;
  /** Of the store alone. */
  readonly bases: Bases;
  readonly host: Host;
  /** Whether bases of this registry are made here when they are asked for. */
  readonly isSample: (registry: string) => boolean;
}

/** Finds out what every stage begins with, from the store and the names alone: nothing is fetched. */
export async function reportBases(
  plan: StagePlan,
  options: BasesOptions,
  signal?: AbortSignal,
): Promise<BasesReport> {
  const bases: PreflightBase[] = [];
  const resolved = new Map<number, StageBaseImage>();
  const unknown = new Set<number>();
  const findings: PreflightFinding[] = [];
  for (const stage of plan.stages) {
    const found = await reportBase(plan, stage, options, signal);
    resolved.set(stage.index, found.resolved);
    if (found.isUnknown || (found.resolved.kind === 'stage' && unknown.has(found.resolved.index)))
      unknown.add(stage.index);
    bases.push(found.base);
    findings.push(...found.findings);
  }
  return { bases, resolved, unknown, findings };
}

interface FoundBase {
  readonly base: PreflightBase;
  readonly resolved: StageBaseImage;
  readonly isUnknown: boolean;
  readonly findings: readonly PreflightFinding[];
}

async function reportBase(
  plan: StagePlan,
  stage: BuildStage,
  options: BasesOptions,
  signal?: AbortSignal,
): Promise<FoundBase> {
  const { baseText: reference, from, index, name } = stage;
  const common = {
    stage: index,
    ...(name === undefined ? {} : { stageName: name }),
    reference,
    range: from.image.range,
  };
  const { bases, host, request } = options;
  const quiet = { bases, onPull: () => () => undefined };
  try {
    const one = await resolveBases({ ...plan, stages: [stage] }, request, quiet, signal);
    const resolved = one.get(index) ?? asEmpty(plan);
    const base = knownBase(common, resolved, host);
    return { base, resolved, isUnknown: false, findings: verdictFindings(base, host) };
  } catch (error) {
    if (!(error instanceof AppError) || error.failure.code === 'cancelled') throw error;
    const unknown = { resolved: asEmpty(plan), isUnknown: true };
    if (error.failure.code !== 'base-missing') {
      const { range } = common;
      const message = failureText(error.failure);
      const finding = { check: 'base', severity: 'error', message, range } as const;
      return { ...unknown, base: { ...common, source: 'registry' }, findings: [finding] };
    }
    const base = missingBase(common, { ...options, plan });
    const findings = [...pullFindings(base, request), ...verdictFindings(base, host)];
    return { ...unknown, base, findings };
  }
}

type CommonBase = Pick<PreflightBase, 'stage' | 'stageName' | 'reference' | 'range'>;

function asEmpty(plan: StagePlan): StageBaseImage {
  return { kind: 'scratch', image: emptyImage(plan.targetPlatform) };
}

function knownBase(common: CommonBase, resolved: StageBaseImage, host: Host): PreflightBase {
  if (resolved.kind !== 'image') return { ...common, source: resolved.kind };
  const { architecture, os, 'os.version': osVersion } = resolved.image.config;
  if (osVersion === undefined)
    return { ...common, source: 'store', verdict: hostVerdict({ os, architecture }, host) };
  const verdict = hostVerdict({ os, architecture, 'os.version': osVersion }, host);
  return { ...common, source: 'store', osVersion, verdict };
}

/** What the name of an image that is not here says about it. */
function missingBase(
  common: CommonBase,
  {
    host,
    isSample,
    plan,
    request,
  }: Pick<BasesOptions, 'host' | 'isSample' | 'request'> & { readonly plan: StagePlan },
): PreflightBase {
  const { registry, tag } = parseReference(referenceOf(common.reference, request));
  if (isSample(registry)) return { ...common, source: 'sample' };
  const { build, osVersion } = readTag(tag ?? '');
  const version = osVersion ?? (build === undefined ? undefined : `10.0.${build}`);
  if (version === undefined) return { ...common, source: 'registry' };
  const { architecture } = plan.targetPlatform;
  const verdict = hostVerdict({ os: 'windows', architecture, 'os.version': version }, host);
  return { ...common, source: 'registry', osVersion: version, verdict };
}

function referenceOf(text: string, request: BuildRequest): string {
  if (!Object.hasOwn(request.namedContexts, text)) return text;
  const named = namedContext(request, text);
  return named.kind === 'image' ? named.reference : text;
}

function pullFindings(
  { range, reference, source }: PreflightBase,
  { pull }: BuildRequest,
): PreflightFinding[] {
  if (source !== 'registry') return [];
  return pull === 'never'
    ? [
        {
          check: 'base',
          severity: 'error',
          message: `${reference} is not in the store, and nothing may be pulled. Pull it with "layerwright pull ${reference}".`,
          range,
        },
      ]
    : [
        {
          check: 'base',
          severity: 'info',
          message: `${reference} is not in the store; the build pulls it.`,
          range,
        },
      ];
}

function verdictFindings(
  { range, reference, verdict }: PreflightBase,
  host: Host,
): PreflightFinding[] {
  if (verdict === undefined || host.kind !== 'windows' || verdict.kind === 'process') return [];
  const severity = verdict.kind === 'impossible' ? 'warning' : 'info';
  const message = [`${reference}: ${verdict.reason}`, verdict.remedy].filter(Boolean).join(' ');
  return [{ check: 'base', severity, message, range }];
}
