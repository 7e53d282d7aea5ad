import { describe, expect, test } from 'vitest';
import {
  checkGate,
  parseGateFile,
  parseGateRules,
} from '../../../../../electron/engine/inspect/waste/gate.ts';
import { AppError, type Failure } from '../../../../../shared/failure.ts';
import type { WasteView } from '../../../../../shared/ipc/inspect-views.ts';

function failureOf(action: () => unknown): Failure | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof AppError) return error.failure;
    throw error;
  }
  return undefined;
}

describe('rules on the command line', () => {
  test('are read with their units', () => {
    expect(
      parseGateRules('waste>50MB, size > 2GiB,efficiency<0.9,user-waste>10%,layers>30').map(
        ({ metric, fails, limit }) => [metric, fails, limit],
      ),
    ).toEqual([
      ['waste', 'above', 50e6],
      ['size', 'above', 2 * 1024 ** 3],
      ['efficiency', 'below', 0.9],
      ['user-waste', 'above', 0.1],
      ['layers', 'above', 30],
    ]);
  });

  test.each([
    ['waste', '"waste" is not a rule such as waste>50MB'],
    ['weight>1', '"weight" is none of size, content, layers, waste, user-waste, efficiency'],
    ['size>50ML', '"50ML" is not a size such as 50MB'],
    ['layers>5MB', '"5MB" is not a number'],
    ['efficiency<90', '"90" is not a share from 0 to 1 (or a percentage such as 10%)'],
    ['', '"" is not a rule such as waste>50MB'],
  ])('%s is refused: %s', (text, problem) => {
    expect(failureOf(() => parseGateRules(text))).toEqual({ code: 'gate-invalid', problem });
  });
});

describe('a file of rules', () => {
  test('has the names of dive in both spellings, comments, quotes and switches', () => {
    const text = `# as .dive-ci
rules:
  lowestEfficiency: 0.95
  highest-wasted-bytes: "20MB"   # bytes
  highestUserWastedPercent: disabled
  highest-size: 2GB
`;
    expect(
      parseGateFile(text, 'ci.yml').map(({ metric, fails, limit, text: written }) => [
        metric,
        fails,
        limit,
        written,
      ]),
    ).toEqual([
      ['efficiency', 'below', 0.95, 'lowestEfficiency: 0.95'],
      ['waste', 'above', 20e6, 'highest-wasted-bytes: 20MB'],
      ['size', 'above', 2e9, 'highest-size: 2GB'],
    ]);
  });

  test.each([
    ['rules:\n  size 5', 2, '"size 5" is not "key: value"'],
    ['highest-size: many', 1, '"many" is not a number'],
    ['\n\nhighest-sighs: 5', 3, '"highest-sighs" is none of'],
    ['constructor: 5', 1, '"constructor" is none of'],
  ])('%j is refused in line %i', (text, line, problem) => {
    const failure = failureOf(() => parseGateFile(text, 'ci.yml'));
    expect(failure).toMatchObject({ code: 'gate-invalid', file: 'ci.yml', line });
    expect(failure?.code === 'gate-invalid' && failure.problem).toContain(problem);
  });
});

test('an image passes or fails rule by rule', () => {
  const waste = {
    packedSize: 100,
    contentSize: 200,
    wastedBytes: 50,
    yourWastedBytes: 20,
    efficiency: 0.8,
  } as WasteView;
  const rules = parseGateRules(
    'size>100,size>99,waste>1kB,user-waste>5%,efficiency<0.8,efficiency<0.81,layers>2',
  );
  expect(
    checkGate(rules, waste, 3).map(({ rule, actual, passed }) => [rule.text, actual, passed]),
  ).toEqual([
    ['size>100', 100, true],
    ['size>99', 100, false],
    ['waste>1kB', 50, true],
    ['user-waste>5%', 0.1, false],
    ['efficiency<0.8', 0.8, true],
    ['efficiency<0.81', 0.8, false],
    ['layers>2', 3, false],
  ]);
});
