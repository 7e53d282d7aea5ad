import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../shared/dockerfile/evaluate.ts';
import type { Evaluation } from '../../../shared/dockerfile/evaluation.ts';
import { parseDockerfile } from '../../../shared/dockerfile/parse.ts';
import { openStage, type StageState } from '../../../shared/dockerfile/stage-state.ts';
import { planStages, type PlanOptions, type StagePlan } from '../../../shared/dockerfile/stages.ts';
import type { RunConfig } from '../../../shared/oci/config.ts';

const windows = { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.2700' };

function plan(text: string, options: Partial<PlanOptions> = {}): StagePlan {
  const build = { os: 'linux', architecture: 'amd64' };
  return planStages(parseDockerfile(text), {
    buildArgs: {},
    targetPlatform: windows,
    buildPlatform: build,
    namedContexts: [],
    ...options,
  });
}

/** Evaluates the only stage and gives back the last evaluation. */
function last(
  text: string,
  base: RunConfig = {},
  buildArgs: Record<string, string> = {},
): Evaluation {
  const stages = plan(text, { buildArgs });
  const [stage] = stages.stages;
  let state: StageState = openStage(stages, stage!, { kind: 'image', config: base });
  let result: Evaluation | undefined;
  for (const instruction of stage!.instructions) {
    result = evaluate(instruction, state);
    ({ state } = result);
  }
  return result!;
}

describe('a plan', () => {
  test('builds a stage after all it needs, and nothing else', () => {
    const text =
      'FROM a AS x\nFROM b AS unused\nFROM c AS y\nCOPY --from=x f f\nFROM y\nRUN --mount=from=x,target=m z';
    expect(plan(text).stages.map(stage => [stage.index, stage.dependsOn])).toEqual([
      [0, []],
      [2, [0]],
      [3, [0, 2]],
    ]);
  });

  test('needs nothing behind the target', () => {
    const { target, stages } = plan('FROM a AS x\nFROM x AS y\nFROM y', { target: 'Y' });
    expect(target).toBe(1);
    expect(stages.map(stage => stage.index)).toEqual([0, 1]);
  });

  test('takes an image of a name that only a later stage has', () => {
    const { stages } = plan('FROM tool\nFROM b AS tool', { target: '0' });
    expect(stages[0]?.base).toEqual({ kind: 'image', reference: 'tool' });
  });

  test('prefers an earlier stage to a later one of the same name', () => {
    const { stages, findings } = plan('FROM a AS x\nFROM b\nCOPY --from=x f f\nFROM c AS x', {
      target: '1',
    });
    expect(findings).toEqual([]);
    expect(stages.map(stage => stage.index)).toEqual([0, 1]);
  });

  test('of an empty Dockerfile has no target and does not throw', () => {
    expect(plan('')).toMatchObject({ stages: [], findings: [] });
    expect(plan('').target).toBeUndefined();
  });

  test('lets build arguments override predefined ones, and knows names such as __proto__', () => {
    const { globalArgs } = plan('ARG __proto__=x\nFROM a', { buildArgs: { TARGETARCH: 'arm64' } });
    expect(globalArgs.get('TARGETARCH')).toBe('arm64');
    expect(globalArgs.get('__proto__')).toBe('x');
  });

  test('runs triggers that were found on the base image before all else, at the place of FROM', () => {
    const triggers = new Map([[1, ['COPY --from=tool a b', 'RUN x']]]);
    const { stages } = plan('FROM t AS tool\nFROM base\nUSER u', { triggers });
    const stage = stages.at(-1);
    expect(stage?.instructions.map(one => [one.keyword, one.range.start.line])).toEqual([
      ['COPY', 1],
      ['RUN', 1],
      ['USER', 2],
    ]);
    expect(stage?.dependsOn).toEqual([0]);
  });
});

describe('ARG', () => {
  test('of the global scope is unknown in a stage until it is declared there', () => {
    expect(last('ARG A=1\nFROM a\nLABEL v=$A').state.config.Labels).toEqual({ v: '' });
    expect(last('ARG A=1\nFROM a\nARG A\nLABEL v=$A').state.config.Labels).toEqual({ v: '1' });
  });

  test('declared again with a default takes that default, not the global value', () => {
    expect(last('ARG A=1\nFROM a\nARG A=2\nLABEL v=$A').state.config.Labels).toEqual({ v: '2' });
  });

  test('given on the command line beats every default', () => {
    const text = 'ARG A=1\nFROM a\nARG A=2\nLABEL v=$A';
    expect(last(text, {}, { A: '3' }).state.config.Labels).toEqual({ v: '3' });
  });

  test('without a value leaves an ENV of its name alone', () => {
    expect(last('FROM a\nENV A=env\nARG A\nLABEL v=$A').state.config.Labels).toEqual({ v: 'env' });
  });

  test('is overridden by an ENV behind it, and never gets into the image', () => {
    const { state } = last('FROM a\nARG A=1\nENV A=2\nLABEL v=$A');
    expect(state.config).toMatchObject({ Env: ['A=2'], Labels: { v: '2' } });
    expect(last('FROM a\nARG A=1\nUSER x').state.config.Env).toBeUndefined();
  });

  test('stands before the command in the history of RUN, as it is at that point', () => {
    expect(last('FROM a\nARG A=1\nARG B\nENV A=2\nRUN x').createdBy).toBe(
      'RUN |2 A=2 B= cmd /S /C x',
    );
  });
});

describe('the environment of a Windows image', () => {
  test('ignores the case of names and keeps the spelling that is there', () => {
    const { state } = last('FROM a\nENV PATH="C:/app;$path"', { Env: ['Path=C:\\Windows', 'A=1'] });
    expect(state.config.Env).toEqual(['Path=C:/app;C:\\Windows', 'A=1']);
  });

  test('has no PATH that a build could see, and the warning says so', () => {
    const { findings } = last('FROM a\nENV PATH="C:/app;$PATH"');
    expect(findings.map(one => one.message)).toEqual([
      '$PATH is not set here. Windows sets it only when a container runs. Write its value out.',
    ]);
  });

  test('names an argument that is declared outside of the stage', () => {
    const { findings } = last('FROM a\nLABEL os=$TARGETOS');
    expect(findings[0]?.message).toBe(
      '$TARGETOS is not set here. Declare it in this stage: ARG TARGETOS.',
    );
  });

  test('keeps hidden drive variables whole', () => {
    const { state } = last('FROM a\nENV B=1', { Env: ['=C:=C:\\x'] });
    expect(state.config.Env).toEqual(['=C:=C:\\x', 'B=1']);
  });
});

describe('a shell form on Windows', () => {
  test('is stored as one command line that is marked as escaped', () => {
    const { config } = last('FROM a\nCMD app "a b"  c').state;
    expect(config).toEqual({ Cmd: ['cmd /S /C app "a b"  c'], ArgsEscaped: true });
  });

  test('loses its mark when an exec form follows', () => {
    const { config } = last('FROM a\nENTRYPOINT app\nENTRYPOINT ["app"]').state;
    expect(config).toEqual({ Entrypoint: ['app'] });
  });

  test('warns when CMD and ENTRYPOINT differ in form', () => {
    const { findings } = last('FROM a\nENTRYPOINT ["app"]\nCMD x');
    expect(findings.map(one => one.rule)).toEqual(['mixed-command-forms']);
  });
});

test('ENTRYPOINT drops a CMD of the base and keeps one of its own stage', () => {
  const base = { Cmd: ['base.exe'] };
  expect(last('FROM a\nENTRYPOINT ["e"]', base).state.config).toEqual({ Entrypoint: ['e'] });
  expect(last('FROM a\nCMD ["c"]\nENTRYPOINT ["e"]', base).state.config).toEqual({
    Entrypoint: ['e'],
    Cmd: ['c'],
  });
});

test('an instruction with an error changes nothing and says so', () => {
  const { step, state, findings } = last('FROM a\nENV A=1\nENV B=${');
  expect(step).toEqual({ kind: 'invalid' });
  expect(state.config.Env).toEqual(['A=1']);
  expect(findings.map(one => one.severity)).toEqual(['error']);
});

test('an evaluation leaves the state it started from as it was', () => {
  const config: RunConfig = Object.freeze({
    Env: Object.freeze(['A=1']) as string[],
    Labels: Object.freeze({ l: '1' }),
  });
  const { state } = last(
    'FROM a\nENV A=2\nLABEL l=2\nEXPOSE 80\nVOLUME C:/v\nONBUILD USER x',
    config,
  );
  expect(config).toEqual({ Env: ['A=1'], Labels: { l: '1' } });
  expect(state.config).toMatchObject({ Env: ['A=2'], Labels: { l: '2' }, OnBuild: ['USER x'] });
});

test('names of labels and volumes may be those of object properties', () => {
  const { config } = last('FROM a\nLABEL __proto__=x constructor=y').state;
  expect(Object.entries(config.Labels ?? {})).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});
