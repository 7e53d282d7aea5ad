import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { envLine, pathText } from '../../../../../electron/engine/inspect/environment/env-line.ts';
import { evaluate } from '../../../../../shared/dockerfile/evaluate.ts';
import { parseDockerfile } from '../../../../../shared/dockerfile/parse.ts';
import { openStage } from '../../../../../shared/dockerfile/stage-state.ts';
import { planStages } from '../../../../../shared/dockerfile/stages.ts';

const windows = { os: 'windows', architecture: 'amd64' };

/** The environment that a Dockerfile with this line sets. */
function environmentBy(line: string, directive: string): readonly string[] {
  const plan = planStages(parseDockerfile(`${directive}FROM base\n${line}\n`), {
    buildArgs: {},
    targetPlatform: windows,
    buildPlatform: windows,
    namedContexts: [],
  });
  const [stage] = plan.stages;
  const state = openStage(plan, stage!, { kind: 'image', config: {} });
  return evaluate(stage!.instructions[0]!, state).state.config.Env ?? [];
}

test('any value comes out of the line as it was, with the backtick as escape', () => {
  const value = fc.string({ unit: fc.constantFrom(...Array.from('aB1 \\"$`;%:=\'{}#')) });
  fc.assert(
    fc.property(value, text => {
      expect(environmentBy(envLine('NAME', text), '# escape=`\n')).toEqual([`NAME=${text}`]);
    }),
    { numRuns: 500 },
  );
});

test('a PATH comes out of the line as it was with either escape', () => {
  const path = pathText(['C:\\Program Files\\Git\\cmd\\', 'C:\\Windows\\system32', 'C:\\app\\']);
  expect(path).toBe('C:\\Program Files\\Git\\cmd\\;C:\\Windows\\system32;C:\\app');
  for (const directive of ['', '# escape=`\n', '# escape=\\\n']) {
    expect(environmentBy(envLine('PATH', path), directive)).toEqual([`PATH=${path}`]);
  }
});
