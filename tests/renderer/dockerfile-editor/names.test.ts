import { expect, test } from 'vitest';
import { analyze } from '../../../renderer/features/dockerfile-editor/language/analysis.ts';
import {
  definitionOf,
  nameAt,
  renameProblem,
  usesAt,
} from '../../../renderer/features/dockerfile-editor/language/names.ts';
import { atMark, edited } from './at-mark.ts';

function renamed(marked: string, newText: string): string {
  const { text, position } = atMark(marked);
  const uses = usesAt(analyze(text), position) ?? [];
  return edited(
    text,
    uses.map(({ range }) => ({ range, newText })),
  );
}

test('a stage is renamed in FROM, COPY and mounts, in any case of letters', () => {
  expect(
    renamed(
      'FROM a AS bu|ild\nFROM BUILD\nCOPY --from=Build x y\nRUN --mount=from=build,target=C:/b dir',
      'base',
    ),
  ).toBe('FROM a AS base\nFROM base\nCOPY --from=base x y\nRUN --mount=from=base,target=C:/b dir');
});

test('an image that is called like no stage is no stage', () => {
  const { text, position } = atMark('FROM a|lpine\n');
  expect(usesAt(analyze(text), position)).toBeUndefined();
});

test('a variable is renamed where Docker, cmd and PowerShell use it', () => {
  expect(
    renamed(
      'FROM a\nENV HO|ME_DIR=C:/x\nWORKDIR ${HOME_DIR:-y}\nRUN echo %HOME_DIR% $env:HOME_DIR',
      'H',
    ),
  ).toBe('FROM a\nENV H=C:/x\nWORKDIR ${H:-y}\nRUN echo %H% $env:H');
});

test('a definition is the last one above', () => {
  const { text, position } = atMark('FROM a\nARG V=1\nARG V=2\nWORKDIR C:/$V|\n');
  expect(definitionOf(analyze(text), position)?.start).toEqual({ line: 2, character: 4 });
});

test('names that cannot be are refused with a reason', () => {
  const { text, position } = atMark('FROM a AS on|e\nFROM b AS two\n');
  const analysis = analyze(text);
  const use = nameAt(analysis, position);
  if (use === undefined) throw new Error('no name');
  expect(renameProblem(use, 'two', analysis.stages)).toBe('There is a stage two already.');
  expect(renameProblem(use, '2x', analysis.stages)).toContain('starts with');
  expect(renameProblem(use, 'three', analysis.stages)).toBeUndefined();
});
