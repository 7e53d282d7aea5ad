import { describe, expect, test } from 'vitest';
import { errorEntries } from '../../../shared/windows/error-help/entries.ts';
import {
  commandIn,
  explainFailure,
  linesToExplain,
} from '../../../shared/windows/error-help/explain-failure.ts';

const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 9 } };
const failed = (message: string) =>
  ({ code: 'step-failed', file: '/src/Dockerfile', range, message }) as const;

test('what the log says counts before the exit code', () => {
  const [first, second] = explainFailure(failed('The program ended with exit code 1603.'), [
    'installing',
    'HRESULT 0xc0370101 while starting',
  ]);
  expect(first).toMatchObject({
    entry: { name: 'image-mismatch' },
    evidence: 'HRESULT 0xc0370101 while starting',
  });
  expect(second?.evidence).toContain('exit code 1603');
});

test('colours do not hide an error', () => {
  expect(
    explainFailure(failed('no'), ['\u001B[31mHRESULT \u001B[1m0xc0370101\u001B[0m'])[0]?.entry.name,
  ).toBe('image-mismatch');
});

test('only the end of a log is read', () => {
  const quiet = Array.from({ length: linesToExplain }, () => 'fine');
  expect(explainFailure(failed('no'), ['0xc0370101', ...quiet])).toEqual([]);
});

test('a cancelled build and a faulty Dockerfile need no help', () => {
  expect(explainFailure({ code: 'cancelled' }, ['0xc0370101'])).toEqual([]);
  const problems = [{ range, message: '0xc0370101' }];
  expect(explainFailure({ code: 'dockerfile-invalid', file: 'f', problems }, [])).toEqual([]);
});

describe('commands in remedies', () => {
  test.each([
    ['Run "layerwright programs <image>": it names them.', 'layerwright programs <image>'],
    [
      'As an administrator: Enable-WindowsOptionalFeature -Online -All',
      'Enable-WindowsOptionalFeature -Online -All',
    ],
    ['Use Hyper-V isolation.', undefined],
    ['Or choose: a larger base.', undefined],
  ])('%s', (remedy, command) => {
    expect(commandIn(remedy)).toBe(command);
  });

  test('there are some, and each is one line', () => {
    const commands = errorEntries.flatMap(({ remedies }) =>
      remedies.flatMap(one => commandIn(one) ?? []),
    );
    expect(commands.length).toBeGreaterThan(5);
    for (const command of commands) expect(command).toMatch(/^\S.*\S$/);
  });
});
