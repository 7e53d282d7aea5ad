import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  indexInStep,
  rowAt,
  rowCount,
  rowOfLine,
  rowOfProblem,
  sectionsOf,
} from '../../../renderer/features/build-log/log-rows.ts';
import { stepView } from './steps.ts';

const range = { start: { line: 4, character: 0 }, end: { line: 4, character: 3 } };
const ran = { kind: 'ran', startedAt: 0, durationMs: 5, phases: {} } as const;
const steps = [
  stepView('0.0', ran, { warnings: [{ range, message: 'careful' }] }),
  stepView('0.1', {
    kind: 'failed',
    startedAt: 0,
    finishedAt: 9,
    failure: {
      code: 'step-failed',
      file: 'Dockerfile',
      range,
      message: 'exit 1',
      advice: 'fix it',
    },
  }),
  stepView('0.2', { kind: 'waiting' }),
];
const counts = new Map([
  ['0.0', 3],
  ['0.1', 2],
]);

describe('rows by step', () => {
  const sections = sectionsOf(steps, counts, new Set());

  test('each step has its head, its warnings, its lines and what went wrong', () => {
    const kinds = Array.from({ length: rowCount(sections) }, (_, row) => {
      const at = rowAt(sections, row);
      return at?.kind === 'line'
        ? `${at.stepId}#${at.index}`
        : at?.kind === 'note'
          ? at.note.text
          : at?.kind;
    });
    expect(kinds).toEqual([
      'head',
      'careful',
      '0.0#0',
      '0.0#1',
      '0.0#2',
      'head',
      '0.1#0',
      '0.1#1',
      'Dockerfile:5:1: exit 1',
      'fix it',
    ]);
    expect(rowAt(sections, kinds.length)).toBeUndefined();
  });

  test('a folded step is its head alone', () => {
    const folded = sectionsOf(steps, counts, new Set(['0.0']));
    expect(rowCount(folded)).toBe(6);
    expect(rowAt(folded, 0)).toMatchObject({ kind: 'head', folded: true, lines: 3 });
    expect(rowOfLine(folded, '0.0', 2)).toBe(0);
    expect(rowOfLine(folded, '0.1', 1)).toBe(3);
  });

  test('lines and problems are found again', () => {
    expect(rowAt(sections, rowOfLine(sections, '0.1', 1) ?? -1)).toMatchObject({ index: 1 });
    expect(rowAt(sections, rowOfProblem(sections, '0.1') ?? -1)).toMatchObject({
      kind: 'note',
      note: { tone: 'bad' },
    });
  });

  test('a step that has not begun has no row', () => {
    expect(rowOfLine(sections, '0.2', 0)).toBeUndefined();
  });
});

test('a line of the build is found among the lines of its step', async () => {
  const sorted = fc
    .uniqueArray(fc.nat(1000), { minLength: 1 })
    .map(lines => lines.toSorted((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(sorted, fc.nat(1000), async (lines, wanted) => {
      const found = await indexInStep(wanted, lines.length, async index => lines[index]);
      expect(found ?? -1).toBe(lines.indexOf(wanted));
    }),
  );
});
