import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { largestDockerfile } from '../../../shared/dockerfile/parse.ts';
import type { Dockerfile } from '../../../shared/dockerfile/ast.ts';
import type { Finding } from '../../../shared/dockerfile/finding.ts';
import { planStages, type BuildStage, type StagePlan } from '../../../shared/dockerfile/stages.ts';
import { AppError } from '../../../shared/failure.ts';
import type { PlannedStage, PlannedStep } from '../../../shared/ipc/build-events.ts';
import type { BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { Platform } from '../../../shared/oci/descriptor.ts';
import { parsePlatform } from '../../../shared/oci/platform.ts';
import { readBuildFile } from '../../../shared/zlayer/read-build-file.ts';

/** What planning needs to know of the outside. */
export interface PlanDeps {
  /** The platform of this machine, for BUILDPLATFORM. */
  readonly buildPlatform: Platform;
  /** The text of the Dockerfile where the request names `-`. */
  readonly standardInput?: string;
}

/** A Dockerfile that was read and planned; nothing is built or fetched yet. */
export interface BuildPlan {
  /** Absolute, or `-`. */
  readonly file: string;
  readonly dockerfile: Dockerfile;
  readonly stages: StagePlan;
  readonly platform: Platform;
  /** Of reading and of planning. */
  readonly findings: readonly Finding[];
}

/** Reads and plans what `request` asks for. Findings are data; fails only where there is no Dockerfile to read. */
export async function readPlan(request: BuildRequest, deps: PlanDeps): Promise<BuildPlan> {
  const file = request.dockerfile ?? path.join(request.contextDir, 'Dockerfile');
  const text = await readBuildText(file, deps);
  return planText(await readBuildFile(file, text, request.buildArgs), { file, request, deps });
}

/** The text of a build file; `-` is what came on standard input. Fails as `readPlan` does. */
export async function readBuildText(
  file: string,
  { standardInput = '' }: Pick<PlanDeps, 'standardInput'>,
): Promise<string> {
  return file === '-' ? standardInput : await readDockerfile(file);
}

interface PlanInputs {
  readonly file: string;
  readonly request: BuildRequest;
  readonly deps: PlanDeps;
  /** `OnBuild` of the base images, by number of the stage. */
  readonly triggers?: ReadonlyMap<number, readonly string[]>;
}

/** Plans again once the triggers of the bases are known. */
export function planWithTriggers(plan: BuildPlan, inputs: Omit<PlanInputs, 'file'>): BuildPlan {
  return planText(plan.dockerfile, { ...inputs, file: plan.file });
}

function planText(
  dockerfile: Dockerfile,
  { file, request, deps, triggers }: PlanInputs,
): BuildPlan {
  const platform = targetPlatform(request, deps.buildPlatform);
  const stages = planStages(dockerfile, {
    ...(request.target === undefined ? {} : { target: request.target }),
    buildArgs: request.buildArgs,
    targetPlatform: platform,
    buildPlatform: deps.buildPlatform,
    namedContexts: Object.keys(request.namedContexts),
    ...(triggers ? { triggers } : {}),
  });
  return {
    file,
    dockerfile,
    stages,
    platform,
    findings: [...dockerfile.findings, ...stages.findings],
  };
}

/** What the request says; else Windows for the architecture of this machine. Fails with `bad-request` for other systems. */
function targetPlatform(request: BuildRequest, { architecture }: Platform): Platform {
  if (request.platform === undefined) return { os: 'windows', architecture };
  const platform = parsePlatform(request.platform);
  if (platform.os === 'windows') return platform;
  const problem = `${request.platform} is not a platform of Windows; only Windows images are built.`;
  throw new AppError({ code: 'bad-request', field: 'platform', problem });
}

async function readDockerfile(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > largestDockerfile) {
      throw new AppError({
        code: 'bad-request',
        field: 'dockerfile',
        problem: `${file} is larger than ${largestDockerfile} bytes.`,
      });
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof AppError) throw error;
    const errno = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
    throw new AppError(
      { code: 'file-system', path: file, operation: 'read the Dockerfile', errno },
      { cause: error },
    );
  }
}

/** The stages that will be built, as events tell them. Step 0 of each is its FROM. */
export function plannedStages(plan: StagePlan): PlannedStage[] {
  return plan.stages.map(stage => ({
    stage: stage.index,
    ...(stage.name === undefined ? {} : { stageName: stage.name }),
    base: stage.baseText,
    steps: [stage.from, ...stage.instructions].map((instruction, at): PlannedStep => ({
      stepId: stepIdOf(stage, at),
      keyword: instruction.keyword,
      text: instruction.text,
      range: instruction.range,
    })),
  }));
}

/** FROM is number 0. */
export function stepIdOf(stage: BuildStage, at: number): string {
  return `${stage.index}.${at}`;
}

/** Fails with `dockerfile-invalid` if a finding is an error. */
export function checkFindings(file: string, findings: readonly Finding[]): void {
  const problems = findings
    .filter(({ severity }) => severity === 'error')
    .map(({ range, message }) => ({ range, message }));
  if (problems.length > 0) throw new AppError({ code: 'dockerfile-invalid', file, problems });
}
