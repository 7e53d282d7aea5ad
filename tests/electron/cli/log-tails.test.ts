import { expect, test } from 'vitest';
import { createLogTails } from '../../../electron/cli/log-tails.ts';
import { reportFailure } from '../../../electron/cli/report-failure.ts';
import { createTerminal } from '../../../electron/cli/terminal.ts';
import { linesToExplain } from '../../../shared/windows/error-help/explain-failure.ts';

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } };
const failure = { code: 'step-failed', file: '/none', range, message: 'It failed.' } as const;

test('the last lines of the failed step are kept, whatever the others wrote', () => {
  const tails = createLogTails();
  const output = (stepId: string, lines: readonly string[]) =>
    tails.add({ kind: 'step-output', stepId, stream: 'stdout', lines });
  output('0.1', ['other']);
  for (let line = 0; line < linesToExplain + 10; line++) output('0.2', [String(line)]);
  expect(tails.ofFailedStep()).toEqual([]);
  tails.add({ kind: 'step-failed', stepId: '0.2', failure });
  const lines = tails.ofFailedStep();
  expect(lines).toHaveLength(linesToExplain);
  expect(lines.at(-1)).toBe(String(linesToExplain + 9));
});

test('a failure is told with what is known about the error in its log', async () => {
  let told = '';
  const quiet = { isTTY: false, columns: 80, rows: 24 };
  const err = { ...quiet, write: (text: string) => ((told += text), true) };
  const out = { ...quiet, write: () => true };
  await reportFailure(createTerminal(out, err, {}), failure, {
    lastLines: ['MSI (s): return value 3', 'installer ended with exit code 1603'],
  });
  expect(told).toContain('error: /none:1:1: It failed.');
  expect(told).toContain('seen in: installer ended with exit code 1603');
  expect(told).toContain('do: ');
});
